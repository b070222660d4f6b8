#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The sandbox keeps what it promises: the network is there, mail goes the ways it should and
# no other, the machine is untouched, and nothing is left at the end, kill -9 included.
# Prints `ok` and `not ok` lines; ends with 0 when all are ok, 77 where no sandbox is possible.
#
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"
needs_sandbox
make_work

a=$work/a
b=$work/b

# status WANTED COMMAND...: the command must end with that status.
status() {
	local wanted=$1 got

	shift
	"$@"
	got=$?
	echo "status $got, wanted $wanted"
	[ "$got" -eq "$wanted" ]
}

# says STATUS PATTERN COMMAND...: that status, and a line that matches.
says() {
	local wanted=$1 pattern=$2 out got

	shift 2
	out=$("$@" 2>&1)
	got=$?
	printf '%s\nstatus %s, wanted %s and /%s/\n' "$out" "$got" "$wanted" "$pattern"
	[ "$got" -eq "$wanted" ] && grep -qE -- "$pattern" <<<"$out"
}

on() {
	local dir=$1

	shift
	timeout 30 "$sandbox" --in "$dir" "$@"
}

# --- traces on the machine ------------------------------------------------------------------------

# Every file that must not change, with size, owner, times and inode.
machine() {
	find /etc/postfix /etc/aliases /etc/aliases.db /etc/hosts /etc/resolv.conf /etc/nsswitch.conf \
		/var/spool/postfix /var/lib/postfix /var/lib/postrelay /var/mail \
		-printf '%p %y %s %u:%g %m %i %T@ %C@\n' 2>/dev/null | sort
	ls -d /var/log/maillog /usr/local/bin/sandbox /run/postrelay-sandbox /run/netns/clients \
		/run/netns/upstream 2>/dev/null
	hostname
	ip -o link | grep -E 'lan[01]|wan0|out0'
}

# Process 1 of the sandbox that a launcher runs.
init_of() {
	local kid

	for kid in $(pgrep -P "$1" -x unshare); do
		cat "/proc/$kid/task/$kid/children" 2>/dev/null
	done | tr -d ' '
}

# Numbers of all processes of the sandbox whose process 1 is $1.
members() {
	local ns

	ns=$(readlink "/proc/$1/ns/pid") || return
	find /proc/[0-9]*/ns/pid -printf '%l %h\n' 2>/dev/null |
		awk -v ns="$ns" '$1 == ns { split($2, part, "/"); print part[3] }'
}

# All processes of a sandbox, which are eight at least, end within five seconds.
all_gone() {
	local pid=''

	echo "$# processes"
	[ "$#" -ge 8 ] || return 1
	for _ in {1..100}; do
		for pid in "$@"; do
			[ ! -e "/proc/$pid" ] || break
			pid=
		done
		[ -n "$pid" ] || return 0
		sleep 0.05
	done
	ps -o pid,args -p "$(IFS=,; echo "$*")"
	return 1
}

# --- one sandbox that stays -------------------------------------------------------------------------

has_addresses() {
	local out

	out=$(on "$a" exec relay ip -br -4 address)
	echo "$out"
	grep -q '^lo .*127\.0\.0\.1/8' <<<"$out" && grep -q '^lan0.* 192\.168\.1\.1/24' <<<"$out" &&
		grep -q '^lan1.* 192\.168\.2\.1/24' <<<"$out" &&
		grep -q '^wan0.* 203\.0\.113\.5/24' <<<"$out"
}

# In the relay: the stock file in the usual place, with a Postfix that listens for itself only.
stock_state() {
	on "$a" exec relay sh -c '
		hostname && postconf -h inet_interfaces compatibility_level && ss -Hltn "sport = :25" &&
		[ "$(hostname)" = relay.example.co.jp ] &&
		[ "$(postconf -h inet_interfaces)" = localhost ] && [ -s /etc/aliases.db ] &&
		! ss -Hltn "sport = :25" | grep -v "127.0.0.1:25" | grep -v "\[::1\]:25" &&
		ss -Hltn "sport = :25" | grep -q 127.0.0.1:25 && postfix status &&
		[ "$(postconf -n 2>&1 >/dev/null | wc -c)" -eq 0 ]'
}

localhost_names() {
	on "$a" exec relay grep -cE '^(127\.0\.0\.1|::1)[[:space:]]+localhost' /etc/hosts | grep -qx 2
}

no_way_out() {
	on "$a" exec relay sh -c '
		[ ! -e /run/systemd ] && [ ! -e /run/dbus ] && [ ! -S /dev/log ] &&
		[ "$(cat /etc/resolv.conf)" = "nameserver 198.51.100.25" ] &&
		[ -z "$(ls -A /var/mail)" ] && [ "$(ls /var/log)" = maillog ]'
}

dns_answers() {
	on "$a" exec relay getent ahostsv4 mail.test.co.jp | grep -q '^198\.51\.100\.25 ' &&
		! on "$a" exec relay getent ahostsv4 www.example.net
}

# What a person does first, with Postfix's own means.
set_up_relay() {
	on "$a" exec relay sh -c '
		postconf -e inet_interfaces=all "relayhost=[mail.test.co.jp]:587" \
			"mynetworks=127.0.0.0/8, [::1]/128, 192.168.1.0/24, 192.168.3.0/24" &&
		touch -d "1 minute ago" /etc/postfix/main.cf && postfix stop && postfix start'
}

# As many mails as that have arrived at the upstream, and no more.
mails() {
	local out

	out=$(on "$a" received --wait "$1")
	echo "$out"
	[ "$(grep -c . <<<"$out")" -eq "$1" ]
}

write_everywhere() {
	on "$a" exec relay sh -c '
		echo x >>/etc/postfix/main.cf && echo x >/etc/new && mv /etc/new /etc/aliases &&
		echo x >>/etc/resolv.conf && echo x >/var/lib/postrelay/x && echo x >/var/mail/root &&
		echo x >/var/lib/postfix/x && echo x >/var/spool/postfix/x && echo x >/var/log/x &&
		echo x >"$1/leak" && echo x >"$HOME/postrelay-leak" && echo x >/tmp/postrelay-leak' \
		sh "$work"
}

not_there() {
	local path

	for path in "$@"; do
		[ ! -e "$path" ] || { echo "$path is there"; return 1; }
	done
}

before=$(machine)
succeeds "a sandbox starts" timeout 60 "$sandbox" start "$a"
if [ "$failed" -ne 0 ]; then
	echo "1..$count"
	exit 1
fi
succeeds "the relay has its network cards" has_addresses
succeeds "the stock file is in force" stock_state
succeeds "both addresses are called localhost" localhost_names
succeeds "no systemd, no /dev/log, no mail of the machine" no_way_out
succeeds "the DNS knows the upstream and nothing else" dns_answers
succeeds "with the stock file a client gets no connection" \
	says 3 'Connection refused' on "$a" client 192.168.1.10 hanako@example.co.jp you@example.net
succeeds "the upstream has nothing" says 1 'nothing yet' on "$a" received
succeeds "main.cf is changed and Postfix restarted" set_up_relay
succeeds "a client behind the router sends" \
	says 0 '^< 250 2.0.0 Ok: queued' on "$a" client 192.168.3.7 hanako@example.co.jp you@example.net
succeeds "its mail arrives at the upstream, on port 587" \
	says 0 '^1  port 587  from <hanako@example.co.jp>  to <you@example.net>' \
	on "$a" received --wait 1
succeeds "the mail shows whence it came" says 0 'unknown \[192.168.3.7\]' on "$a" received 1
succeeds "a client of lan0 sends" status 0 on "$a" client 192.168.1.200 a@example.co.jp you@example.net
succeeds "a client of a segment that isn't listed is refused" \
	says 1 '^< 454 4.7.1 .*Relay access denied' on "$a" client 192.168.2.50 a@b.example you@example.net
succeeds "an outsider is refused" \
	says 1 '^< 454 4.7.1 .*Relay access denied' on "$a" outsider a@b.example you@example.net
succeeds "exactly two mails arrived" mails 2
succeeds "an address that no client has is told" \
	says 2 "isn't one" on "$a" client 10.1.1.1 a@b.example you@example.net
succeeds "the command is in the relay as well" \
	says 1 '454 4.7.1' on "$a" exec relay sandbox outsider a@b.example you@example.net
succeeds "a file can be replaced, and everything written to" write_everywhere
succeeds "nothing of that is on the machine" \
	not_there "$work/leak" ~root/postrelay-leak /tmp/postrelay-leak /etc/new

# --- a second one beside it -------------------------------------------------------------------------

succeeds "a second one starts" timeout 60 "$sandbox" start --parent $$ "$b"
succeeds "one must say which is meant" says 2 'several sandboxes' "$sandbox" received
succeeds "the second is untouched by the first" \
	says 3 'Connection refused' on "$b" client 192.168.1.10 hanako@example.co.jp you@example.net
succeeds "a folder in use is refused" says 70 'in use' "$sandbox" start "$b"

launcher=$(cat "$a/launcher")
mapfile -t pids < <(members "$(init_of "$launcher")")
succeeds "it stops" timeout 20 "$sandbox" stop "$a"
succeeds "no process of it is left" all_gone "$launcher" "${pids[@]}"
succeeds "its folder is gone" not_there "$a"

launcher=$(cat "$b/launcher")
mapfile -t pids < <(members "$(init_of "$launcher")")
kill -KILL "$launcher"
succeeds "kill -9 of the launcher ends the second" all_gone "$launcher" "${pids[@]}"
succeeds "what is left in its folder can be cleared" "$sandbox" stop "$b"

sleep 600 &
parent=$!
timeout 60 "$sandbox" start --parent "$parent" "$b"
launcher=$(cat "$b/launcher")
mapfile -t pids < <(members "$(init_of "$launcher")")
kill -KILL "$parent"
wait "$parent" 2>/dev/null
succeeds "one with a parent ends with it" all_gone "$launcher" "${pids[@]}"

# --- run ----------------------------------------------------------------------------------------------

killed_run() {
	local signal=$1 launcher pids

	mkfifo "$work/up-$signal"
	"$sandbox" run sh -c 'echo up; sleep 600' >"$work/up-$signal" 2>&1 &
	launcher=$!
	read -r -t 60 <"$work/up-$signal"
	mapfile -t pids < <(members "$(init_of "$launcher")")
	kill -"$signal" "$launcher"
	wait "$launcher" 2>/dev/null
	all_gone "${pids[@]}"
}

succeeds "run ends with the status of its command" status 7 "$sandbox" run -- sh -c 'exit 7'
succeeds "run passes the terminal on" says 0 '^24 80' script -qec \
	"stty rows 24 cols 80; '$sandbox' run sh -c 'test -t 0 && test -t 1 && stty size'" /dev/null
succeeds "kill -9 of run leaves nothing" killed_run KILL
succeeds "SIGTERM of run leaves nothing" killed_run TERM
succeeds "without the right to make one, a scratch copy serves" \
	says 0 '^-c .*/etc/postfix -A .*/etc/aliases --state .*/state$' \
	setpriv --bounding-set=-sys_admin -- "$sandbox" run sh -c \
	'echo "$@"; grep -qx "inet_interfaces = localhost" "$2/main.cf" && test -s "$4" && test -d "$6"' sh
succeeds "start says that it can't" says 77 'no sandbox here: this system allows no namespaces' \
	setpriv --bounding-set=-sys_admin -- "$sandbox" start "$work/c"

after=$(machine)
succeeds "nothing on the machine has changed" diff <(echo "$before") <(echo "$after")

finish

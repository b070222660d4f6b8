#!/usr/bin/env bash
# An apply of main.cf, aliases and a network file is ended by SIGKILL at each call that writes
# or starts a program, and each of these calls fails with an error; then the next start is
# looked at: all files old or all new, nothing left over, the alias database answers, owner
# and mode as they were. On real Postfix in the sandbox: stopped, and at a few calls running.
#
# PR_SWEEP=all (make sweep): each call with a running Postfix, each error at each call.
# shellcheck disable=SC2016 # scripts in single quotes are for other shells
set -u

root=$(cd "$(dirname "$0")/../.." && pwd)
sandbox=$root/src/sandbox/sandbox.sh
export BUILD=${BUILD:-$root/build}
case $BUILD in /*) ;; *) BUILD=$root/$BUILD ;; esac
readonly TRACED='getppid,openat,write,fsync,flock,renameat,renameat2,unlinkat,mkdirat,linkat,symlinkat,fchmod,fchown,fsetxattr,fremovexattr,utimensat,ftruncate,clone,clone3,vfork,pidfd_open,kill,pidfd_send_signal'
readonly CODES='ENOSPC EDQUOT EROFS EACCES EIO'
EDITS=('p:relayhost=[mail.test.co.jp]:587' a:sweep=root n:/etc/postfix/nets=10.9.0.0/16)
readonly FILES='/etc/postfix/main.cf /etc/aliases /etc/postfix/nets'
R=/run/sweep

# --- outside ----------------------------------------------------------------------------------

if [ "${1:-}" != inside ]; then
	if ! reason=$("$sandbox" probe 2>&1); then
		echo "1..0 # SKIP $reason"
		exit 77
	fi
	if [ ! -x /usr/bin/strace ]; then
		echo "1..0 # SKIP there is no /usr/bin/strace (make deps)"
		exit 77
	fi
	exec "$sandbox" run -- bash "$0" inside
fi

# --- the machine that is tried on -------------------------------------------------------------

# Postfix's programs wait 2 s for a main.cf of just now: here they get a copy that is older.
programs() {
	local name

	mkdir -p "$R/programs" "$R/still"
	for name in postconf postfix postalias postmap newaliases; do
		{
			echo '#!/bin/sh'
			echo 'for arg; do shift; [ "$arg" != /etc/postfix ] || arg='"$R"'/still; set -- "$@" "$arg"; done'
			echo "exec $(command -v "$name") \"\$@\""
		} >"$R/programs/$name"
		chmod 755 "$R/programs/$name"
	done
}

settings() {
	printf 'log_seconds = 1\n%s\n' "${1:+command_dir = $1}" >/etc/postrelay.conf
}

prepare() {
	local file

	postfix stop >/dev/null 2>&1
	mkdir -p "$R/old" "$R/new"
	programs
	printf '# branch\n10.8.0.0/16\n' >/etc/postfix/nets
	chmod 640 /etc/postfix/nets
	postconf -e 'mynetworks = 127.0.0.0/8, $config_directory/nets' 'relayhost = [old.test.co.jp]'
	chown root:postfix /etc/postfix/main.cf
	chmod 640 /etc/postfix/main.cf
	touch -d '1 hour ago' /etc/postfix/main.cf
	newaliases
	chmod 604 /etc/aliases.db
	touch -d '1 hour ago' /etc/aliases /etc/aliases.db /etc/postfix/nets
	cp -p /etc/postfix/*.cf "$R/still/"
	for file in $FILES /etc/aliases.db; do
		cp -p "$file" "$R/old/"
	done
	owners >"$R/owners"
}

# A file that nobody wrote is left as it is, so that Postfix doesn't wait for it.
restore() {
	local file

	for file in $FILES /etc/aliases.db; do
		cp -p "$R/old/${file##*/}" "$R/put" && mv "$R/put" "$file"
	done
	rm -rf /var/lib/postrelay/* /etc/.*postrelay* /etc/postfix/.*postrelay* /etc/postfix/main.cf.tmp \
		"$R/log" "$R/said"
}

owners() {
	# shellcheck disable=SC2086 # a list of names
	stat -c '%n %a %U %G' $FILES /etc/aliases.db
}

# --- what is there ----------------------------------------------------------------------------

# "old", "new", or what each file is.
side() {
	local file all=''

	for file in $FILES; do
		if cmp -s "$file" "$R/old/${file##*/}"; then
			all+=o
		elif cmp -s "$file" "$R/new/${file##*/}"; then
			all+=n
		else
			all+=x
		fi
	done
	case $all in
	ooo) echo old ;;
	nnn) echo new ;;
	*) echo "$all" ;;
	esac
}

alias_of() {
	postalias -c "$R/still" -q "$1" hash:/etc/aliases 2>/dev/null
}

# What of ours is left beside the files and in the state folder; locks are empty and stay.
litter() {
	find /etc /etc/postfix -maxdepth 1 \( -name '*postrelay-*' -o -name '*.tmp' -o -name '*~' -o -name '__db.*' \)
	find /var/lib/postrelay -mindepth 1 \( -type f -size +0 -o -name 'judge.*' -o -name 'journal*' -o -name note \)
}

serves() {
	postfix -c "$R/still" status >/dev/null 2>&1 &&
		timeout 10 bash -c 'exec 3<>/dev/tcp/127.0.0.1/25 && read -r line <&3 && [[ $line == 220* ]]'
}

wrong() { # what
	problems+=" [$1]"
}

# The next start, and what must be true after it.
next_start() {
	local status_then=$status status now left

	"$BUILD/postrelay" status >"$R/status" 2>&1
	status=$?
	[ "$status" -eq 0 ] || wrong "status ended with $status: $(tail -n 2 "$R/status" | tr '\n' ' ')"
	now=$(side)
	case $now in
	old | new) ;;
	*) wrong "mixed files $now" ;;
	esac
	left=$(litter)
	[ -z "$left" ] || wrong "left over: $(tr '\n' ' ' <<<"$left")"
	[ "$(alias_of postmaster)" ] || wrong 'the alias database does not answer'
	case $now/$(alias_of sweep)/$status_then in
	old//* | new/root/* | new//5) ;; # 5: it was told that the table could not be built
	*) wrong "the alias database is not that of the $now file" ;;
	esac
	[ -z "$runs" ] || serves || wrong 'Postfix does not serve'
	owners | cmp -s - "$R/owners" || wrong "owner or mode: $(owners | comm -13 <(sort "$R/owners") <(owners | sort) | tr '\n' ' ')"
}

# try INJECTION: one apply with it; sets status, then, problems.
attempt() {
	problems=''
	restore
	PR_TRACE_LOG=$R/log PR_TRACE="/usr/bin/strace -qqq -y -o $R/log -e trace=$TRACED ${1:+-e inject=$1}" \
		timeout 60 "$BUILD/tests/e2e/apply_once" "${EDITS[@]}" >"$R/said" 2>&1
	status=$?
	then=$(side)
}

count=0
failed=0
runs='' # does Postfix run, and must it?
report() { # name problems
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
	else
		failed=$((failed + 1))
		echo "not ok $count - $1"
		printf '%s\n' "$2" | sed 's/^/#   /'
	fi
}

# --- the calls --------------------------------------------------------------------------------

# One a line: NAME NUMBER, for calls that write to a file or start a program. openat counts only
# where it makes a file, but is numbered among all of its kind. "kill": nothing is written to a
# file (progress to a pipe), or a program has just been started (pidfd_open).
calls() {
	awk '{ name = $0; sub(/\(.*/, "", name); n[name]++ }
		name !~ /^[a-z0-9_]+$/ || name == "getppid" { next }
		name == "openat" && !/O_CREAT/ { next }
		{ print name, n[name] (name == "pidfd_open" || /^write\([0-9]+<pipe:/ ? " kill" : "") }' "$R/calls"
}

# What a dead apply has started may still be at work: its end is waited for, at most 10 s.
programs_end() {
	local pid tries=0

	while pid=$(pgrep -f '^/[^ ]*/(post(alias|map|conf)|newaliases) ' | head -n 1) && [ "$pid" ]; do
		tries=$((tries + 1))
		if [ "$tries" -ge 1000 ]; then
			wrong "process $pid goes on"
			return
		fi
		timeout 10 tail --pid="$pid" -s 0.01 -f /dev/null
	done
}

declare -A killed_old killed_new faults
bad=''

kill_at() { # name number
	attempt "$1:signal=SIGKILL:when=$2"
	[ "$status" -ne 0 ] || wrong "ended with 0"
	[ "$(alias_of postmaster)" ] || wrong 'right after it the alias database did not answer'
	next_start
	programs_end
	case $(side) in
	old) killed_old[$1]=$((${killed_old[$1]:-0} + 1)) ;;
	new) killed_new[$1]=$((${killed_new[$1]:-0} + 1)) ;;
	esac
	[ -z "$problems" ] || bad+="killed at $1 $2 (files $then):$problems"$'\n'
}

fail_at() { # name number code
	attempt "$1:error=$3:when=$2"
	if [ "$status" -eq 0 ]; then
		harmless=$((harmless + 1))
		[ "$then" = new ] || wrong "ended with 0, but the files are $then"
		[ "$1" != clone3 ] || wrong "ended with 0, but a program was not started"
	else
		[ -s "$R/said" ] || wrong "ended with $status without a word"
		[ "$status" -ne 3 ] || [ "$then" = old ] || wrong "ended with 3, but the files are $then"
		[ "$status" -ne 124 ] || wrong 'hangs'
	fi
	next_start
	faults[$1]=$((${faults[$1]:-0} + 1))
	[ -z "$problems" ] || bad+="$1 $2 fails with $3 (status $status, files $then):$problems"$'\n'
}

table() {
	local name

	echo "# $1, ${#list[@]} calls"
	echo "# call                 killed: then old  then new   failed"
	for name in $(printf '%s\n' "${!killed_old[@]}" "${!killed_new[@]}" "${!faults[@]}" | sort -u); do
		printf '# %-20s %16s %9s %8s\n' "$name" "${killed_old[$name]:-0}" "${killed_new[$name]:-0}" "${faults[$name]:-0}"
	done
}

baseline() {
	attempt ''
	sed -n p "$R/log" >"$R/calls"
	for file in $FILES; do
		cp -p "$file" "$R/new/"
	done
	then=$(side)
	next_start
	[ "$status/$then" = 0/new ] || wrong "$(cat "$R/said")"
	[ "$(calls | wc -l)" -gt 50 ] || wrong "only $(calls | wc -l) calls"
	report "$1: an undisturbed apply of three files is traced" "$problems"
}

# Each call killed, each with an error. With "some" at ten of them.
sweep() { # name [some]
	local list step=1 at=0 code number name only harmless=0
	# shellcheck disable=SC2206 # a list of words
	local codes=($CODES)

	killed_old=()
	killed_new=()
	faults=()
	mapfile -t list < <(calls)
	[ -z "${2:-}" ] || step=$((${#list[@]} / 10))
	bad=''
	for ((at = 0; at < ${#list[@]}; at += step)); do
		read -r name number only <<<"${list[at]}"
		kill_at "$name" "$number"
	done
	report "$1: SIGKILL at $(((${#list[@]} + step - 1) / step)) of ${#list[@]} calls" "$bad"
	[ -z "${2:-}" ] || return
	bad=''
	for ((at = 0; at < ${#list[@]}; at++)); do
		read -r name number only <<<"${list[at]}"
		[ -z "$only" ] || continue
		for code in "${codes[@]}"; do
			[ "${PR_SWEEP:-}" = all ] || [ "$code" = "${codes[at % 5]}" ] || continue
			fail_at "$name" "$number" "$code"
		done
	done
	report "$1: an error at each of these calls, $harmless of them without any harm" "$bad"
	table "$1"
}

# With the real programs and a Postfix that runs: at ten calls, or at all.
live() { # name
	runs=1
	settings
	restore
	postfix start >/dev/null 2>&1
	baseline "$1"
	if [ "${PR_SWEEP:-}" = all ]; then sweep "$1"; else sweep "$1" some; fi
}

prepare
settings "$R/programs"
baseline 'stopped Postfix'
sweep 'stopped Postfix'
live 'running Postfix'
if [ "${PR_SWEEP:-}" = all ]; then
	EDITS+=(p:inet_interfaces=127.0.0.1) # stop and start
	live 'stop and start'
fi
echo "1..$count"
[ "$failed" -eq 0 ]

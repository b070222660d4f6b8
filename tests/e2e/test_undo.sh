#!/usr/bin/env bash
# Bad changes that Postfix dies of, forced past the rules, on a real Postfix in the sandbox: each
# is put back by itself. The files are the same bytes afterwards, a client of the LAN sends, and
# the aliases answer. How long each took is printed.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"
needs_sandbox
needs_built tests/tui/test_putback sandbox/smtpsay
make_work

files() {
	relay sh -c 'cd /etc && sha256sum postfix/*.* aliases 2>/dev/null; stat -c "%n %i %a %U %G" postfix/* aliases
		ls -A /etc/postfix /etc | grep -i -e postrelay -e "[.]tmp"'
}
unchanged() {
	diff <(printf '%s\n' "$before") <(files)
}
journal_is_gone() {
	relay sh -c '! find /var/lib/postrelay -name journal -o -name note | grep .'
}
# All that must be true after a change was put back.
as_before() {
	check "$1: every file is as before" 0 '' unchanged
	check "$1: nothing is left to recover" 0 '' journal_is_gone
	check "$1: a client sends" 0 'queued' on client 192.168.1.10 a@test.example b@remote.example
	check "$1: the aliases answer" 0 '^root$' relay postalias -q postmaster hash:/etc/aliases
}

# undone NAME PATTERN COMMAND...: the command ends with status 4 and Postfix's words.
undone() {
	local name=$1 pattern=$2 from to

	shift 2
	from=$(date +%s%N)
	check "$name: put back" 4 "$pattern" relay "$bin" "$@"
	to=$(date +%s%N)
	echo "# $name: $(((to - from) / 100000000)) tenths of a second"
	as_before "$name"
}

start_machine
relay "$bin" interface set localhost 192.168.1.1 192.168.2.1 >/dev/null 2>&1
relay "$bin" network add 192.168.1.0/24 192.168.2.0/24 >/dev/null 2>&1
relay "$bin" relay set mail.test.co.jp:587 >/dev/null 2>&1
relay sh -c 'postalias hash:/etc/aliases; touch -d "1 minute ago" /etc/postfix/main.cf'
before=$(files)
as_before "the good state"

undone "a list that smtpd dies of" 'fatal: open dictionary' \
	--force PR-NET-003 --force PR-PF-002 set mynetworks=::1
undone "nothing refuses strangers" 'fatal: in parameter smtpd_relay_restrictions' \
	--force PR-REL-001 --accept PR-REL-001 --accept PR-REL-005 \
	set smtpd_relay_restrictions=permit_mynetworks
undone "a number that no program takes" 'bad numerical configuration' \
	--force PR-PF-002 --force PR-TYPE-002 set default_process_limit=abc
undone "a table that isn't there" '451 4\.3\.5' \
	set 'smtpd_helo_restrictions=check_helo_access hash:/etc/postfix/none'
undone "an alias table that isn't there" '451 4\.3\.0 .*abuse' \
	--force PR-AL-020 --force PR-AL-021 set alias_maps=hash:/etc/none
undone "an address that is on no NIC" 'no local interface found' \
	--force PR-IF-002 --force PR-PF-002 interface set localhost 192.168.9.9

# An address that goes between the judge and the start: Postfix is down by then, and its start
# waits for a main.cf that is younger than two seconds.
lost_address() {
	relay sh -c "$bin interface set localhost 192.168.1.1 192.168.2.1 203.0.113.5 & pid=\$!
		until [ -z \"\$(ss -ltnH sport = :25)\" ]; do :; done
		ip addr del 203.0.113.5/24 dev wan0
		wait \$pid"
}
routes=$(relay ip route show dev wan0)
from=$(date +%s%N)
check "an address that goes: put back" 4 'no local interface found for 203\.0\.113\.5' lost_address
echo "# an address that goes: $((($(date +%s%N) - from) / 100000000)) tenths of a second"
relay ip addr add 203.0.113.5/24 dev wan0
while read -r route; do
	# shellcheck disable=SC2086 # words of a route
	relay ip route replace $route dev wan0 2>/dev/null
done <<<"$routes"
as_before "an address that goes"

check "by keyboard: Esc, a change that is put back, a reload that is due" 0 '' relay env PR_BUILD="$BUILD" \
	TERM=xterm-256color LC_ALL=C.UTF-8 "$BUILD/tests/tui/test_putback"
as_before "by keyboard"

relay sh -c 'cp -p /etc/postfix/main.cf /root/kept
	echo "smtpd_helo_restrictions = check_helo_access hash:/etc/postfix/none" >>/etc/postfix/main.cf
	touch -d "1 minute ago" /etc/postfix/main.cf
	postfix reload' 2>/dev/null
check "by keyboard: ill as before isn't called healthy" 0 '' relay env PR_BUILD="$BUILD" PR_ILL=yes \
	TERM=xterm-256color LC_ALL=C.UTF-8 "$BUILD/tests/tui/test_putback"
relay sh -c 'cat /root/kept >/etc/postfix/main.cf
	touch -d "1 minute ago" /etc/postfix/main.cf
	postfix reload' 2>/dev/null
as_before "ill as before"

# inet_interfaces was edited by hand, and Postfix runs on as it was: a reload for another
# change would leave its sockets so, and tell of it.
by_hand() {
	relay sh -c 'sed -i "s/^inet_interfaces = .*/inet_interfaces = $1/" /etc/postfix/main.cf
		touch -d "1 minute ago" /etc/postfix/main.cf
		touch -d "1 hour ago" /var/spool/postfix/pid/master.pid' sh "$1"
}
by_hand 'localhost, 192.168.1.1, 192.168.2.1, 203.0.113.5'
check "sockets that a reload leaves: stop and start" 0 "stop, start +because it doesn't listen" \
	relay "$bin" network add 10.1.0.0/16
check "it listens there now" 0 '203\.0\.113\.5:25' relay ss -ltnH 'sport = :25'
relay "$bin" interface set localhost 192.168.1.1 192.168.2.1 >/dev/null 2>&1
by_hand '127.0.0.1, ::1, 192.168.1.1, 192.168.2.1'
check "the same sockets in other words: a reload, and it is told" 0 'ignoring inet_interfaces change' \
	relay "$bin" network remove 10.1.0.0/16
by_hand 'localhost, 192.168.1.1, 192.168.2.1'
relay sh -c 'touch -d "1 minute ago" /etc/postfix/main.cf; postfix reload >/dev/null 2>&1'

relay sh -c 'postfix stop >/dev/null 2>&1'
check "a stopped Postfix stays stopped, and nothing is put back" 0 'stays down' \
	relay "$bin" set 'smtpd_helo_restrictions=check_helo_access hash:/etc/postfix/none'
check "it is still down" 0 'stopped' relay "$bin" status
relay "$bin" unset smtpd_helo_restrictions >/dev/null 2>&1
relay sh -c 'postfix start >/dev/null 2>&1'

# Killed after the swap, with files that Postfix is ill with: the next start puts them back.
relay sh -c 'postfix stop >/dev/null 2>&1; touch -d "1 minute ago" /etc/postfix/main.cf; postfix start >/dev/null 2>&1'
before=$(files)
relay sh -c "$bin --force PR-NET-003 --force PR-PF-002 set mynetworks=::1 >/dev/null 2>&1 &
	until grep -qx 'mynetworks = ::1' /etc/postfix/main.cf; do :; done; pkill -9 -x postrelay"
check "a killed apply is put back by the next start" 0 'its files are as they were' relay "$bin" recover
as_before "a killed apply"

finish

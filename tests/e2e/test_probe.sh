#!/usr/bin/env bash
# The upstream asked at the end of an apply (--probe), on a real Postfix in the sandbox: what it
# refuses is put back, what proves nothing is told, no message is sent, and nothing stays queued.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"
needs_sandbox
needs_built tests/tui/test_probe sandbox/smtpsay
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
queue_is_empty() {
	relay postqueue -p | grep -x 'Mail queue is empty'
}
probes() {
	relay sh -c 'grep -c "status=.*deliverable" "$(postconf -h maillog_file)"'
}
# The files are old enough for Postfix not to wait for them.
age() {
	relay sh -c 'touch -d "1 minute ago" /etc/postfix/main.cf'
}

# undone NAME PATTERN COMMAND...: the upstream refuses, and all is as it was.
undone() {
	local name=$1 pattern=$2

	shift 2
	age
	before=$(files)
	check "$name: put back" 4 "$pattern" relay "$bin" "$@"
	check "$name: every file is as before" 0 '' unchanged
	check "$name: nothing is left to recover" 0 '' journal_is_gone
	check "$name: a client sends" 0 'queued' on client 192.168.1.10 a@test.example b@remote.example
	check "$name: its mail arrives" 0 '' on received --wait $((++sent))
	check "$name: no probe is left" 0 '' queue_is_empty
}
# kept NAME PATTERN COMMAND...: applied all the same.
kept() {
	local name=$1 pattern=$2

	shift 2
	age
	check "$name" 0 "$pattern" relay "$bin" "$@"
	check "$name: no probe is left" 0 '' queue_is_empty
}
sent=0

start_machine
relay "$bin" interface set localhost 192.168.1.1 192.168.2.1 >/dev/null 2>&1
relay "$bin" network add 192.168.1.0/24 192.168.2.0/24 >/dev/null 2>&1
relay sh -c 'postalias hash:/etc/aliases'

kept "not asked for" 'Mail leaves by' relay set mail.test.co.jp:587
check "not asked for: nothing is sent" 1 '^0$' probes
kept "another change" 'The upstream is not asked' set --probe smtpd_banner=x
kept "a relay host that takes mail" 'upstream asked: deliverable by mail\.test\.co\.jp\[' \
	relay set --probe mail.test.co.jp:25
check "it was asked before and afterwards" 0 '^2$' probes
check "it got no message" 1 'received nothing' on received
check "-n tells what will be asked" 0 'asks the upstream if it takes mail for postmaster@mail\.test\.co\.jp' \
	relay "$bin" -n relay set --probe mail.test.co.jp:587
check "-n asks nobody" 0 '^2$' probes

relay "$bin" relay set mail.test.co.jp:587 >/dev/null 2>&1
age
check "by keyboard: a tick in Review" 0 '' relay env PR_BUILD="$BUILD" \
	TERM=xterm-256color LC_ALL=C.UTF-8 "$BUILD/tests/tui/test_probe"
check "by keyboard: no probe is left" 0 '' queue_is_empty
relay "$bin" relay set mail.test.co.jp:587 >/dev/null 2>&1

undone "nobody listens there" "can't be reached: .*Connection refused" relay set --probe mail.test.co.jp:2525
undone "TLS that isn't offered" 'TLS is required, but was not offered' set --probe smtp_tls_security_level=encrypt
undone "TLS from the first byte on a plain port" 'Cannot start TLS' \
	set --probe --force PR-TLS-001 smtp_tls_security_level=encrypt smtp_tls_wrappermode=yes
undone "a word that smtp dies of" "smtp client dies: fatal: Invalid TLS level" \
	set --probe --force PR-TYPE-005 --force PR-TYPE-004 smtp_tls_security_level=bogus

# A client that would die of the old files isn't called before they are mended: master would let
# it rest for a minute.
relay sh -c 'echo "smtp_tls_security_level = bogus" >>/etc/postfix/main.cf'
age
relay postfix reload >/dev/null 2>&1
kept "what smtp dies of is mended" 'upstream asked: deliverable' unset --probe smtp_tls_security_level

sink() {
	on exec upstream sh -c 'smtp-sink -u nobody -h mail.test.co.jp "$@" >/dev/null 2>&1 &
		until ss -Hltn "sport = :2600" | grep -q .; do sleep 0.05; done' sink "$@" 198.51.100.25:2600 10
}
unsink() {
	on exec upstream sh -c 'kill $(ss -Hltnp "sport = :2600" | sed -n "s/.*pid=\([0-9]*\).*/\1/p" | sort -u)
		while ss -Hltn "sport = :2600" | grep -q .; do sleep 0.05; done'
}
sink -f mail -B '550 5.7.1 Null sender not welcome'
kept "the empty sender is refused" 'refuses the probe, which has no sender: .*550 5\.7\.1' \
	relay set --probe mail.test.co.jp:2600
unsink
kept "an upstream that is down, as before" "can't be reached" set --probe smtp_helo_timeout=200s
kept "back again" 'deliverable by' relay set --probe mail.test.co.jp:587

# A host that never answers: its packets go nowhere.
relay sh -c 'ip neigh add 198.51.100.98 lladdr 02:00:00:00:00:01 dev wan0 nud permanent
	ip route add 198.51.100.98/32 dev wan0'
kept "a host that is silent proves nothing" "didn't say how it ended within 10 seconds" \
	relay set --probe 198.51.100.98:587
relay "$bin" relay set mail.test.co.jp:587 >/dev/null 2>&1

age
relay sh -c "$bin relay set --probe mail.test.co.jp:2525 >/dev/null 2>&1 &
	until grep -qxF 'relayhost = [mail.test.co.jp]:2525' /etc/postfix/main.cf; do :; done
	pkill -9 -x postrelay"
check "killed before it asked: the next start asks, and puts it back" 0 "can't be reached" relay "$bin" recover
check "killed before it asked: the old relay host is back" 0 '^\[mail\.test\.co\.jp\]:587$' relay postconf -h relayhost

if on smarthost relay@test.co.jp geheim >/dev/null 2>&1; then
	relay sh -c 'echo geheim >/root/pw; echo falsch >/root/bad; chmod 600 /root/pw /root/bad'
	undone "a wrong password" '535 5\.7\.8' \
		relay set --probe smtp.test.co.jp:587 --user relay@test.co.jp --password-file /root/bad
	check "a wrong password: JSON tells it" 4 '"code": "PR-PF-008"' relay "$bin" --json \
		relay set --probe smtp.test.co.jp:587 --user relay@test.co.jp --password-file /root/bad
	kept "the right one" 'upstream asked: deliverable by smtp\.test\.co\.jp\[' \
		relay set --probe smtp.test.co.jp:587 --user relay@test.co.jp --password-file /root/pw
	undone "only the password becomes wrong" '535 5\.7\.8' \
		relay set --probe smtp.test.co.jp:587 --user relay@test.co.jp --password-file /root/bad
	undone "no method of login is left" 'no mechanism available' set --probe --force PR-AUTH-004 \
		smtp_sasl_security_options=noplaintext smtp_sasl_tls_security_options=noplaintext
else
	echo "# no upstream with a login here (openssl, saslpasswd2): those checks are left out"
fi

age
relay sh -c "$bin relay set --probe 198.51.100.98:25 >/dev/null 2>&1 &
	until grep -qxF 'relayhost = [198.51.100.98]:25' /etc/postfix/main.cf && postqueue -p | grep -qF '@[198'; do :; done
	pkill -9 -x postrelay"
# Postfix itself takes that probe away, when its time for a connection is over.
check "killed while it asked: the next start ends it" 0 '' relay "$bin" recover
check "killed while it asked: nothing is left to recover" 0 '' journal_is_gone

relay sh -c 'postfix stop >/dev/null 2>&1'
check "a stopped Postfix is not asked" 0 'The upstream is not asked' \
	relay "$bin" relay set --probe mail.test.co.jp:587

finish

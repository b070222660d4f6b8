#!/usr/bin/env bash
# Mail that waits since nobody took it: a change of the way out tells of it, and Postfix tries it
# when asked to. On a real Postfix in the sandbox.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"
needs_sandbox
needs_built tests/tui/test_waits
make_work

deferred() { # N
	relay sh -c 'until [ "$(find /var/spool/postfix/deferred -type f | wc -l)" = "$1" ]; do sleep 0.1; done' deferred "$1"
}
sends() {
	on client 192.168.1.10 a@test.example b@remote.example >/dev/null
}
age() {
	relay sh -c 'touch -d "1 minute ago" /etc/postfix/main.cf'
}
# Nobody listens there; the upstream that is known is tried again after a while only.
no_way() {
	relay postconf -e relayhost=mail.test.co.jp:2525
	age
	relay postfix reload 2>/dev/null
}

start_machine
pr interface set localhost 192.168.1.1 >/dev/null 2>&1
pr network add 192.168.1.0/24 >/dev/null 2>&1
relay sh -c 'postalias hash:/etc/aliases'

no_way
check_without "without any, nothing is said" ' wait' pr relay set mail.test.co.jp:2526
no_way
sends
check "a message is deferred" 0 '' deferred 1
age
check_without "another change doesn't speak of it" ' wait' pr set smtpd_banner=x
sends
check "another message is deferred" 0 '' deferred 2
age
check "a new way out tells how many wait" 0 \
	'^2 messages wait: they could not leave so far\.$' \
	pr relay set mail.test.co.jp:587
check "nothing is tried before somebody asks" 0 '' deferred 2
no_way
check "and how they are tried" 0 '^"postqueue -f" tries all of them now\.$' pr relay set mail.test.co.jp:587
no_way
check "as JSON" 0 '"deferred": 2' pr --json relay set mail.test.co.jp:587
no_way
check "by keyboard: they are tried" 0 '' relay env PR_BUILD="$BUILD" \
	TERM=xterm-256color LC_ALL=C.UTF-8 "$BUILD/tests/tui/test_waits"
check "both arrive" 0 '' on received --wait 2
check "nothing waits any more" 0 '' deferred 0

finish

#!/usr/bin/env bash
# Login and TLS on a real Postfix in the sandbox: an upstream that takes mail from nobody but
# who logs in under TLS gets a client's mail, by port 587 and by 465; a wrong password is refused
# there and mended; the password is told nowhere.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"
needs_sandbox
needs_program saslpasswd2 openssl
needs_built tests/tui/test_built
make_work

pr() {
	relay "$bin" "$@" 2>&1 | tee -a "$work/told"
	return "${PIPESTATUS[0]}"
}
with_password() { # PASSWORD COMMAND...: the password on standard input
	local password=$1

	shift
	pr "$@" <<<"$password"
}

logged() { # PATTERN: the relay's log has it within ten seconds
	relay sh -c 'n=0; until grep -E "$1" /var/log/maillog; do
		n=$((n + 1)); [ $n -lt 100 ] || exit 1; sleep 0.1; done' sh "$1"
}
told_nowhere() {
	! grep -F 'Ge:heim' "$work/told" &&
		! relay grep -rlF 'Ge:heim' /var/log/maillog /etc/postfix/main.cf
}
quietly() {
	"$@" >/dev/null 2>&1
}

start_machine
quietly pr network add 192.168.1.0/24
quietly pr interface set all
relay cp /etc/postfix/main.cf /root/main.cf.was

check "an upstream that wants a login" 0 '' on smarthost relay@test.co.jp 'Ge:heim 1'
check "a login in one command" 0 'ok postmap (hash|lmdb):/etc/postfix/sasl_passwd, 1 entry' \
	with_password 'Ge:heim wrong' relay set smtp.test.co.jp:587 --user relay@test.co.jp \
	--password-file - --tls secure
check "the table and its database are root's alone" 0 '^600 root 600 root$' \
	relay sh -c 'stat -c "%a %U" /etc/postfix/sasl_passwd /etc/postfix/sasl_passwd.*db | paste -sd " "'
check "nothing wrong is found" 0 '' pr check
check "a client sends" 0 '250 2' on client 192.168.1.31 a@example.co.jp b@test.co.jp
check "the upstream refuses a wrong password" 0 '535 5.7.8' logged 'said: 535 5.7.8'
check "another password" 0 'another password' \
	with_password 'Ge:heim 1' relay set smtp.test.co.jp:587 --password-file -
quietly relay postqueue -f
check "the mail arrives with a login" 0 'Authenticated sender: relay@test.co.jp' on received --wait 1 1
check "and encrypted" 0 'using TLSv1.* with cipher' on received 1
check "relay show knows it" 0 'login as relay@test.co.jp, kept for \[smtp.test.co.jp\]:587' pr relay show

own() { # ARGUMENT...: master.cf's own of the smtp client, by postconf
	relay sh -c 'postconf "$@" && touch -d "1 minute ago" /etc/postfix/ma*.cf' sh "$@"
}
quietly own -P smtp/unix/smtp_sasl_auth_enable=no smtp/unix/smtp_tls_security_level=none
check "master.cf before main.cf is told" 0 'smtp_sasl_auth_enable = no, smtp_tls_.*PR-NH-010' pr check
quietly own -PX smtp/unix/smtp_sasl_auth_enable smtp/unix/smtp_tls_security_level
check "no more of it by the way that is named" 0 '^0$' relay sh -c "'$bin' check 2>&1 | grep -c NH-010 || :"

relay sh -c 'rm /etc/postfix/sasl_passwd.*db; touch -d "1 minute ago" /etc/postfix/main.cf'
check "by keyboard: a table that isn't built is built" 0 '' relay env PR_BUILD="$BUILD" TERM=xterm-256color \
	LC_ALL=C.UTF-8 "$BUILD/tests/tui/test_built"
check "the new table is root's alone" 0 '^600 root$' relay sh -c 'stat -c "%a %U" /etc/postfix/sasl_passwd.*db'

check "port 465 takes the password along" 0 '\[smtp.test.co.jp\]:587 -> \[smtp.test.co.jp\]:465  \(/etc/postfix/sasl' \
	pr relay set smtp.test.co.jp:465
check "a client sends again" 0 '250 2' on client 192.168.1.31 a@example.co.jp b@test.co.jp
check "it arrives by TLS from the first byte" 0 'Authenticated sender: relay@test.co.jp' on received --wait 2 2
check "wrappermode is on" 0 '^yes$' relay postconf -h smtp_tls_wrappermode
check "the history shows no password" 0 '\+\[smtp.test.co.jp\]:465.*\*\*\*\*' pr history show 5
check "and whose login it was" 0 'login at \[smtp.test.co.jp\]:465' pr history list
check "no relay host, no login" 0 'logs in at .* no more' pr relay unset
check "main.cf is what it was before there was one, the level too" 0 '' \
	relay cmp /etc/postfix/main.cf /root/main.cf.was
relay sh -c 'printf "relayhost = [smtp.test.co.jp]:587\nsmtp_tls_security_level = secure\n" >>/etc/postfix/main.cf
	touch -d "1 minute ago" /etc/postfix/main.cf'
check "a relay host made by hand goes" 0 'TLS stays required' pr relay unset
check "its level stays" 0 '^smtp_tls_security_level = secure$' relay postconf -n smtp_tls_security_level
check "and that is told" 1 "warning: Mail for hosts that offer no TLS waits.*PR-TLS-004" pr check
check "the password was told nowhere" 0 '' told_nowhere

finish

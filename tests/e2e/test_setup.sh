#!/usr/bin/env bash
# The guided set-up by a file of answers, on a real Postfix in the sandbox: each role from the
# stock files to mail that arrives, what else of the files stays, and that a second time nothing
# is left to do.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"
needs_sandbox
needs_program saslpasswd2 openssl
make_work
limit=90

answers() { # of standard input
	relay sh -c 'cat >/root/answers'
}

keep() {
	relay sh -c 'cp -p /etc/postfix/main.cf /root/main.cf.was; cp -p /etc/aliases /root/aliases.was'
}
files_are_stock() {
	relay sh -c 'cmp /etc/postfix/main.cf /root/main.cf.was && cmp /etc/aliases /root/aliases.was &&
		! grep -q . /etc/postfix/sasl_passwd 2>/dev/null'
}
# The lines that differ from the stock file are those on standard input, in their order.
differs_by() {
	diff - <(relay sh -c 'diff "/root/$1.was" "$2" | grep "^[<>]"' sh "$1" "$2")
}
classic_lines() {
	differs_by main.cf /etc/postfix/main.cf <<'END' && differs_by aliases /etc/aliases <<'OTHER'
< inet_interfaces = localhost
> inet_interfaces = localhost, 192.168.1.1, 192.168.2.1
> mynetworks = 127.0.0.1/32, [::1]/128, 192.168.1.0/24, 192.168.2.0/24,
>     192.168.3.0/24
> relayhost = [smtp.test.co.jp]:587
> smtp_tls_security_level = secure
> smtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt
> smtp_sasl_auth_enable = yes
> smtp_sasl_password_maps = hash:$config_directory/sasl_passwd
> smtp_sasl_tls_security_options = noanonymous
END
< #root:		hanako
> root:		hanako@test.co.jp
> 
> test-str-001:	root
OTHER
}
# What is commented out in the stock file is set in the line behind its sample.
stands_by_its_sample() {
	local name

	for name in mynetworks relayhost smtp_tls_security_level smtp_tls_CAfile smtp_sasl_auth_enable \
		smtp_sasl_password_maps; do
		relay sh -c 'grep -B1 "^$1 = " /etc/postfix/main.cf | head -n 1 | grep "^#"' sh "$name" ||
			return 1
	done
}
nothing_to_do_again() {
	relay sh -c '"$1" setup --print-answers >/root/again && "$1" -n setup --answers /root/again' sh "$bin"
}
told_nowhere() {
	! relay grep -rlF 'Ge:heim' /var/log/maillog /etc/postfix/main.cf /root/again /var/lib/postrelay/log 2>/dev/null
}
send_here() { # RECEIVER: a program of this host sends
	relay sh -c 'printf "Subject: x\n\nx\n" | sendmail -f a@example.co.jp "$1"' sh "$1"
}

start_machine
keep
check "an upstream that wants TLS and a login" 0 '' on smarthost relay@test.co.jp 'Ge:heim 1'

# --- the classic: three segments, an upstream with TLS and login ----------------------------------

relay sh -c 'umask 077; echo "Ge:heim 1" >/root/pw'
answers <<'END'
role = relay
listen = {localhost, "192.168.1.1", "192.168.2.1"}
clients = {"192.168.1.0/24", "192.168.2.0/24", "192.168.3.0/24"}
relayhost = "smtp.test.co.jp:587"
tls = secure
user = "relay@test.co.jp"
password_file = "/root/pw"
root = "hanako@test.co.jp"
aliases = {"test-str-001: root"}
END
check "a dry run shows what would change" 0 '^\+relayhost = \[smtp\.test\.co\.jp\]:587' pr -n setup --answers /root/answers
check "and writes nothing" 0 '' files_are_stock
check "read-only refuses" 3 'only looks' pr -R setup --answers /root/answers
check "the answers are applied" 0 'Prove it .*postrelay verify run --to' pr setup --answers /root/answers
check "these lines are different, and no other" 0 '' classic_lines
check "each stands behind its sample" 0 '' stands_by_its_sample
check "a client behind the router sends" 0 '250 2' on client 192.168.3.7 a@example.co.jp b@test.co.jp
check "it arrives with a login" 0 'Authenticated sender: relay@test.co.jp' on received --wait 1 1
check "and encrypted" 0 'using TLSv1.* with cipher' on received 1
check "a stranger finds no open port" 3 '' on outsider spam@example.net victim@example.org
check "a message to root" 0 '' send_here root
check "goes where it was sent" 0 'hanako@test\.co\.jp' on received --wait 2
check "every rung is good" 0 '^12 ok, 0 doubtful, 0 failed, 0 wait' pr verify run --to taro@test.co.jp
check "the same answers again: nothing to do" 0 'Nothing to do' pr setup --answers /root/answers
check "its own answers: nothing to do" 0 'Nothing to do' nothing_to_do_again
check "the password was told nowhere" 0 '' told_nowhere
check "the history tells what it was" 0 '^ *1 .* set-up: inet_interfaces, mynetworks' pr history list

# --- a link that is cut without a word ------------------------------------------------------------

on exec upstream ip rule add from 198.51.100.26 blackhole
check "a firewall that drops: the connection gets no answer" 1 '^! +connection: .*(timed out|no answer)' pr relay probe
on exec upstream ip rule del from 198.51.100.26 blackhole
check "and when it is gone, all is well" 0 '0 failed' pr relay probe

# --- this host only -------------------------------------------------------------------------------

check "the state before the set-up comes back" 0 '' pr history restore 0
check "byte for byte" 0 '' files_are_stock
answers <<'END'
role = host
relayhost = "mail.test.co.jp:587"
END
check "the role of this host only" 0 'Prove it' pr setup --answers /root/answers
check "one line is enough for it" 0 '' differs_by main.cf /etc/postfix/main.cf <<'END'
> relayhost = [mail.test.co.jp]:587
END
check "a program of this host sends" 0 '' send_here taro@test.co.jp
check "it arrives" 0 'taro@test\.co\.jp' on received --wait 4
check "clients find no open port" 3 '' on client 192.168.1.31 a@example.co.jp b@test.co.jp
check "its own answers: nothing to do" 0 'Nothing to do' nothing_to_do_again

# --- straight to the Internet ---------------------------------------------------------------------

check "back to the stock files" 0 '' pr history restore 0
answers <<'END'
role = direct
listen = {localhost, "192.168.1.1"}
clients = {"192.168.1.0/24"}
END
check "the role without an upstream" 0 'Prove it' pr setup --answers /root/answers
check "a client sends" 0 '250 2' on client 192.168.1.31 a@example.co.jp jiro@test.co.jp
check "it arrives at the receiver's host" 0 'jiro@test\.co\.jp' on received --wait 5
check "its own answers: nothing to do" 0 'Nothing to do' nothing_to_do_again
answers <<'END'
role = direct
relayhost = "mail.test.co.jp"
END
check "an upstream doesn't go with that role" 2 '^/root/answers:2:1: error' pr setup --answers /root/answers
answers <<'END'
relayhost = "mail.test.co.jp"
hostnam = "relay.test.co.jp"
END
check "a word that isn't one is told with its line" 2 '^/root/answers:2:1: error.*hostnam' pr setup --answers /root/answers
check "and nothing is written" 0 '^$' relay sh -c 'postconf -h relayhost'

finish

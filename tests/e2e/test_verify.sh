#!/usr/bin/env bash
# The ladder of proof on a real Postfix in the sandbox: all green on a working relay, then each
# link is broken in turn, and the rung that names it is asked for.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"
needs_sandbox
make_work
limit=90

# Settings for one try, written as a person would, but without a word.
set_() {
	pr --no-act "$@" >/dev/null 2>&1 || echo "# $* said $?"
	relay touch -d '1 hour ago' /etc/postfix/main.cf
	relay postfix reload >/dev/null 2>&1
}

# check NAME STATUS PATTERN... -- COMMAND...: ends with STATUS, and has a line for each pattern.
check() {
	local name=$1 wanted=$2 out got bad=0
	local -a patterns=()

	shift 2
	while [ "$1" != -- ]; do
		patterns+=("$1")
		shift
	done
	shift
	out=$("$@" 2>&1)
	got=$?
	[ "$got" -eq "$wanted" ] || bad=1
	for pattern in "${patterns[@]}"; do
		grep -qE -- "$pattern" <<<"$out" || bad=1
	done
	tell "$bad" "$name" "$out
status $got, wanted $wanted and ${patterns[*]}"
}

start_machine

check "a stock machine: no upstream, nothing fails" 0 '^ok listens: lo port 25; not lan0' \
	'^-  name of the upstream: no relay host' '^ok a stranger: .* is refused' \
	'^\?  root and postmaster: root reaches nobody' '^-  test message: no receiver' '^ +--to names a receiver' -- pr verify run

pr interface set localhost 192.168.1.1 192.168.2.1 >/dev/null 2>&1
set_ network add 192.168.1.0/24 192.168.2.0/24 192.168.3.0/24
set_ relay set mail.test.co.jp:587
pr alias set root hanako@example.com >/dev/null 2>&1
check "all twelve rungs are good on a working relay" 0 '^12 ok, 0 doubtful, 0 failed, 0 wait' \
	'^ok name of the upstream: mail\.test\.co\.jp = 198\.51\.100\.25' \
	'^ok greeting, EHLO: 220 mail\.test\.co\.jp' '^ok listens: lo lan0 lan1 port 25; not wan0' '^ok Postfix runs: since .*, with these settings' \
	'^ok root and postmaster: both reach hanako@example\.com' \
	'^ok test message: [0-9A-Za-z]+ sent, 250 2\.0\.0 Ok' -- pr verify run --to taro@example.com
check "the message arrived at the upstream, the probes left none" 0 '^1 .*taro@example\.com' -- on received --wait 1
check "--json has a row a rung" 0 '^12$' -- relay sh -c \
	"$bin --json verify run | grep -c '\"id\":'"
check "the probe goes from name to login" 0 '^7 ok, 0 doubtful, 0 failed' -- pr relay probe
check "a sender of one's choice" 0 '^ok test message: .* sent' -- pr verify run --from a@example.com --to b@example.com
check "is the envelope's sender" 0 'from <a@example\.com>' -- on received --wait 2
relay touch -d '1 minute' /etc/postfix/main.cf
check "files that Postfix hasn't read" 0 '^\? +Postfix runs: main\.cf is newer' 'older settings' -- pr relay probe
check "are told by status, too" 0 'running.*with older settings' -- pr status
relay touch -d '1 hour ago' /etc/postfix/main.cf
check "what is no address is refused" 2 'no address' -- pr verify run --to '<x>'

# --- each link in turn --------------------------------------------------------------------------

set_ relay set nosuch.test.co.jp:587
check "a name that DNS doesn't know" 1 '^! +name of the upstream: not found' 'DNS doesn.t know this name' \
	'^-- connection: waits for: name of the upstream' '^ok a stranger' '^-- test message: waits' \
	-- pr verify run --to taro@example.com
set_ relay set mail.test.co.jp:587
relay sh -c 'echo nameserver 203.0.113.77 >/etc/resolv.conf'
check "a name server that doesn't answer" 1 '^! +name of the upstream: DNS doesn.t answer' 'resolv\.conf' -- pr relay probe
relay sh -c 'echo nameserver 198.51.100.25 >/etc/resolv.conf'

set_ relay set --force PR-NH-004 192.168.1.1:25
check "the relay itself" 1 '^! +name of the upstream: 192\.168\.1\.1 is this machine' 'loops back' -- pr relay probe
set_ relay set mail.test.co.jp:2525
check "a port where nobody listens" 1 '^! +connection: Connection refused' '198\.51\.100\.25 port 2525: Connection refused' \
	'^-- greeting, EHLO: waits for: connection' -- pr relay probe
set_ relay set 198.51.100.99:587
check "a host that is away" 1 '^! +connection: (Connection timed out|No route to host|Network is unreachable)' '^-- login' -- pr relay probe

set_ set 'relayhost=[mail.test.co.jp]:587, [198.51.100.25]:587'
check "a spare relay host" 0 '^7 ok, 0 doubtful' -- pr relay probe
set_ set 'relayhost=[mail.test.co.jp]:587, [198.51.100.25]:2525'
check "a spare relay host that refuses" 0 '^\?  connection: spare 198\.51\.100\.25: Connection refused' \
	'Mail leaves by the first' '^ok greeting' '^ok login' -- pr relay probe
set_ set 'relayhost=[mail.test.co.jp]:2525, [198.51.100.25]:587'
check "the first one refuses, and the spare one would take it" 1 '^! +connection: Connection refused' \
	'spare \[198\.51\.100\.25\]:587: 198\.51\.100\.25 port 587' '^-- greeting' 'spare .*: 220 mail' -- pr relay probe

sink() {
	on exec upstream sh -c 'smtp-sink -u nobody -h mail.test.co.jp "$@" >/dev/null 2>&1 &
		until ss -Hltn "sport = :2600" | grep -q .; do sleep 0.05; done' sink "$@" 198.51.100.25:2600 10
}
unsink() {
	on exec upstream sh -c 'kill $(ss -Hltnp "sport = :2600" | sed -n "s/.*pid=\([0-9]*\).*/\1/p" | sort -u)
		while ss -Hltn "sport = :2600" | grep -q .; do sleep 0.05; done'
}
set_ relay set mail.test.co.jp:2600
sink -q connect
check "a server that hangs up" 1 '^! +greeting, EHLO: hangs up' -- pr relay probe
unsink
sink -r rcpt -b '452 4.3.1 Insufficient system storage'
check "no room at the upstream: 452" 1 '^\? +login: no login is used; the receiver is refused' 'server: 452 4\.3\.1' 'no room now' \
	'^! +test message: deferred' -- pr verify run --to taro@example.com
unsink
sink -f rcpt -B '550 5.1.1 User unknown'
check "a receiver who isn't there: returned" 1 '^! +test message: returned' 'no such receiver' -- pr verify run --to taro@example.com
unsink
sink -f mail -B '550 5.7.1 Null sender not welcome'
check "the empty sender is refused: asked again with the real one" 1 'the empty sender is refused there' -- pr relay probe
unsink

set_ relay set mail.test.co.jp:587
set_ set smtp_tls_security_level=encrypt
check "TLS is required, and not offered" 1 '^! +encryption: not offered by the server' 'doesn.t offer it on this port' \
	'^-- login: waits for: encryption' -- pr relay probe
set_ set smtp_tls_security_level=dane smtp_dns_support_level=dnssec
check "dane asks for nothing there: plain text, and mail goes" 0 '^\? +encryption: none: mail goes in plain text' \
	'TLSA' '^ok test message: .* sent' -- pr verify run --to dane@example.com
set_ unset smtp_dns_support_level
set_ set smtp_tls_security_level=encrypt
relay ip route add blackhole 198.51.100.99
set_ relay set 198.51.100.99:587
check "a route that swallows it" 1 '^! +connection: Invalid argument' 'itself lets nothing out' -- pr relay probe
set_ relay set mail.test.co.jp:587
set_ set --force PR-TLS-001 smtp_tls_wrappermode=yes
check "TLS from the first byte on a plain port" 1 '^! +greeting, EHLO: no TLS' 'begins in plain text' -- pr relay probe
set_ unset smtp_tls_wrappermode smtp_tls_security_level

set_ set --force PR-AUTH-001 smtp_sasl_auth_enable=yes
check "a login without passwords" 1 '^! +login: no passwords are kept' -- pr relay probe
relay sh -c 'umask 077; echo "[other.example]:587 user:secret" >/etc/postfix/sasl_passwd; postmap /etc/postfix/sasl_passwd'
set_ set --force PR-AUTH-002 smtp_sasl_password_maps=hash:/etc/postfix/sasl_passwd
check "a password for another host" 0 '^\? +login: no password for \[mail\.test\.co\.jp\]:587' -- pr relay probe
relay sh -c 'echo "[mail.test.co.jp]:587 relay@test.co.jp:secret" >/etc/postfix/sasl_passwd; postmap /etc/postfix/sasl_passwd'
set_ set smtp_sasl_security_options=noanonymous
out=$(pr verify run 2>&1)
tell "$(grep -qF secret <<<"$out" && echo 1 || echo 0)" "the password is shown nowhere" "$out"
set_ unset smtp_sasl_auth_enable smtp_sasl_password_maps smtp_sasl_security_options

# --- an upstream that wants TLS and a login -------------------------------------------------------

# Another certificate for the upstream, by the same CA, for some days.
renew() {
	on exec upstream sh -c 'cd /run/postrelay-sandbox/smarthost/tls && echo "subjectAltName=DNS:smtp.test.co.jp" >san &&
		openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days "$1" -extfile san -out cert.pem &&
		postfix -c /run/postrelay-sandbox/smarthost/etc reload' renew "$1" >/dev/null 2>&1
}

roots=/etc/ssl/certs/ca-certificates.crt
if on smarthost relay@test.co.jp geheim >/dev/null 2>&1; then
	relay sh -c 'echo geheim >/root/pw; chmod 600 /root/pw'
	set_ relay set smtp.test.co.jp:587 --user relay@test.co.jp --password-file /root/pw
	relay sh -c 'postmap /etc/postfix/sasl_passwd'
	set_ alias set root hanako@example.com
	relay newaliases
	check "login and TLS, all green" 0 '^12 ok' '^ok encryption: TLSv1\.[23], certificate to 20[0-9]{2}-[0-9]{2}' \
		'^ok login: relay@test\.co\.jp is let in' '^ok test message: .* sent' -- pr verify run --to taro@test.co.jp
	set_ set smtp_tls_security_level=secure smtp_tls_CAfile=$roots
	check "the certificate is checked" 0 '^ok encryption: TLSv1\.[23], certificate to 20[0-9]{2}-[0-9]{2}' -- pr relay probe
	renew 5
	check "a certificate that ends soon" 0 '^\?  encryption: certificate ends 20[0-9]{2}-[0-9]{2}-[0-9]{2}' \
		'within 5 days: from then on mail waits' '^ok login' -- pr relay probe
	renew 30
	relay sh -c "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Another CA' -keyout /dev/null -out /root/other.pem" >/dev/null 2>&1
	relay sh -c 'mv /root/other.pem /etc/other.pem; chmod 644 /etc/other.pem'
	set_ set smtp_tls_CAfile=/etc/other.pem
	check "nobody trusted has signed it" 1 '^! +encryption: TLSv1\.[23], certificate refused' 'untrusted issuer' 'smtp_tls_CAfile' \
		'^-- login' -- pr relay probe
	set_ set smtp_tls_security_level=dane smtp_dns_support_level=dnssec
	check "dane without records takes it" 0 '^ok encryption: TLSv1' '^ok login' -- pr relay probe
	set_ unset smtp_dns_support_level
	set_ set smtp_tls_security_level=secure
	set_ set --force PR-TLS-003 smtp_tls_CAfile=/etc/nosuch.pem
	check "the file of roots isn't there" 1 '^! +encryption: no TLS' 'trusted roots can.t be read' -- pr relay probe
	set_ set smtp_tls_CAfile=$roots
	set_ relay set 198.51.100.26:587
	check "a name in the certificate, an address in relayhost" 1 '^! +encryption: TLSv1\.[23], certificate refused' 'for another name|for a name, not for' \
		-- pr relay probe
	set_ relay set smtp.test.co.jp:465
	check "the key was renamed, but its table isn't built" 1 '^! +login: refused' 'No password is kept' -- pr relay probe
	relay sh -c 'postmap /etc/postfix/sasl_passwd'
	check "TLS from the first byte" 0 '^ok greeting, EHLO: 220 smtp' '^ok encryption: .*certificate to 20' \
		'^ok login: relay@test\.co\.jp is let in' -- pr relay probe
	set_ set --force PR-TLS-001 smtp_tls_wrappermode=no
	check "port 465, and Postfix isn't told so" 1 '^! +greeting, EHLO: no greeting' 'smtp_tls_wrappermode = yes' -- pr relay probe
	set_ unset smtp_tls_wrappermode
	set_ relay set smtp.test.co.jp:587
	relay sh -c 'postmap /etc/postfix/sasl_passwd; sed -i "s/geheim/falsch/" /etc/postfix/sasl_passwd; postmap /etc/postfix/sasl_passwd'
	check "a wrong password" 1 '^! +login: refused' '535 5\.7\.8' 'refuses this user and password' \
		'^-- test message: waits for: login' '^ok a stranger' -- pr verify run --to taro@test.co.jp
	relay sh -c 'sed -i "s/falsch/geheim/" /etc/postfix/sasl_passwd; postmap /etc/postfix/sasl_passwd'
	set_ set --force PR-AUTH-004 smtp_sasl_security_options=noplaintext smtp_sasl_tls_security_options=noplaintext
	check "no method of login is left" 1 '^! +login: refused' 'no mechanism available' 'noanonymous' -- pr relay probe
	set_ unset smtp_sasl_security_options smtp_sasl_tls_security_options
	set_ set smtp_sasl_security_options=noanonymous
	set_ set --force PR-AUTH-006 smtp_sasl_auth_enable=no
	check "a login is wanted, and there is none" 1 '^! +login: refused' 'wants a login|doesn.t relay' -- pr relay probe
	on exec upstream sh -c 'postfix -c /run/postrelay-sandbox/smarthost/etc stop' >/dev/null 2>&1
	check "the upstream is down" 1 '^! +connection: Connection refused' -- pr relay probe
	set_ relay unset
	set_ unset smtp_tls_security_level smtp_tls_CAfile smtp_sasl_security_options smtp_sasl_password_maps smtp_sasl_auth_enable
	set_ relay set mail.test.co.jp:587
else
	echo "# no upstream with a login here (openssl, saslpasswd2): those checks are left out"
fi

set_ network add --accept PR-NET-009 0.0.0.0/0
check "a relay that is open to the world" 1 '^! +a stranger: 198\.51\.100\.200 may relay' 'Danger' \
	'198\.51\.100\.200: allowed, 0\.0\.0\.0/0' '^ok a client of each segment' -- pr verify run
set_ network remove 0.0.0.0/0
relay sh -c 'sed -i "s|192.168.2.0/24|192.168.2.5/24|" /etc/postfix/main.cf; touch -d "1 hour ago" /etc/postfix/main.cf'
check "a segment with host bits" 1 '^! +a client of each segment: . of 3 segments are refused' '451' -- pr verify run
relay sh -c 'sed -i "s|192.168.2.5/24|192.168.2.0/24|" /etc/postfix/main.cf; touch -d "1 hour ago" /etc/postfix/main.cf'

relay sh -c 'echo "root: root" >/etc/aliases; newaliases'
check "nobody reads root's mail, and a message to it proves nothing" 0 '^\? +root and postmaster: root reaches nobody' \
	'^\? +test message: stayed on this machine' 'root@localhost by local' -- pr verify run --to root@localhost
relay sh -c 'echo "inet_interfaces = localhost, 203.0.113.5" >>/etc/postfix/main.cf; touch -d "1 hour ago" /etc/postfix/main.cf'
check "it doesn't listen where the files say" 1 '^! +listens: not on wan0' 'nobody listens on 203\.0\.113\.5 port 25' -- pr verify run
relay sh -c 'echo garbage >>/etc/postfix/main.cf; touch -d "1 hour ago" /etc/postfix/main.cf'
check "a main.cf that can't be read" 1 '^! +main\.cf and aliases can be read: can.t be read' "missing '='" \
	'^-- name of the upstream' -- pr verify run
relay sh -c 'sed -i "\$d" /etc/postfix/main.cf; sed -i "\$d" /etc/postfix/main.cf; touch -d "1 hour ago" /etc/postfix/main.cf
	postfix stop' >/dev/null 2>&1
check "Postfix is stopped: what needs it waits, the rest is done" 1 '^! +Postfix runs: stopped' '^-- listens' '^-- login' \
	'^ok greeting, EHLO' '^ok a stranger' -- pr verify run --to taro@example.com

finish

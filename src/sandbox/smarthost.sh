#!/bin/bash
# SPDX-License-Identifier: MIT
#
# A second mail server at the upstream of the sandbox, smtp.test.co.jp (198.51.100.26): a
# Postfix that takes mail on port 587 (STARTTLS) and 465 (TLS from the first byte) from
# nobody but who logs in, and hands it on to the upstream's sink. Its certificate is signed
# by a CA of its own, which is added to the certificates that the relay's system trusts.
#
#	smarthost.sh USER PASSWORD     start it, or let one more user log in
#
# Runs inside the sandbox, as "sandbox smarthost".
set -u -o pipefail

readonly BASE=/run/postrelay-sandbox
readonly DIR=$BASE/smarthost NAME=smtp.test.co.jp ADDR=198.51.100.26 SINK=198.51.100.25
readonly ROOTS=/etc/ssl/certs/ca-certificates.crt

die() {
	printf 'sandbox: %s\n' "$*" >&2
	exit 70
}

# Signs NAME's key with the CA; both are made anew in each sandbox.
certificates() {
	local key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -batch)

	(
		cd "$DIR/tls" || exit 1
		openssl req -x509 "${key[@]}" -days 30 -subj '/CN=Sandbox CA' -keyout ca.key -out ca.pem &&
			openssl req "${key[@]}" -subj "/CN=$NAME" -keyout key.pem -out request.pem &&
			openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 \
				-extfile <(echo "subjectAltName=DNS:$NAME") -out cert.pem
	) >"$DIR/log" 2>&1 || die "no certificate: $(tail -n 3 "$DIR/log")"
	chmod 600 "$DIR"/tls/*.key "$DIR/tls/key.pem"
	mkdir -p "${ROOTS%/*}"
	cat "$DIR/tls/ca.pem" >>"$ROOTS"
}

configuration() {
	cat >"$DIR/etc/main.cf" <<-END
		compatibility_level = 2
		queue_directory = $DIR/spool
		data_directory = $DIR/data
		daemon_directory = $(postconf -c /etc/postfix -h daemon_directory)
		command_directory = /usr/sbin
		mail_owner = postfix
		setgid_group = postdrop
		maillog_file = $DIR/maillog
		maillog_file_prefixes = /run
		myhostname = $NAME
		mydestination =
		alias_maps =
		alias_database =
		inet_interfaces = $ADDR
		inet_protocols = ipv4
		mynetworks =
		relayhost = [$SINK]
		smtpd_tls_cert_file = $DIR/tls/cert.pem
		smtpd_tls_key_file = $DIR/tls/key.pem
		smtpd_tls_security_level = encrypt
		smtpd_tls_auth_only = yes
		smtpd_tls_received_header = yes
		smtpd_sasl_auth_enable = yes
		smtpd_sasl_authenticated_header = yes
		smtpd_sasl_local_domain = test.co.jp
		cyrus_sasl_config_path = $DIR/etc/sasl
		smtpd_relay_restrictions = permit_sasl_authenticated, reject
	END
	sed -e '/^smtp  *inet/d' /etc/postfix/master.cf >"$DIR/etc/master.cf"
	cat >>"$DIR/etc/master.cf" <<-END
		587 inet n - n - - smtpd
		465 inet n - n - - smtpd
		  -o smtpd_tls_wrappermode=yes
	END
	cat >"$DIR/etc/sasl/smtpd.conf" <<-END
		pwcheck_method: auxprop
		auxprop_plugin: sasldb
		mech_list: PLAIN LOGIN
		sasldb_path: $DIR/etc/sasl/users
	END
	touch -d '1 hour ago' "$DIR/etc/main.cf"
}

user() {
	local name=${1%@*} realm=test.co.jp

	[ "$name" = "$1" ] || realm=${1#*@}
	printf '%s' "$2" | saslpasswd2 -c -p -f "$DIR/etc/sasl/users" -u "$realm" "$name" ||
		die "this user and password can't be kept."
	chgrp postfix "$DIR/etc/sasl/users"
	chmod 640 "$DIR/etc/sasl/users"
}

start() {
	mkdir -p "$DIR/etc" "$DIR/spool" "$DIR/data" "$DIR/tls" "$DIR/etc/sasl"
	chown postfix: "$DIR/data"
	certificates
	configuration
	user "$@"
	if ! nsenter --net=/run/netns/upstream -- postfix -c "$DIR/etc" start \
		</dev/null >>"$DIR/log" 2>&1; then
		die "$NAME didn't start. $(tail -n 5 "$DIR/log" "$DIR/maillog" 2>/dev/null)"
	fi
}

PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
umask 022
[ $# -eq 2 ] || die "usage: sandbox smarthost USER PASSWORD"
for tool in openssl saslpasswd2; do
	command -v "$tool" >/dev/null || die "$tool is missing (src/sandbox/deps.sh test installs it)."
done
if [ -e "$DIR/etc/sasl/users" ]; then
	user "$@"
else
	start "$@"
fi

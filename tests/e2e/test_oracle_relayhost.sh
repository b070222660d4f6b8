#!/usr/bin/env bash
# Postfix judges our judgement of relayhost, on values that this test generates, by one message
# each: what leaves it in the queue, or sends it in circles, had an error or a warning, and
# what delivers had no error.
#
# A value for each message would need a reload for each. Instead each has a sender, a next hop
# for that sender (sender_dependent_relayhost_maps goes where relayhost goes, unchanged), and
# an smtp client of its own with -o relayhost, so that one that dies stops no other. That this
# is the same thing is tried as well: some values are put into a main.cf and reloaded.
set -u
# shellcheck source=tests/oracle/host.sh
. "$(dirname "$0")/../oracle/host.sh"

seed=${PR_SEED:-1}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

cat >"$work/hosts" <<'END'
127.0.0.1 localhost
::1 localhost ip6-localhost
192.0.2.10 host.pf.test host
127.0.0.21 inhosts.pf.test
END
host_up "$work/hosts" --mx-host=mail.test.co.jp,mx1.pf.test,10 --host-record=mail.test.co.jp,127.0.0.21 \
	--host-record=mx1.pf.test,127.0.0.20 --mx-host=relay.pf.test,mx1.pf.test,10 \
	--host-record=relay.pf.test,127.0.0.22 --host-record=only-a.pf.test,127.0.0.23 \
	--host-record=aonly.pf.test,127.0.0.23 --host-record=host_under.pf.test,127.0.0.23 \
	--host-record=six.pf.test,::1 --host-record=dual.pf.test,127.0.0.23,::1 \
	--host-record=self.pf.test,192.0.2.10 --host-record=host.pf.test,192.0.2.10 \
	--mx-host=mxonly.pf.test,mx1.pf.test,10 --mx-host=mxgone.pf.test,nosuch.pf.test,10 \
	--mx-host=mxself.pf.test,self.pf.test,10 --host-record=mxself.pf.test,127.0.0.23 \
	--host-record=mxgone.pf.test,127.0.0.23
for address in 127.0.0.20 127.0.0.21 127.0.0.22 127.0.0.23 '[::1]'; do
	for port in 25 587 2525; do
		smtp-sink -u nobody -h sink.test "$address:$port" 100 </dev/null >/dev/null 2>&1 &
	done
done
disown -a # at_once() counts and waits for its own

# --- values: NAME<tab>relayhost -----------------------------------------------------------------

values() {
	awk -v seed="$seed" '
	function any(list, n) { return list[1 + int(rand() * n)] }
	function out(value) { if (!(value in seen)) print "v" ++count "\t" value; seen[value] = 1 }
	function slip(word, at, c) {
		at = 1 + int(rand() * length(word))
		c = substr(word, at, 1)
		r = int(rand() * 4)
		if (r == 0) return substr(word, 1, at - 1) substr(word, at + 1)
		if (r == 1) return substr(word, 1, at - 1) toupper(c) substr(word, at + 1)
		if (r == 2) return substr(word, 1, at - 1) any(typo, nt) substr(word, at + 1)
		return substr(word, 1, at) any(typo, nt) substr(word, at + 1)
	}
	BEGIN {
		srand(seed)
		n = split("mail.test.co.jp|relay.pf.test|only-a.pf.test|host_under.pf.test|aonly|" \
			"MAIL.Test.Co.JP|127.0.0.21|127.0.0.23|::1|six.pf.test|dual.pf.test|mxonly.pf.test|" \
			"IPv6:::1", good, "|")
		m = split("nosuch.pf.test|mail.test.co.jp.|127.0.0.256|127.1|127.0.0.021|1.2.3|" \
			"user@mail.test.co.jp|-mail.test.co.jp|mail-.test|a..b|.mail.test.co.jp|*|" \
			"mail.test.co.jp/25|(mail.test.co.jp)|<mail.test.co.jp>|\"mail.test.co.jp\"|" \
			"{mail.test.co.jp}|mail.test.co.jp;only-a.pf.test|mail,|mail_under.test|||" \
			"0.0.0.0|0|2130706433|0x7f000001|localhost|127.0.0.1|192.0.2.10|self.pf.test|" \
			"mxself.pf.test|mxgone.pf.test|inhosts.pf.test|$myhostname|$mydomain|$nosuch|" \
			"host.pf.test|HOST.pf.test|host|2001:db8::10|2001:db8::99|::ffff:127.0.0.21|" \
			"IPv6:2001:db8::99|127.0.0.99|#mail.test.co.jp|smtp:mail.test.co.jp|" \
			"smtp://mail.test.co.jp|hash:/x|/x|direct|none|no|\303\251.pf.test|" \
			"xn--4dkua4c.pf.test|x%y|mail+x.test|mail.test.co.jp,,only-a.pf.test|" \
			"a234567890123456789012345678901234567890123456789012345678901234.test|" \
			"IPv6:127.0.0.21|ipv6:::1|::1%lo|fe80::1%eth0|12345|127.0.0.21.|ip6-localhost", odd, "|")
		np = split("|||:25|:587|:2525|:smtp|:submission|:|:10040|:465", port, "|")
		nq = split(":0|:99999|:-1|:+25|:nosuchsvc|:0x19|:25x|: 25| :25|:65535|::25|:smtps|25|" \
			":00025|:SMTP|:25:25|:domain|:http|.:25|/25|:25;|:submission/tcp|:65536|:025|: ", bad, "|")
		nt = split("0|5|.|:|-|_|/|[|]|a|,|;|*|@| ", typo, "|")
		for (i = 1; i <= n; i++) { out(good[i]); out("[" good[i] "]") }
		for (i = 1; i <= m; i++) { out(odd[i]); out("[" odd[i] "]") }
		for (i = 1; i <= nq; i++) { out("mail.test.co.jp" bad[i]); out("[only-a.pf.test]" bad[i]) }
		out("[mail.test.co.jp"); out("mail.test.co.jp]"); out("[]"); out("[]:25"); out(":25"); out(":")
		out("[mail.test.co.jp:2525]"); out("[mail.test.co.jp]x"); out("[[mail.test.co.jp]]")
		out("[mail.test.co.jp] # the relay"); out("mail test"); out("mail.test.co.jp 25")
		out("[127.0.0.1]:10040"); out("localhost:10040"); out("[192.0.2.10]:10040"); out("[mail.test.co.jp];")
		for (i = 0; i < 25; i++) {
			out(any(good, n) any(port, np))
			out("[" any(good, n) "]" any(port, np))
			out(any(odd, m) any(port, np))
			out("[" any(odd, m) "]" any(port, np))
		}
		for (i = 0; i < 60; i++) {
			h = any(good, n)
			if (rand() < 0.6) h = "[" h "]"
			out(slip(h any(port, np)))
		}
		for (i = 0; i < 30; i++)
			out((rand() < 0.6 ? any(good, n) : "[" any(odd, m) "]") (rand() < 0.4 ? " " : ", ") \
				"[" any(good, n) "]" any(port, np))
	}'
	if [ -n "${PR_TRUTH:-}" ]; then
		sed 's/\t.*//' "$PR_TRUTH/relayhost.tsv" | awk 'NR > 1 { print "t" NR - 1 "\t" $0 }'
	fi
}

# main_cf NAME RELAYHOST
main_cf() {
	cat <<-END
		compatibility_level = 3.6
		myhostname = host.pf.test
		mynetworks = 127.0.0.0/8, 192.0.2.0/24, [::1]/128
		mydestination =
		inet_interfaces = 127.0.0.1, 192.0.2.10
		relayhost = $2
		queue_directory = $host/$1/queue
		data_directory = $host/$1/data
		maillog_file_prefixes = $host
		maillog_file = $host/$1/log
		alias_maps =
		alias_database =
	END
}

# smtpd takes what comes back to it and says so, but keeps nothing: no mail goes round.
master_cf() {
	cat <<-END
		$2 inet n - n - - smtpd -o smtpd_recipient_restrictions=check_client_access,static:discard
		pickup unix n - n 60 1 pickup
		cleanup unix n - n - 0 cleanup
		qmgr unix n - n 300 1 qmgr
		rewrite unix - - n - - trivial-rewrite
		bounce unix - - n - 0 discard
		defer unix - - n - 0 bounce
		trace unix - - n - 0 bounce
		proxymap unix - - n - - proxymap
		smtp unix - - n - 1 smtp
		error unix - - n - - error
		postlog unix-dgram n - n - 1 postlogd
	END
	[ "$2" != smtp ] || echo '10040 inet n - n - - smtpd -o smtpd_recipient_restrictions=check_client_access,static:discard'
}

prepare() {
	mkdir -p "$host/$1/cf"
	main_cf "$1" "$2" >"$host/$1/cf/main.cf"
	master_cf "$1" smtp >"$host/$1/cf/master.cf"
}

expanded() {
	case $2 in
	*'$'*) postconf -c "$host/$1/cf" -xh relayhost 2>/dev/null ;;
	*) echo "$2" ;;
	esac
}

judge() {
	postmap -c "$host/$1/cf" -q x static:x >"$host/$1/said" 2>&1
	echo "$?" >"$host/$1/rc"
	timeout 20 "$bin" -c "$host/$1/cf" -A "$host/aliases" check --json >"$host/$1/found" 2>/dev/null
	worst "$host/$1/found" relayhost >"$host/$1/ours"
}

values | sed 's/[ \t]*$//' >"$work/values"
while IFS=$'\t' read -r name value; do prepare "$name" "$value"; done <"$work/values"
find "$host" -name main.cf -exec touch -d '1 hour ago' {} +
cut -f1 "$work/values" | at_once judge 8

# --- the message of each, all at once ----------------------------------------------------------------

all=$host/all/cf
prepare all ''
cat >>"$all/main.cf" <<END
sender_dependent_relayhost_maps = texthash:$all/hops
sender_dependent_default_transport_maps = texthash:$all/clients
smtp_connect_timeout = 3s
default_destination_recipient_limit = 1
authorized_submit_users = static:all
END
while IFS=$'\t' read -r name value; do
	[ "$(cat "$host/$name/rc")" -eq 0 ] || continue
	hop=$(expanded "$name" "$value")
	[ -n "$hop" ] || continue
	printf '%s@o.test %s\n' "$name" "$hop" >>"$all/hops"
	printf '%s@o.test %s:\n' "$name" "$name" >>"$all/clients"
	printf '%s unix - - n - 1 smtp\n' "$name" >>"$all/master.cf"
	printf '  -o syslog_name=postfix/%s\n  -o { relayhost = %s }\n' "$name" "$hop" >>"$all/master.cf"
	echo "$name" >>"$work/sent"
done <"$work/values"
touch -d '1 hour ago' "$all/main.cf"

up() {
	mkdir -p "$host/$1/queue" "$host/$1/data"
	chown postfix "$host/$1/data"
	postfix -c "$host/$1/cf" start >"$host/$1/start" 2>&1 ||
		die "a private Postfix: $(tail -n 3 "$host/$1/start" "$host/$1/log" 2>/dev/null | tr '\n' ' ')"
}

send() {
	echo x | sendmail -C "$all" -f "$1@o.test" someone@remote.test
}

# fate NAME of "sN/smtp: text" lines
# shellcheck disable=SC2016 # a program for awk
fates='
function fate(name, what) { if (!(name in got) || what == "delivered") got[name] = what }
/fatal: / && match($0, /postfix\/[^\/]*\/smtp\[/) { fate(substr($0, RSTART + 8, RLENGTH - 14), "dies") }
/status=/ && match($0, /postfix\/[^\/]*\/smtp\[/) {
	name = substr($0, RSTART + 8, RLENGTH - 14)
	if (/status=sent/ && /queued as/) fate(name, "circles")
	else if (/status=sent/) fate(name, "delivered")
	else if (/Connection refused|timed out|unreachable|No route/) fate(name, "no-answer")
	else fate(name, "stays")
}
END { for (name in got) print name, got[name] }'

up all
at_once send 3 <"$work/sent"
# Until all have a fate, or none has got one for a while: a machine with much to do takes longer.
deadline=$((SECONDS + 25))
before=0
while :; do
	awk "$fates" "$host/all/log" | sort >"$work/fates"
	now=$(wc -l <"$work/fates")
	[ "$now" -lt "$(wc -l <"$work/sent")" ] || break
	[ "$now" -eq "$before" ] || deadline=$((SECONDS + 25))
	[ "$SECONDS" -lt "$deadline" ] || break
	before=$now
	sleep 0.3
done

# --- the table -------------------------------------------------------------------------------------

# What can't be known here, with the reason.
excused() {
	case $1 in
	mxself.pf.test* | mxgone.pf.test*)
		echo "its MX is this machine or no machine, and the system's resolver (getent) doesn't look MX up" ;;
	*$'\303'* | *$'\343'*) echo "letters outside of ASCII: what the resolver makes of them depends on the locale" ;;
	*) return 1 ;;
	esac
}

: >"$work/off"
while IFS=$'\t' read -r name value; do
	ours=$(cat "$host/$name/ours")
	if [ "$(cat "$host/$name/rc")" -ne 0 ]; then
		real=fatal
	elif ! grep -qx "$name" "$work/sent"; then
		real=no-relay
	else
		real=$(sed -n "s/^$name //p" "$work/fates")
		real=${real:-vanished}
	fi
	echo "$real ${ours%% *}" >>"$work/both"
	printf '%s\t%s\t%s\t%s\n' "$name" "$value" "$real" "$ours" >>"$work/all"
	case $real$ours in
	deliverederror* | no-relayerror*) ;;
	delivered* | no-relay* | no-answer*) continue ;;
	*error* | *warning*) continue ;;
	esac
	if reason=$(excused "$value"); then
		echo "# excused: relayhost = $value ($real, ours $ours): $reason"
		continue
	fi
	echo "$real, ours $ours: relayhost = $value" >>"$work/off"
done <"$work/values"
awk '{ n[$1 " " $2]++ } END {
	print "# relayhost        nothing     note  warning    error"
	k = split("delivered no-relay no-answer stays circles dies fatal vanished", row, " ")
	for (i = 1; i <= k; i++)
		printf "# %-14s %8d %8d %8d %8d\n", row[i], n[row[i] " nothing"], n[row[i] " note"], n[row[i] " warning"], n[row[i] " error"]
	print "# no-answer: nobody listens at that address or port, which only a connection can tell"
}' "$work/both"
[ "$(wc -l <"$work/both")" -ge 250 ] || echo "only $(wc -l <"$work/both") values were judged" >>"$work/off"
verdict "what relayhost leaves in the queue had an error or a warning, what it delivers no error" "$work/off"

# --- is it the same with the value in main.cf? -----------------------------------------------------

# Some of each fate.
sample() {
	RANDOM=$seed
	while IFS=$'\t' read -r name value real ours; do
		case $real in delivered | stays | circles | dies) echo "$real $((RANDOM % 1000 + 1000)) $name" ;; esac
	done <"$work/all" | sort | awk '++n[$1] <= 6 { print $3 }'
}

# fate_of NAME: of the last message; the log was emptied before it.
fate_of() {
	sed 's|postfix/smtp\[|postfix/x/smtp[|' "$host/$1/log" | awk "$fates" | sed 's/^x //'
}

# real NUMBER: one instance tries its share of the sample.
real() {
	local me=real$1 name value until got

	while read -r name; do
		value=$(awk -F '\t' -v name="$name" '$1 == name { print $2 }' "$work/values")
		main_cf "$me" "$value" >"$host/$me/cf/main.cf"
		printf 'service_throttle_time = 1s\ntransport_retry_time = 1s\nsmtp_connect_timeout = 3s\n' >>"$host/$me/cf/main.cf"
		touch -d '1 hour ago' "$host/$me/cf/main.cf"
		: >"$host/$me/log"
		postfix -c "$host/$me/cf" reload >/dev/null 2>&1
		echo x | sendmail -C "$host/$me/cf" -f a@o.test someone@remote.test
		until=$((SECONDS + 8))
		while got=$(fate_of "$me") && [ -z "$got" ] && [ "$SECONDS" -lt "$until" ]; do sleep 0.1; done
		postsuper -c "$host/$me/cf" -d ALL >/dev/null 2>&1
		[ "$got" = "$(sed -n "s/^$name //p" "$work/fates")" ] ||
			echo "relayhost = $value: $got in main.cf, $(sed -n "s/^$name //p" "$work/fates") for a sender"
		echo "$name" >>"$work/tried"
	done < <(sample | awk -v me="$1" 'NR % 4 == me') >"$work/differ$1"
}

for i in 0 1 2 3; do
	prepare "real$i" ''
	master_cf "real$i" "$((10050 + i))" >"$host/real$i/cf/master.cf"
	touch -d '1 hour ago' "$host/real$i/cf/main.cf"
	up "real$i"
	real "$i" &
	pids="${pids:-} $!"
done
# shellcheck disable=SC2086 # a list of numbers
wait $pids
cat "$work"/differ? >"$work/differ"
[ "$(wc -l <"$work/tried")" -ge 12 ] || echo "only $(wc -l <"$work/tried") were tried" >>"$work/differ"
echo "# in main.cf: $(wc -l <"$work/tried") values"
verdict "a value in main.cf meets the same fate" "$work/differ"
[ -z "${PR_KEEP:-}" ] || cp "$work/all" "$host/all/log" "$PR_KEEP"

finish

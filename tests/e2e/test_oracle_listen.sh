#!/usr/bin/env bash
# Postfix judges our judgement of inet_interfaces and inet_protocols, on values that this test
# generates: what keeps Postfix's programs from running has an error, and nothing else has; and
# where it starts, it listens on what `interface list` shows.
set -u
# shellcheck source=tests/oracle/host.sh
. "$(dirname "$0")/../oracle/host.sh"

seed=${PR_SEED:-1}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

cat >"$work/hosts" <<'END'
127.0.0.1 localhost
::1 localhost ip6-localhost ip6-loopback
192.0.2.10 host.pf.test host  # itself
192.0.2.10 four.pf.test
2001:db8::10 six.pf.test
192.0.2.10 both.pf.test
2001:db8::10 both.pf.test
127.0.0.11 dual.pf.test
::1 dual.pf.test
127.0.0.10 mx1.pf.test
203.0.113.9 elsewhere.pf.test
127.0.0.1 under_score.pf.test eth7
END
host_up "$work/hosts" --host-record=dns.pf.test,192.0.2.10 --host-record=far.pf.test,198.51.100.7 \
	--host-record=ns6.pf.test,2001:db8::10

# --- values: NAME<tab>inet_interfaces<tab>inet_protocols -------------------------------------------

values() {
	awk -v seed="$seed" '
	function any(list, n) { return list[1 + int(rand() * n)] }
	function out(value, how) { print "v" ++count "\t" value "\t" how }
	# inet_protocols, hardly ever empty: that needs a real start to be judged
	function some(how) {
		how = any(proto, np)
		return how == "" && rand() < 0.7 ? "all" : how
	}
	# one slip of the finger
	function slip(word, at, c) {
		at = 1 + int(rand() * length(word))
		c = substr(word, at, 1)
		r = int(rand() * 5)
		if (r == 0) return substr(word, 1, at - 1) substr(word, at + 1)
		if (r == 1) return substr(word, 1, at) c substr(word, at + 1)
		if (r == 2) return substr(word, 1, at - 1) toupper(c) substr(word, at + 1)
		if (r == 3) return substr(word, 1, at - 1) any(typo, nt) substr(word, at + 1)
		return substr(word, 1, at) any(typo, nt) substr(word, at + 1)
	}
	BEGIN {
		srand(seed)
		n = split("all|loopback-only|localhost|127.0.0.1|::1|192.0.2.10|2001:db8::10|" \
			"[2001:db8::10]|[::1]|$myhostname|host.pf.test|four.pf.test|six.pf.test|" \
			"both.pf.test|ip6-localhost|2001:DB8:0:0::10|host|dns.pf.test|LOCALHOST|" \
			"under_score.pf.test", good, "|")
		m = split("ALL|All|loopback_only|local|any|*|lo|eth0|eth7|127.0.0.2|127.0.0.1/8|" \
			"192.0.2.0/24|127.1|127.0.0|127.0.0.01|0x7f000001|2130706433|0.0.0.0|::|[::]|" \
			"[127.0.0.1]|[127.0.0.1]:25|127.0.0.1:25|inet:127.0.0.1|fe80::1|fe80::1%eth0|" \
			"203.0.113.9|255.255.255.255|2001:db8::11|mx1.pf.test|dual.pf.test|" \
			"elsewhere.pf.test|nosuch.pf.test|far.pf.test|$mydomain|$nosuch|${nosuch:127.0.0.1}|" \
			"${nosuch?127.0.0.1}|#|# note|;|127.0.0.1;192.0.2.10|!127.0.0.1|-x|{127.0.0.1}|" \
			"\"127.0.0.1\"|hash:/x|/x|localhost.|host.pf.test.|::ffff:127.0.0.1|" \
			"[::ffff:192.0.2.10]|[IPv6:::1]|[::1|::1]|ns6.pf.test|no|none|" \
			"0|1|127.0.0.1.|.127.0.0.1|192.000.002.010|0300.0.02.10|all.|a..b|(x)|" \
			"localhost.localdomain|$(myhostname)|${myhostname}|$inet_interfaces_|" \
			"\303\251.test|01.02.03.04|1.2.3.4.5|127.0.0.1%lo|::1%lo|[::1%lo]|" \
			"192.0.2.010|192.0.2.0xa|3221225994|0xC000020A|2001:db8:0:0:0:0:0:10|" \
			"2001:db8::192.0.2.10|2001:db8::0.0.0.16|2001:0db8::0010|2001:db8::10/64", odd, "|")
		nt = split("0|1|2|5|.|:|-|_|/|[|]|a|x|,|;|!|*", typo, "|")
		s = split(", |,| |\t|,,| , |  ", sep, "|")
		np = split("all|ipv4|ipv6|ipv4, ipv6|ipv6 ipv4|ALL|IPv4|ipv5||ipv4,|all, ipv4|v4", proto, "|")
		for (i = 1; i <= n; i++) out(good[i], "all")
		for (i = 1; i <= m; i++) out(odd[i], "all")
		out("", "all"); out(",", "all"); out(" , ,", "all"); out("all,", "all"); out(",all", "all")
		out("loopback-only ,", "ipv4")
		for (i = 1; i <= np; i++) { out("all", proto[i]); out("localhost", proto[i]); out("127.0.0.1", proto[i]) }
		for (i = 0; i < 90; i++) out(slip(any(good, n)), "all")
		for (i = 0; i < 100; i++) {
			line = any(good, n)
			for (j = int(rand() * 3); j >= 0; j--)
				line = line any(sep, s) (rand() < 0.12 ? any(odd, m) : good[3 + int(rand() * (n - 2))])
			out(line, rand() < 0.8 ? "all" : some())
		}
		for (i = 0; i < 60; i++) out(any(good, n), some())
	}'
	if [ -n "${PR_TRUTH:-}" ]; then
		sed -n 's/^\([^\t]*\)\t.*/\1/p' "$PR_TRUTH/inet_interfaces.tsv" |
			awk 'NR > 1 { print "t" NR - 1 "\t" $0 "\tall" }'
	fi
}

main_cf() {
	cat <<-END
		compatibility_level = 3.6
		mynetworks = 127.0.0.0/8
		myhostname = host.pf.test
		inet_interfaces = $2
		inet_protocols = $3
		queue_directory = $host/$1/queue
		data_directory = $host/$1/data
		maillog_file_prefixes = $host
		maillog_file = $host/$1/log
		alias_maps =
		alias_database =
	END
}

# The port is another one for each, so that several can run.
prepare() {
	local name=$1 port=$((10000 + number))

	mkdir -p "$host/$name/cf"
	main_cf "$name" "$2" "$3" >"$host/$name/cf/main.cf"
	cat >"$host/$name/cf/master.cf" <<-END
		$port inet n - n - - smtpd
		postlog unix-dgram n - n - 1 postlogd
	END
	echo "$port" >"$host/$name/port"
	echo "${3:-empty how}" >"$host/$name/how"
}

# Fatal: sleeps a second, so many run at a time.
judge() {
	local cf=$host/$1/cf

	postmap -c "$cf" -q x static:x >"$host/$1/said" 2>&1
	echo "$?" >"$host/$1/rc"
	timeout 20 "$bin" -c "$cf" -A "$host/aliases" check --json >"$host/$1/found" 2>/dev/null
	timeout 20 "$bin" -c "$cf" -A "$host/aliases" interface list --json >"$host/$1/list" 2>/dev/null
	worst "$host/$1/found" 'inet_interfaces|inet_protocols' >"$host/$1/ours"
}

values >"$work/values"
number=0
while IFS=$'\t' read -r name value how; do
	number=$((number + 1))
	prepare "$name" "$value" "$how"
done < <(sed 's/\t\t/\t \t/' "$work/values")
find "$host" -name main.cf -exec touch -d '1 hour ago' {} +
cut -f1 "$work/values" | at_once judge 12

# --- real starts -----------------------------------------------------------------------------------

# All that postmap takes and whose words are none, or that we call wrong; and some of the others.
sample() {
	local name
	while read -r name; do
		[ "$(cat "$host/$name/rc")" = 0 ] || continue
		case $(cat "$host/$name/ours" "$host/$name/how") in
		error* | *'empty how') echo "0 $name" ;;
		*) echo "$((RANDOM % 1000 + 1)) $name" ;;
		esac
	done < <(cut -f1 "$work/values") | sort -n | head -n 48 | cut -d' ' -f2
}

start() {
	local cf=$host/$1/cf port
	port=$(cat "$host/$1/port")

	mkdir -p "$host/$1/queue" "$host/$1/data"
	chown postfix "$host/$1/data"
	postfix -c "$cf" start >/dev/null 2>&1
	echo "$?" >"$host/$1/start"
	ss -ltnH "sport = :$port" | awk '{ sub(/:[0-9]*$/, "", $4); gsub(/[][]/, "", $4); print $4 }' |
		sort >"$host/$1/sockets"
	[ ! -s "$host/$1/queue/pid/master.pid" ] ||
		kill -KILL "$(tr -d ' ' <"$host/$1/queue/pid/master.pid")" 2>/dev/null
}

# ticks NAME: the addresses that `interface list` ticks; names stand for theirs.
ticks() {
	local kind text how

	how=$(cat "$host/$1/how")
	awk '
	/"interface": / { gsub(/.*: "|",?$/, ""); kind = $0 }
	/"address": / { gsub(/.*: "|",?$/, ""); addr = $0 }
	/"reach": / { link = /"link"/ }
	/"listens": / { if (/true/ && !link) print kind, addr }' "$host/$1/list" |
		while read -r kind text; do
			if [ "$kind" != '(name)' ]; then
				echo "$text"
				continue
			fi
			case $text in
			*'$'*) text=$(postconf -c "$host/$1/cf" -o "mail_name=$text" -xh mail_name 2>/dev/null) ;;
			esac
			case $how in
			[Ii][Pp][vV]4 | ipv4,) getent ahostsv4 "$text" ;;
			ipv6) getent ahostsv6 "$text" ;;
			*) getent ahosts "$text" ;;
			esac | awk '$2 == "STREAM" { print $1 }'
		done | sort -u
}

RANDOM=$seed
sample >"$work/sample"
at_once start 4 <"$work/sample"
: >"$work/off"
: >"$work/sockets_off"
while read -r name; do
	line=$(grep -m1 "^$name	" "$work/values")
	started=$(cat "$host/$name/start")
	echo "$started" >"$host/$name/rc"
	[ "$started" -eq 0 ] || continue
	# It runs, but nobody can connect to it: no better than one that stops.
	if [ ! -s "$host/$name/sockets" ]; then
		echo deaf >"$host/$name/rc"
		continue
	fi
	"$bin" -c "$host/$name/cf" -A "$host/aliases" interface list --json >"$host/$name/list" 2>/dev/null
	echo "$line | $(paste -sd' ' "$host/$name/sockets") | $(ticks "$name" | paste -sd' ')" >>"$work/sockets"
done <"$work/sample"

# "0.0.0.0" is every IPv4 address, "::" every IPv6 address; names stand for their addresses.
awk -F ' [|] ' '
function set(list, out, n, i, part) {
	n = split(list, part, " ")
	for (i in out) delete out[i]
	for (i = 1; i <= n; i++) {
		if (part[i] == "0.0.0.0") out["127.0.0.1"] = out["192.0.2.10"] = 1
		else if (part[i] == "::" || part[i] == "*") out["::1"] = out["2001:db8::10"] = 1
		else out[part[i]] = 1
	}
}
function same(i) {
	for (i in real) if (!(i in ours)) return 0
	for (i in ours) if (!(i in real)) return 0
	return 1
}
{ set($2, real); set($3, ours); if (!same()) print }' "$work/sockets" >"$work/sockets_off"

# --- the table -------------------------------------------------------------------------------------

while IFS=$'\t' read -r name value how; do
	ours=$(cat "$host/$name/ours")
	case $(cat "$host/$name/rc") in
	0) real=runs ;;
	deaf) real=deaf ;;
	*) real=fatal ;;
	esac
	echo "$real ${ours%% *}" >>"$work/both"
	case $real$ours in
	runserror* | fatalnothing* | fatalnote* | fatalwarning* | deafnothing* | deafnote* | deafwarning*)
		echo "$real, ours $ours: inet_interfaces = $value; inet_protocols = $how: $(tail -n1 "$host/$name/said")" >>"$work/off"
		;;
	esac
done < <(sed 's/\t\t/\t \t/' "$work/values")
awk '{ n[$1 " " $2]++ } END {
	print "# listening        nothing     note  warning    error"
	split("runs deaf fatal", row, " ")
	for (i = 1; i <= 3; i++)
		printf "# %-14s %8d %8d %8d %8d\n", row[i], n[row[i] " nothing"], n[row[i] " note"], n[row[i] " warning"], n[row[i] " error"]
}' "$work/both"
echo "# started for real: $(wc -l <"$work/sample"), of which $(wc -l <"$work/sockets") listen"
echo "# deaf: it runs, but listens nowhere"
[ "$(wc -l <"$work/both")" -ge 300 ] || echo "only $(wc -l <"$work/both") values were judged" >>"$work/off"
[ "$(wc -l <"$work/sockets")" -ge 20 ] || echo "only $(wc -l <"$work/sockets") were started" >>"$work/sockets_off"
verdict "what keeps Postfix from running has an error, and nothing else" "$work/off"
verdict "the ticks of interface list are what Postfix listens on" "$work/sockets_off"
[ -z "${PR_KEEP:-}" ] || cp "$work/values" "$work/sockets" "$PR_KEEP"

finish

#!/usr/bin/env bash
# Postfix judges our judgement of who may relay: a private instance in namespaces of its own has one
# smtpd service for each of hundreds of mynetworks values that this test generates, and is asked for
# clients at many addresses; `network test` must answer the same for each. With PR_CORPUS the same
# for every main.cf there with a literal mynetworks. Then lists of restrictions, also generated: the
# answer is the same, or "can't tell" where a table decides; and `check` has an error for a list
# where smtpd dies, and for no other.
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"

rcpt=$BUILD/tests/oracle/rcpt
seed=${PR_SEED:-1}
values=${PR_VALUES:-150}
lists=${PR_LISTS:-100}
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C

if [ "${1:-}" != inside ]; then
	needs_program postfix
	unshare -n -m -p -f --mount-proc true 2>/dev/null || skip 'namespaces need root'
	unshare -n -m -p -f --mount-proc --kill-child bash "$0" inside &
	inside=$!
	trap 'kill -9 $inside' HUP INT TERM # unshare itself ignores the others
	wait $inside
	exit
fi

# Nobody but root can write above it: only then postmap may be asked.
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /mnt || exit 1
pf=/mnt/pf
mkdir -p $pf /mnt/spool /mnt/state
install -d -o postfix /mnt/data
ulimit -n 16384

clients="127.0.0.2 127.0.0.3 10.1.2.3 10.1.3.4 192.168.1.7 192.168.1.250 203.0.113.77
	::1 fd00:1::7 2001:db8::10 2001:db8:1::5"
more="127.0.0.1 127.0.0.2 10.0.0.5 10.1.2.3 172.16.0.9 172.17.0.2 172.31.5.5 192.168.0.10
	192.168.1.7 192.168.2.2 192.168.100.1 100.64.1.1 169.254.3.3 203.0.113.77 8.8.8.8 1.2.3.4
	::1 fd00:1::7 2001:db8::10 2a01:4f8::1"
cat >/mnt/hosts <<-END
	127.0.0.1 localhost
	::1 localhost
	127.0.0.3 client3.pf.example
	2001:db8::10 gw.pf.example
	192.168.1.7 printer.office.example
END
: >/mnt/resolv.conf
printf 'hosts: files\npasswd: files\ngroup: files\nservices: files\nprotocols: files\n' >/mnt/nsswitch.conf
mount --bind /mnt/hosts /etc/hosts
[ ! -e /etc/resolv.conf ] || mount --bind /mnt/resolv.conf "$(readlink -f /etc/resolv.conf)"
[ ! -e /etc/nsswitch.conf ] || mount --bind /mnt/nsswitch.conf /etc/nsswitch.conf
# Nothing of this goes to the machine's own log; Postfix's own (maillog_file) can stop its master when
# hundreds of services die at once.
[ ! -S /dev/log ] || mount --bind /mnt/resolv.conf /dev/log
ip link set lo up
for a in $clients $more; do
	case $a in
	*:*) ip -6 addr add "$a/128" dev lo nodad 2>/dev/null ;;
	*) ip addr add "$a/32" dev lo 2>/dev/null ;;
	esac
done

# NAME[ADDRESS], as the client is known to smtpd.
known() {
	awk -v want="$1" '$1 == want { name = $2 } END { print (name ? name : "unknown") "[" want "]" }' \
		/mnt/hosts
}

# --- values --------------------------------------------------------------------------------------

generate() {
	awk -v seed="$seed" -v values="$values" '
	function any(list, n) { return list[1 + int(rand() * n)] }
	function add(list, n, text,   part, k, i) {
		k = split(text, part, "\t")
		for (i = 1; i <= k; i++) list[n + i] = part[i]
		return n + k
	}
	BEGIN {
		srand(seed)
		n = add(good, 0, "127.0.0.2\t127.0.0.0/8\t127.0.0.2/31\t10.1.2.3\t10.0.0.0/8\t10.1.2.0/24\t" \
			"192.168.1.0/24\t192.168.1.250\t0.0.0.0/0\t192.168.1.7/032\t[127.0.0.0]/8\t" \
			"[::1]\t[::1]/128\t[::1/128]\t[fd00:1::]/64\t[2001:db8::]/32\t[2001:db8::10]\t" \
			"[2001:DB8::10]\t[::]/0\tclient3.pf.example\tpf.example\texample\tunknown\t" \
			"printer.office.example\toffice.example\tlocalhost\tPF.Example\t" \
			"$config_directory/nets\t$config_directory/more\t$config_directory/empty\t" \
			"$lan\t${lan}\t$(v6)\t$nothing\t${lan?10.1.3.4}\t${nothing:203.0.113.77}\t" \
			"cidr:$config_directory/cidr\ttexthash:$config_directory/text\t" \
			"hash:$config_directory/text\tinline:{127.0.0.2=OK,pf.example=OK}\t" \
			"inline:{{10.1.2.3 = REJECT}}\tcidr:{{10.0.0.0/8 OK},{[fd00:1::]/64 x}}\tcidr:{{!10.0.0.0/8 OK}}\t" \
			"static:all\tregexp:$config_directory/re\tproxy:cidr:$config_directory/cidr\tregexp:{{/^10/ x}}")
		b = add(bad, 0, "192.168.1.5/24\t10.0.0.0/33\t127.0.0.0/\t0/0\t2001:db8::10\tfd00:1::/64\t::1\t::/0\t" \
			"127.0.0.2:25\tnosuch:x\thash:$config_directory/missing\t$config_directory/missing\t" \
			"$config_directory/bad\t127.0.0\t127.*\t*\tall\tfoo\t127.0.0.02\t127.0.0.256\t10/8\t" \
			"127.0.0.2;127.0.0.3\t10.1.2.1-10.1.2.9\t{127.0.0.2}\t.pf.example\t[::ffff:127.0.0.2]\t" \
			"[::1\t[::1]x\t[127.0.0.2/8]\t#\t# 10.1.2.3\t/\t$config_directory\t!\t10.1.2.3/255.255.255.0\t" \
			"[fd00:1::7]/64\trelative/path\thash:relative\t[2001:db8::]/129\tcidr:{10.0.0.0/8}\t" \
			"cidr:$config_directory/missing\t10.1.2.3/-1\t127.0.0.0/8x\tpf.example.\t_x\t-\t$$lan\t[::]\t" \
			"/etc/nothere\tinline:{x}\tproxy:cidr:$config_directory/text\ttexthash:/nowhere\t[fd00:1::]/64]\t10.1.2.3#x\t!#")
		for (i = 1; i <= n && i <= values; i++) print good[i]
		for (i = 1; i <= b; i++) print (i % 2 ? "127.0.0.3, " : "") bad[i] (i % 3 ? "" : " 10.0.0.0/8")
		for (i = n + b; i < values; i++) {
			text = ""
			k = 1 + int(rand() * 5)
			for (j = 0; j < k; j++) {
				item = rand() < 0.88 ? any(good, n) : any(bad, b)
				if (rand() < 0.2) item = "!" item
				if (rand() < 0.02) item = "!" item
				sep = rand() < 0.5 ? ", " : rand() < 0.8 ? " " : ","
				text = text (j ? sep : "") item
			}
			print text
		}
	}'
}

# Lists of restrictions, six fields a line: mynetworks, then those of relay, recipient, client, helo
# and sender.
generate_lists() {
	awk -v seed="$seed" -v lists="$lists" '
	function any(list, n) { return list[1 + int(rand() * n)] }
	function words(k,   text, j) {
		text = any(word, w)
		for (j = 1; j < k; j++) text = text any(sep, 3) any(word, w)
		return text
	}
	function some(share, k) { return rand() < share ? words(1 + int(rand() * k)) : "" }
	BEGIN {
		srand(seed)
		split(", | |,", sep, "|")
		n = split("127.0.0.0/8|10.0.0.0/8 [fd00:1::]/64|192.168.1.5/24|client3.pf.example|unknown|" \
			"!10.1.2.3, 10.0.0.0/8|hash:/mnt/pf/missing|", nets, "|")
		w = split("permit_mynetworks|permit_mynetworks|permit_mynetworks|permit_mynetworks|" \
			"reject_unauth_destination|defer_unauth_destination|reject|defer|permit|REJECT|" \
			"Reject_Unauth_Destination|Permit|Permit_MyNetworks|permit_sasl_authenticated|warn_if_reject|" \
			"warn_if_reject reject|Warn_If_Reject reject_unauth_destination|warn_if_reject permit_mynetworks|" \
			"defer_if_permit|defer_if_reject|check_relay_domains|permit_auth_destination|Sleep 0|" \
			"class1|class2|class3|class4|classX|Class1|permit_mynetwork|reject_unauth_destination.|" \
			"reject_unknown_client_hostname|reject_unknown_client|reject_non_fqdn_sender|" \
			"reject_unauth_pipelining|reject_invalid_helo_hostname|reject_unlisted_recipient|foo=bar|;|#|" \
			"{reject}|check_client_access|check_client_access x|check_client_access static:OK|" \
			"check_client_access static:REJECT|check_client_access inline:{127.0.0.2=OK}|" \
			"check_client_access cidr:{{10.0.0.0/8 REJECT}}|check_client_access inline:{{127.0.0.3 = REJECT}}|" \
			"check_recipient_access inline:{remote.example=OK}|check_helo_access static:permit|" \
			"warn_if_reject check_client_access static:REJECT|permit_inet_interfaces|" \
			"reject_unknown_reverse_client_hostname", word, "|")
		for (i = 0; i < lists; i++) {
			relay = some(0.9, 3)
			if (rand() < 0.5) relay = relay (relay ? ", " : "") "reject_unauth_destination"
			print any(nets, n) "\t" relay "\t" some(0.5, 3) "\t" some(0.2, 2) "\t" some(0.15, 2) "\t" some(0.15, 2)
		}
	}'
}

lists() {
	cat >$pf/nets <<-'END'
		# a list in a file
		10.1.2.0/24, !192.168.1.250
		   192.168.1.0/24
		# in between
		   [fd00:1::]/64 # not a comment??
		#203.0.113.77
	END
	printf '/mnt/pf/nets\n!127.0.0.3 127.0.0.0/8\ngw.pf.example x\n' >$pf/more
	: >$pf/empty
	printf '10.1.3.4\n192.168.1.5/24\n203.0.113.77\n' >$pf/bad
	printf '# c\n10.1.2.3/32 OK\n10.1.3.5/24 broken\n!fd00::/16 no\nif 192.168.0.0/16\n192.168.1.7 x\nendif\n' >$pf/cidr
	printf '10.1.2.3 OK\npf.example REJECT\n127.0.0.2\n2001:db8:1::5 x\n' >$pf/text
	printf '/^10\\.1\\.2/ OK\n/printer/ OK\n' >$pf/re
	postmap -c $pf "hash:$pf/text" 2>/dev/null
}

# --- the instance --------------------------------------------------------------------------------

# Services on ports from 10001 on, one for each line of FILE; their values are $v_PORT, and those
# of the lists behind it $l1_PORT and so on.
instance() {
	cat >$pf/main.cf <<-END
		compatibility_level = 3.6
		queue_directory = /mnt/spool
		data_directory = /mnt/data
		command_directory = /usr/sbin
		daemon_directory = $(postconf -dh daemon_directory)
		meta_directory = $pf
		myhostname = relay.here.example
		mydestination =
		inet_interfaces = loopback-only
		inet_protocols = all
		mynetworks = 198.51.100.1
		smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
		smtpd_recipient_restrictions =
		smtpd_error_sleep_time = 0
		smtpd_client_connection_count_limit = 0
		smtpd_delay_open_until_valid_rcpt = yes
		service_throttle_time = 1s
		max_use = 100
		notify_classes =
		alias_maps =
		alias_database =
		local_recipient_maps =
		proxy_read_maps = \$mynetworks proxy:cidr:\$config_directory/cidr
		lan = 10.1.2.0/24
		v6 = [2001:db8::]/32
		smtpd_restriction_classes = class1 class2, class3 class4
		class1 = permit_mynetworks
		class2 = Reject_Unauth_Destination
		class3 = check_client_access inline:{127.0.0.2=OK}, permit
		class4 = class2, class1
	END
	cat >$pf/master.cf <<-END
		rewrite unix - - n - - trivial-rewrite
		cleanup unix n - n - 0 cleanup
		qmgr unix n - n 300 1 qmgr
		anvil unix - - n - 1 anvil
		proxymap unix - - n - - proxymap
		error unix - - n - - error
		discard unix - - n - - discard
	END
	awk -F '\t' -v cf=$pf/main.cf -v master=$pf/master.cf '
	BEGIN { split("- relay recipient client helo sender", list, " ") }
	{
		port = 10000 + NR
		print "v_" port " = " $1 >>cf
		line = port " inet n - n - 1 smtpd -o max_idle=1s -o mynetworks=$v_" port
		for (i = 2; i <= NF; i++) {
			print "l" i "_" port " = " $i >>cf
			line = line " -o smtpd_" list[i] "_restrictions=$l" i "_" port
		}
		print line >>master
	}' "$1"
	touch -d '1 hour ago' $pf/*
}

start() {
	[ ! -d /etc/postfix/dynamicmaps.cf.d ] || cp -r /etc/postfix/dynamicmaps.cf* $pf/ 2>/dev/null
	for name in post-install postfix-script postfix-files dynamicmaps.cf; do
		[ ! -e "/etc/postfix/$name" ] || cp "/etc/postfix/$name" $pf/
	done
	if ! postfix -c $pf start >/mnt/start 2>&1; then
		echo "# postfix did not start"
		sed 's/^/#   /' /mnt/start
		exit 1
	fi
}

# --- answers, one a line: PORT ADDRESS ANSWER ----------------------------------------------------

# our_answers FIRST LAST: what network test says of these services of $pf for each of the clients.
our_answers() {
	local who

	for a in $clients; do
		who=$(known "$a")
		"$bin" -c $pf -R --state /mnt/state network test "$who" 2>&1 | awk -v a="$a" -v first="$1" \
			-v last="$2" '
			{
				at = index($0, ": ")
				service = substr($0, 1, at - 1)
				word = substr($0, at + 2)
				end = index(word, "  ")
				if (end) word = substr(word, 1, end - 1)
				if (NR == 1) headline = word
				else { sub(/^ +/, "", service); other[service] = word }
			}
			END {
				for (p = first; p <= last; p++)
					print p, a, (p in other) ? other[p] : headline
			}'
	done
}

# compare NAME REAL OURS VALUES: the confusion table, and what is off the diagonal. A list with a
# table or a name in it may be more than we can tell; a refusal may come with any code.
compare() {
	sort -u "$2" >/mnt/real
	sort -u "$3" >/mnt/ours
	awk -v values="$4" '
		BEGIN { while ((getline line <values) > 0) value[10000 + ++n] = line }
		{ key = $1 " " $2; $1 = $2 = ""; sub(/^ +/, "") }
		/^other: [45][0-9][0-9] / { $0 = "denied" }
		FILENAME == ARGV[1] { real[key] = $0; next }
		{
			r = key in real ? real[key] : "not asked"
			count[r "\t" $0]++
			total++
			split(key, part, " ")
			open = $0 == "can\047t tell" && value[part[1]] ~ /\t.*(check_|class3|_client|inet_inter)/
			if (r != $0 && !open) { off[++bad] = key ": smtpd " r ", we say " $0 "   " value[part[1]] }
			delete real[key]
		}
		END {
			for (key in real) off[++bad] = key ": not answered"
			print "# answers: " total + 0
			for (pair in count) { split(pair, two, "\t"); printf "#   smtpd %-12s we %-12s %6d\n", two[1], two[2], count[pair] }
			for (i = 1; i <= bad && i <= 40; i++) print "#   off: " off[i]
			exit bad || !total
		}' /mnt/real /mnt/ours
	tell $? "$1" ''
}

generate >/mnt/values
n=$(wc -l </mnt/values)

# Those of the corpus come behind the generated ones, for the same start.
cp /mnt/values /mnt/all
: >/mnt/files
if [ -n "${PR_CORPUS:-}" ]; then
	mkdir -p /mnt/one
	for cf in "$PR_CORPUS"/main.cf/*.cf; do
		grep -q '^mynetworks' "$cf" || continue
		tr -d '\r' <"$cf" >/mnt/one/main.cf
		touch -d '1 hour ago' /mnt/one/main.cf
		value=$(postconf -c /mnt/one -nh mynetworks 2>/dev/null | tail -n 1)
		case $value in *'$'*) continue ;; *[![:space:]]*) ;; *) continue ;; esac
		printf '%s\n' "$value" >>/mnt/all
		printf '%s\n' "$cf" >>/mnt/files
	done
fi

m=$(wc -l </mnt/all)
generate_lists >>/mnt/all
k=$(wc -l </mnt/all)
instance /mnt/all
lists
start

# shellcheck disable=SC2086 # a list
seq 10001 $((10000 + n)) | "$rcpt" 5 $clients >/mnt/real.1
our_answers 10001 $((10000 + n)) >/mnt/ours.1
compare "network test says what smtpd does, $n values" /mnt/real.1 /mnt/ours.1 /mnt/values

if [ "$m" -gt "$n" ]; then
	# shellcheck disable=SC2086 # a list
	seq $((10001 + n)) $((10000 + m)) | "$rcpt" 5 $more >/mnt/real.2
	whos=
	for a in $more; do whos="$whos $(known "$a")"; done
	port=$((10000 + n))
	while IFS= read -r cf; do
		port=$((port + 1))
		cp "$cf" /mnt/one/main.cf
		printf '%s\n' 'smtp inet n - n - - smtpd' ' -o smtpd_client_restrictions=' \
			' -o smtpd_helo_restrictions= -o smtpd_sender_restrictions=' \
			' -o smtpd_relay_restrictions=permit_mynetworks,reject_unauth_destination' \
			' -o smtpd_recipient_restrictions= -o smtpd_restriction_classes=' >/mnt/one/master.cf
		touch -d '1 hour ago' /mnt/one/*
		# shellcheck disable=SC2086 # a list
		"$bin" -c /mnt/one -R --state /mnt/state network test $whos 2>&1 |
			awk -v port="$port" -v list="$more" '
			BEGIN { n = split(list, a, /[ \t\n]+/) }
			{
				word = substr($0, index($0, ": ") + 2)
				end = index(word, "  ")
				print port, a[NR], end ? substr(word, 1, end - 1) : word
			}'
	done </mnt/files >/mnt/ours.2
	compare "the same for $((m - n)) main.cf files of real machines" /mnt/real.2 /mnt/ours.2 /mnt/all
else
	echo "# SKIP no PR_CORPUS"
fi
# --- lists of restrictions -----------------------------------------------------------------------

# shellcheck disable=SC2086 # a list
seq $((10001 + m)) $((10000 + k)) | "$rcpt" 5 $clients >/mnt/real.3
our_answers $((10001 + m)) $((10000 + k)) >/mnt/ours.3
compare "the same for $((k - m)) lists of restrictions" /mnt/real.3 /mnt/ours.3 /mnt/all

# PORT dies|lives, by what smtpd did and by what check finds.
awk '{ dies[$1] += $3 == "no" } END { for (p in dies) print p, "-", dies[p] ? "dies" : "lives" }' /mnt/real.3 >/mnt/real.4
mkdir -p /mnt/one
grep -v '^l[0-9]_\|^v_' $pf/main.cf >/mnt/common
printf 'smtp inet n - n - - smtpd\n' >/mnt/one/master.cf
for port in $(seq $((10001 + m)) $((10000 + k))); do
	sed -n "$((port - 10000))p" /mnt/all | awk -F '\t' '
		BEGIN { split("- relay recipient client helo sender", list, " ") }
		{ print "mynetworks = " $1; for (i = 2; i <= NF; i++) print "smtpd_" list[i] "_restrictions = " $i }' |
		cat /mnt/common - >/mnt/one/main.cf
	touch -d '1 hour ago' /mnt/one/*
	"$bin" -c /mnt/one -R --state /mnt/state -A /mnt/one/none check 2>&1 |
		awk -v port="$port" '/ error: .*PR-REL-001/ { dies = 1 } END { print port, "-", dies ? "dies" : "lives" }'
done >/mnt/ours.4
compare "check has an error where smtpd dies of a list, and only there" /mnt/real.4 /mnt/ours.4 /mnt/all

postfix -c $pf stop >/dev/null 2>&1
finish

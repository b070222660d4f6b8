#!/usr/bin/env bash
# Postfix judges our judgement of aliases, on files that this test generates: what postalias warns
# of has a finding and nothing else has an error; and of one message to each of many aliases, what
# came back, waits or vanished had an error or a warning, and what was delivered had no error.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"

seed=${PR_SEED:-1}

PATH=$PATH:/usr/sbin:/sbin
needs_program postalias
make_work
limit=100

# --- lines, as postalias takes them -----------------------------------------------------------

# One name, sign and value after the other, put together at random; targets that exist only.
lines() {
	awk -v seed="$1" '
	function any(list, n) { return list[1 + int(rand() * n)] }
	BEGIN {
		srand(seed)
		n = split("a|b-c|d.e|f+g|H|\"i j\"|k l|\"m@n\"|o@p|q%r|s,t|\"u|v\"|<w>|[x]|y(z)|" \
			"(only)||@|*|a;b|a/b|x\\y|\"c:d\"|e#f|#g|:include:/l|nis|r!s|" \
			"\303\211t|\351|" "|\\|a\\:b", name, "|")
		s = split(":|: |\t:\t| : ||::| |=|:\\|: ,|: #", sign, "|")
		v = split("root|root, root||root,|\"root\"|root (x)|<root>|root;|\\root|root root", value, "|")
		value[++v] = "|/bin/true"
		value[++v] = "\"|/bin/cat x\""
		value[++v] = "/dev/null"
		value[++v] = "root\n\troot"
		value[++v] = "root,\n\n# in between\n  root"
		value[++v] = "\n root"
		value[++v] = "r\377"
		value[++v] = "root@localhost"
		for (i = 0; i < 300; i++) {
			if (rand() < 0.03) print "# a comment: root"
			if (rand() < 0.03) print ""
			k = any(name, n)
			if (rand() < 0.7 && k !~ /["@%#]/) k = k i
			print (rand() < 0.01 ? " " : "") k any(sign, s) any(value, v)
		}
	}'
}

# judge FILE: "LINE error|warning|note TEXT" of each of our findings on it.
judge() {
	"$bin" -c "$work/cf" -A "$1" check 2>/dev/null |
		LC_ALL=C awk -v file="$1" 'index($0, file ":") == 1 {
			rest = substr($0, length(file) + 2)
			split(rest, part, ":")
			sub(/^[0-9]+:[0-9]+: /, "", rest)
			split(rest, word, ":")
			print part[1], word[1], substr(rest, length(word[1]) + 3)
		}'
}

postalias_agrees() {
	local file=$work/aliases$1

	lines "$1" >"$file"
	printf 'compatibility_level = 3.6\nalias_database = hash:%s\nalias_maps = hash:%s\nmydestination = localhost\nmyorigin = localhost\n' \
		"$file" "$file" >"$work/cf/main.cf"
	touch -d '1 hour ago' "$work/cf/main.cf"
	postalias -c "$work/cf" "hash:$file" 2>"$work/said" || echo "postalias stopped" >>"$work/off"
	judge "$file" >"$work/ours"
	# lines that are dropped; duplicates by name
	LC_ALL=C sed -n "s|.*warning: $file, line \([0-9]*\): .*|\1|p" "$work/said" | sort >"$work/dropped"
	LC_ALL=C sed -n 's/.*duplicate entry: "\(.*\)"$/\1/p' "$work/said" | sort >"$work/dups"
	LC_ALL=C grep 'PR-AL-00[1236]' "$work/ours" | grep -v queue | cut -d' ' -f1 | sort >"$work/our_dropped"
	LC_ALL=C sed -n 's/.*gives "\(.*\)" already.*PR-AL-004.*/\1/p' "$work/ours" | sort >"$work/our_dups"
	LC_ALL=C comm -3 "$work/dropped" "$work/our_dropped" | sed "s/^/seed $1, dropped line: /" >>"$work/off"
	LC_ALL=C comm -3 "$work/dups" "$work/our_dups" | sed "s/^/seed $1, duplicate: /" >>"$work/off"
	total=$((total + $(wc -l <"$file")))
	warned=$((warned + $(wc -l <"$work/dropped") + $(wc -l <"$work/dups")))
	# a target that Postfix takes silently when it builds may still be wrong when it delivers
	LC_ALL=C grep ' error ' "$work/ours" | grep -v 'PR-AL-\(003\|007\|011\|012\)' |
		sed "s/^/seed $1, false error: /" >>"$work/off"
}

mkdir -m 755 "$work/cf"
: >"$work/off"
total=0
warned=0
for i in 1 2 3; do
	postalias_agrees "$((seed * 10 + i))"
done
echo "# postalias: $total lines, $warned warnings of dropped or doubled ones"
verdict "every line that postalias warns of has a finding, and no other" "$work/off"

# --- delivery ------------------------------------------------------------------------------------

if ! reason=$("$sandbox" probe 2>&1); then
	echo "# SKIP delivery: $reason"
	finish
	exit
fi

# Aliases g1, g2 ...; helpers of g7 are called g7-x.
aliases() {
	local n=0 target i

	add() {
		n=$((n + 1))
		printf 'g%d: %s\n' "$n" "$1"
	}
	printf 'postmaster: alice\nroot: alice\n'
	while IFS= read -r target; do add "$target"; done <<'END'
alice
bob, alice
BOB
Alice@LocalHost
alice@localhost.
nosuch
nosuch@localhost
nosuch+x
alice+x
alice+x@localhost
alice # the boss
alice #
bob # alice
#alice
\alice
\nosuch
\g1
<alice>
"Alice A" <alice@localhost>
alice (a comment)
(only a comment)
,
alice,
,alice
alice bob
alice;bob
team: alice, bob;
alice:bob
alice)
"alice
"nosuch
"alice"
"alice"@localhost
"alice x"
alice\,bob
[alice]
.
alice.x
b@
@
""
-alice
alice%localhost
nosuch%localhost
localhost!alice
localhost!nosuch
alice@localhost@localhost
@localhost
@there.invalid
<alice>@localhost
<alice>@there.invalid
alice@localhost :include:/run/t/list
alice@
"alice@localhost"
"alice"x
alice "bob"
alice@localhost bob@localhost
mailer-daemon
postmaster
root
root@localhost
/dev/null
/run/t/none
/run/t/closedfile
/run/t/openfile
/run/t/runnable
/run/t/dir
/run/t/dir/
/run/t/maildir/
/run/t/boxes/
/run/t/nomaildir/
/run/t/open/new
/run/t/open/newdir/
/run/t/missing/new
/run/t/private/file
/run/t/link
"/run/t/open/a b"
run/t/openfile
~/x
|/run/t/ok
"|/run/t/ok"
|/run/t/words a
"|/run/t/words a"
|"/run/t/words a"
|/run/t/words -q 3
|/run/t/words alice
|/run/t/ok, alice
|/run/t/words a b, alice
"|/run/t/words 'a b'"
|/run/t/plain
"|/run/t/plain x"
|/run/t/absent
"|/run/t/absent x"
"|/run/t/absent || exit 75"
"|exec /run/t/absent"
"|exec /run/t/words a"
"|X=1 /run/t/words a"
|/run/t/mine
|/run/t/dir
|/run/t/private/ok
|/run/t/anybody
|cat
|no-such-program
|run/t/ok
|true
|./ok
:include:/run/t/list
:include:/run/t/commented
:include:/run/t/emptylist
:include:/run/t/nolist
:include:/run/t/openlist
:include:/run/t/dir
:include:run/t/list
":include:/run/t/list"
:include: /run/t/list
~alice
alice, nosuch
alice, /run/t/none
END
	# loops of any length, by names, addresses, extensions and self
	for i in 2 3 4 7; do
		add "g$((n + 1))-1"
		seq 1 "$i" | awk -v g="g$n" -v n="$i" '{ print g "-" $1 ": " g "-" ($1 % n + 1) }'
	done
	add "g$((n + 1))-a@localhost, alice"
	printf 'g%d-a: \\G%d-B\ng%d-b: g%d-A+x\n' "$n" "$n" "$n" "$n"
	add "g$((n + 1))"
	add "g$((n + 1)), alice"
	add "g$((n + 1))+x"
	add "g$((n + 1))-alice"
	printf 'g%d-alice: alice\n' "$n"
	printf 'bob: bob, alice\n'
	# chains: how far does local(8) follow?
	for i in 20 24 25 26 40; do
		add "g$((n + 1))-1"
		seq 1 "$((i - 1))" | awk -v g="g$n" -v n="$((i - 1))" \
			'{ print g "-" $1 ": " ($1 == n ? "alice" : g "-" ($1 + 1)) }'
	done
	# pairs
	awk -v seed="$seed" -v n="$n" 'BEGIN {
		srand(seed)
		k = split("alice|bob|nosuch|/dev/null|/run/t/openfile|/run/t/none|alice@localhost|" \
			"\"alice\"|g1|-x|:include:/run/t/list", good, "|")
		s = split(",|, | |;|,,| , ", sep, "|")
		for (i = 1; i <= 60; i++) {
			line = good[1 + int(rand() * k)]
			for (j = 1 + int(rand() * 2); j > 0; j--)
				line = line sep[1 + int(rand() * s)] good[1 + int(rand() * k)]
			print "g" (n + i) ": " line
		}
	}'
}

set_up='
cat >>/etc/passwd <<E
alice:x:5001:5001::/home/alice:/bin/sh
bob:x:5002:5002::/home/bob:/bin/sh
E
mkdir -p /home/alice /home/bob /run/t && cd /run/t || exit 1
chmod 755 . && umask 022
printf "#!/bin/sh\nexec cat >/dev/null\n" >ok && chmod 755 ok
printf "#!/bin/sh\ncat >/dev/null\n[ \$# -gt 0 ]\n" >words && chmod 755 words
cp ok plain && chmod 644 plain
cp ok mine && chmod 700 mine
cp ok anybody && chmod 757 anybody
mkdir dir open maildir && chmod 777 open maildir
mkdir -m 700 private && cp ok private/ && : >private/file && chmod 666 private/file
mkdir -p boxes/tmp boxes/new boxes/cur && chmod 777 boxes/*
: >closedfile && : >openfile && chmod 666 openfile
: >runnable && chmod 777 runnable && ln -s openfile link
echo alice >list && : >emptylist && echo alice >openlist && chmod 666 openlist
printf "# all\n\nalice\n" >commented
postconf -e recipient_delimiter=+ && touch -d "1 minute ago" /etc/postfix/main.cf
newaliases && postfix start >/dev/null 2>&1
until [ -S /var/spool/postfix/public/pickup ] && [ "$(postqueue -p)" ]; do :; done
'
deliver='
for name in $(sed -n "s/^\(g[0-9]*\):.*/\1/p" /etc/aliases); do
	echo x | sendmail -f alice@localhost "$name" || exit 1
done
# all have been tried once when none waits in a queue but those that were put off
tries=0
while [ -n "$(find /var/spool/postfix/maildrop /var/spool/postfix/incoming /var/spool/postfix/active -type f | head -n 1)" ] && [ "$tries" -lt 400 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
'
# From the log: NAME delivered|lost, one line each. Mail that is forwarded keeps its first name.
outcome='
/to=<[^>]*>.* status=/ {
	name = ""
	if (match($0, /orig_to=<g[0-9]+>/)) name = substr($0, RSTART + 9, RLENGTH - 10)
	else if (match($0, /[ ]to=<g[0-9]+@/)) name = substr($0, RSTART + 5, RLENGTH - 6)
	if (name == "") next
	if ($0 ~ /status=sent \(forwarded as/) next
	if ($0 !~ /status=sent/ || $0 ~ /\(discarded\)|delivered to command: \)/) lost[name] = 1
	else got[name] = 1
}
END { for (name in lost) print name, "lost"; for (name in got) if (!(name in lost)) print name, "delivered" }'

if ! "$sandbox" start --parent $$ "$work/a" >"$work/start" 2>&1; then
	cat "$work/start"
	echo "not ok $((count + 1)) - the sandbox starts"
	exit 1
fi
aliases >"$work/a/aliases"
on exec relay cp "$work/a/aliases" /etc/aliases
on exec relay bash -c "$set_up"
on exec relay "$bin" check >"$work/found" 2>&1
on exec relay bash -c "$deliver"
on exec relay cat /var/log/maillog >"$work/log"

# Our verdict for a group: the worst finding on the lines of its aliases.
awk 'NR == FNR { if (match($0, /^[^:]*:/)) name[FNR] = substr($0, 1, RLENGTH - 1); next }
	/^\/etc\/aliases:/ {
		split($0, part, ":")
		split(part[4], word, " ")
		group = name[part[2]]
		sub(/-.*/, "", group)
		rank = word[1] == "error" ? 3 : word[1] == "warning" ? 2 : 1
		if (rank > worst[group]) worst[group] = rank
	}
	END { for (line in name) {
		group = name[line]
		if (group !~ /-/ && group ~ /^g/)
			print group, worst[group] == 3 ? "error" : worst[group] == 2 ? "warning" : "nothing"
	} }' "$work/a/aliases" "$work/found" | sort >"$work/ours"
awk "$outcome" "$work/log" | sort >"$work/postfix"
# no line at all in the log: it vanished
LC_ALL=C join -a 1 -e lost -o 0,1.2,2.2 "$work/ours" "$work/postfix" >"$work/both"
awk '{ n[$3 " " $2]++ } END {
	print "# delivery         nothing  warning    error"
	split("delivered lost", row, " ")
	for (i = 1; i <= 2; i++)
		printf "# %-14s %8d %8d %8d\n", row[i], n[row[i] " nothing"], n[row[i] " warning"], n[row[i] " error"]
}' "$work/both"
awk 'NR == FNR { at = index($0, ":"); text[substr($0, 1, at - 1)] = substr($0, at + 1); next }
	($3 == "delivered" && $2 == "error") || ($3 == "lost" && $2 == "nothing") { print $0, text[$1] }' \
	"$work/a/aliases" "$work/both" >"$work/off"
[ "$(wc -l <"$work/both")" -gt 150 ] || echo "only $(wc -l <"$work/both") aliases were judged" >>"$work/off"
verdict "what Postfix loses had a finding, what it delivers had no error" "$work/off"
[ -z "${PR_KEEP:-}" ] || cp "$work/found" "$work/both" "$work/log" "$work/a/aliases" "$PR_KEEP"

finish

#!/usr/bin/env bash
# Two postrelays and `postconf -e` fight over one main.cf, on a real Postfix in the sandbox: every
# change is there or was refused, and none is lost. Then clashes, and what the command line says.
# The fight takes PR_FIGHT seconds (60).
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"
needs_sandbox
make_work
limit=300

ok() { # 0 (it is well), NAME; what is wrong is in $work/told
	tell "$1" "$2" "$(cat "$work/told" 2>/dev/null)"
	rm -f "$work/told"
}

start_machine

# Each of the three writes names of its own, for as long as it was told to. What it says of round N:
# done or refused.
# A fresh main.cf costs every Postfix command 2 s, so its time is set back where that does no harm:
# only the bytes count for who has changed it.
fight='
end=$(($(date +%s) + $1)) bin=$2
cd /tmp && rm -f fight.*
one() { # NAME COMMAND...: what it did goes to fight.NAME
	name=$1; shift
	if "$@" >fight.out.$name 2>&1; then
		echo "$name applied" >>fight.said
		grep -q "laid over it" fight.out.$name && echo "$name" >>fight.laid
	else
		echo "$name refused $?" >>fight.said
		cat fight.out.$name >>fight.why
	fi
}
back() { touch -d "1 minute ago" /etc/postfix/main.cf; }
rounds() { # NAME
	i=0
	while [ "$(date +%s)" -lt "$end" ]; do
		i=$((i + 1))
		"$1"
		back
	done
}
a() { one "a$i" "$bin" network add --no-act "10.$((i / 250)).$((i % 250)).0/24"; }
b() { one "b$i" "$bin" set --no-act "b_param_$i=$i"; }
c() { one "c$i" postconf -e "c_param_$i=$i"; }
rounds a & rounds b & rounds c &
wait
cat fight.said
'
seconds=${PR_FIGHT:-60}
relay "$bin" network add --no-act 10.0.0.0/24 >/dev/null 2>&1
said=$(relay sh -c "$fight" fight "$seconds" "$bin")
rounds=$(grep -c . <<<"$said")
[ "$(grep -o '^[abc]' <<<"$said" | sort -u | wc -l)" -eq 3 ]
ok $? "three writers fought for $seconds s"
relay sh -c 'cat /tmp/fight.why 2>/dev/null' >"$work/told"
laid=$(relay sh -c 'cat /tmp/fight.laid 2>/dev/null' | grep -c .)
[ "$(grep -c applied <<<"$said")" -gt $((rounds / 3)) ]
ok $? "$(grep -c applied <<<"$said") of $rounds changes were applied, $laid laid over another one"

# What is in the file, by the names of the fight, and what was said to be done.
there() {
	relay cat /etc/postfix/main.cf >"$work/after"
	grep -oE '10\.[0-9]+\.[0-9]+\.0/24' "$work/after" | awk -F. '$2 + $3 > 0 { print "a" $2 * 250 + $3 }'
	sed -n 's/^\([bc]\)_param_\([0-9]*\) = \2$/\1\2/p' "$work/after"
}
diff <(awk '$2 == "applied" { print $1 }' <<<"$said" | sort) <(there | sort) >"$work/told"
ok $? "every applied change is there, every refused one isn't"

doubled=$(relay postconf -n 2>&1 | grep -v 'unused parameter' | grep -c 'warning\|overriding')
[ "$doubled" -eq 0 ]
ok $? "Postfix reads the result without a warning"
left=$(relay sh -c 'ls -A /etc/postfix | grep -c "postrelay\|main.cf.tmp"')
[ "$left" -eq 0 ]
ok $? "nothing is left beside main.cf"

# Somebody else writes while postrelay, which has read main.cf, waits for the lock that the other
# one holds as `postconf -e` would. That it waits shows in the lock that it holds itself.
strike='
line=$1; shift
exec 9>/etc/postfix/main.cf.tmp
flock 9
"$@" 9>&- &
pid=$!
while flock -n /var/lib/postrelay/*/apply.lock true && kill -0 $pid; do sleep 0.01; done
echo "$line" >>/etc/postfix/main.cf
touch -d "1 minute ago" /etc/postfix/main.cf
rm -f /etc/postfix/main.cf.tmp
exec 9>&-
wait $pid'
strike() {
	relay sh -c "$strike" strike "$@" >"$work/told" 2>&1
}
has() {
	for line; do relay grep -qx -- "$line" /etc/postfix/main.cf || return 1; done
}
strike 'd_param = theirs' "$bin" set --no-act e_param=mine &&
	has 'd_param = theirs' 'e_param = mine' && grep -q 'laid over it' "$work/told"
ok $? "a change of something else in between: both are there, status 0"

relay "$bin" set --no-act myhostname=a.example.co.jp >/dev/null 2>&1
strike 'myhostname = theirs.example.co.jp' "$bin" set --no-act myhostname=mine.example.co.jp
[ $? -eq 3 ] && has 'myhostname = theirs.example.co.jp' && ! has 'myhostname = mine.example.co.jp' &&
	grep -q 'Theirs: theirs.example.co.jp. Yours: mine.example.co.jp.' "$work/told" &&
	grep -q 'Nothing was written' "$work/told"
ok $? "a change of the same thing in between: status 3, both forms are told, nothing is written"

strike 'myhostname = same.example.co.jp' "$bin" set --no-act myhostname=same.example.co.jp &&
	has 'myhostname = same.example.co.jp'
ok $? "the same change in between: it is done, status 0"

strike 'f_param = theirs' "$bin" --json set --no-act f2_param=mine &&
	has 'f_param = theirs' 'f2_param = mine' &&
	[ "$(grep -c '"applied": true' "$work/told")" -eq 1 ] && ! grep -q '"applied": false' "$work/told"
ok $? "JSON tells of one apply only"

finish

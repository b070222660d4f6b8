#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The figures to reach, measured beside the programs that people use today: one row a
# figure. Times are medians, ratios medians of pairs that ran by turns. Everything is done
# on files of our own in a scratch folder; no service is touched. Ends with 1 when a figure
# is missed or can't be measured.
#
#	BUILD=build bench.sh
set -u

BUILD=$(cd "${BUILD:-build}" && pwd) || exit 2
HERE=$(cd "$(dirname "$0")" && pwd)
STOCK=$HERE/../../src/sandbox
RELAY=$BUILD/postrelay
BENCH=$BUILD/tests/bench/bench
ALIASES=1000000
TYPED=user1

PATH=$PATH:/usr/sbin:/sbin
missed=0

W=$(mktemp -d /var/tmp/postrelay-bench.XXXXXX) || exit 2
trap 'rm -rf "$W"' EXIT
trap 'exit 1' HUP INT TERM

# nano keeps its history and locks below HOME; no rc file of a person counts.
export HOME="$W/home" LC_ALL=C.UTF-8 TERM=xterm-256color
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME MAIL_CONFIG NO_COLOR

# --- inputs -----------------------------------------------------------------------------

# A folder of Postfix's, as it is on a fresh machine, with a relay host: an address, for
# the answer of DNS to a name would be counted with whatever key came before it.
folder() {
	mkdir -m 755 "$1"
	cp "$STOCK/main.cf" "$STOCK/master.cf" "$STOCK/aliases" "$1/"
	echo 'relayhost = [192.0.2.25]:587' >>"$1/main.cf"
	chmod 644 "$1"/*
	# Postfix's programs wait where main.cf is younger than a moment.
	touch -d '10 minutes ago' "$1"/*
}

make_inputs() {
	mkdir -p "$HOME/.local/share/nano"
	mkdir -m 700 "$W/state"
	folder "$W/ours"
	folder "$W/theirs"
	"$BUILD/tests/bench/gen_aliases" $ALIASES >"$W/aliases"
	cp "$W/aliases" "$W/aliases-theirs"
	touch -d '10 minutes ago' "$W/aliases" "$W/aliases-theirs"
	# names of parameters and types of tables are compiled in: nobody has to be asked
	echo 'command_dir = "/nonexistent"' >"$W/alone.conf"
	chmod 644 "$W/alone.conf"
	folder "$W/nets"
	awk 'BEGIN {
		print "myhostname = relay.example.com\nmynetworks = 127.0.0.0/8"
		for (i = 0; i < 100000; i++)
			printf "    10.%d.%d.%d/30\n", i / 16384 % 256, i / 64 % 256, i % 64 * 4
	}' >"$W/nets/main.cf"
	folder "$W/line"
	paste -s -d ' ' "$W/nets/main.cf" | sed 's/ mynetworks/\n&/; s/^ //M' >"$W/line/main.cf"
	touch -d '10 minutes ago' "$W/nets/main.cf" "$W/line/main.cf"
}

# --- the table --------------------------------------------------------------------------

row() { # what ours theirs ratio limit verdict
	printf '%-46s %10s %10s %6s %9s  %s\n' "$@"
	case $6 in
	ok) ;;
	*) missed=$((missed + 1)) ;;
	esac
}

# ok when the number is at most the limit, MISSED otherwise; nothing measured is missed, too.
verdict() {
	awk -v n="$1" -v max="$2" 'BEGIN { print n != "" && n + 0 <= max + 0 ? "ok" : "MISSED" }'
}

# what limit mode runs A... -- B...: both times and the median of the ratios.
pair() {
	what=$1 limit=$2
	shift 2
	if ! numbers=$(timeout 100 "$BENCH" "$@"); then
		row "$what" - - - "<= $limit" "NOT MEASURED"
		return
	fi
	# shellcheck disable=SC2086 # five numbers
	set -- $numbers
	row "$what" "$1 ms" "$2 ms" "$3" "<= $limit" "$(verdict "$3" "$limit")"
}

# what number unit limit
single() {
	row "$1" "${2:--} $3" - - "<= $4" "$(verdict "$2" "$4")"
}

# The largest number in a column of `bench keys`, of the keys that are asked for.
largest() { # column names < keys
	awk -v col="$1" -v names=" $2 " '
		index(names, " " $1 " ") && $col + 0 > max + 0 { max = $col }
		END { print max }'
}

# --- small files ------------------------------------------------------------------------

on_keys() { # keys screen...
	keys=$1
	shift
	timeout 60 "$BENCH" keys "$keys" "$RELAY" -c "$W/ours" --state "$W/state" \
		-A "$W/ours/aliases" "$@"
}

# Every screen is opened; the worst counts.
screens() {
	for screen in overview interfaces networks relayhost aliases params; do
		on_keys '\D\D\D' $screen
	done >"$W/screens"
	{
		on_keys 'axyz' aliases
		on_keys 'a192' networks
	} >"$W/dialogs"
	single 'first screen of any tab, 80x24' "$(largest 2 start <"$W/screens")" B 2400
	single 'Down' "$(largest 2 '\D' <"$W/screens")" B 60
	single 'a typed character' "$(largest 2 'x y z 1 9 2' <"$W/dialogs")" B 25
	single 'a dialog' "$(largest 2 a <"$W/dialogs")" B 1500
	single 'wake-ups in two idle seconds' "$(timeout 60 "$BENCH" idle '\D' "$RELAY" -c \
		"$W/ours" --state "$W/state" -A "$W/ours/aliases")" '' 0
}

small() {
	set -- "$RELAY" -c "$W/ours" --state "$W/state" -A "$W/ours/aliases"
	pair 'start to first full screen / nano main.cf' 1 screen 31 "$@" -- \
		"$(command -v nano)" "$W/theirs/main.cf"
	pair 'get relayhost / postconf -h' 0.5 run 51 "$@" get relayhost -- \
		"$(command -v postconf)" -c "$W/theirs" -h relayhost
	# An address: a name would be asked of DNS meanwhile.
	next='relayhost=[192.0.2.25]:2%d'
	pair 'set relayhost / postconf -e' 1 run 51 "$@" --no-act --force PR-PF-002 set "$next" -- \
		"$(command -v postconf)" -c "$W/theirs" -e "$next"
}

# --- what is judged ---------------------------------------------------------------------

# The middle of a column of `bench keys`, without the first screen.
middle() { # column
	awk -v col="$1" '$1 != "start" && $col ~ /^[0-9.]+$/ { print $col }' | sort -n |
		awk '{ v[NR] = $1 } END { if (NR) print v[int((NR + 1) / 2)] }'
}

judged() {
	check="$RELAY -f $W/alone.conf --state $W/state"
	# shellcheck disable=SC2086 # words
	pair 'check, nothing asked / postconf -n' 0.5 run 51 $check -c "$W/ours" \
		-A "$W/ours/aliases" check -- "$(command -v postconf)" -c "$W/theirs" -n
	# shellcheck disable=SC2086 # words
	pair 'check of 100,000 networks / postconf -n' 1 run 15 $check -c "$W/nets" \
		-A "$W/nets/aliases" check -- "$(command -v postconf)" -c "$W/nets" -n
	# shellcheck disable=SC2086 # words
	pair 'the same on one line / postconf -n' 1 run 15 $check -c "$W/line" \
		-A "$W/line/aliases" check -- "$(command -v postconf)" -c "$W/line" -n
	{
		on_keys 'a192.168.9.5/24' networks
		on_keys '\r[mail.example.net' relayhost
	} >"$W/typed"
	single 'a typed character, judged and drawn, median' "$(middle 3 <"$W/typed")" ms 1
}

# --- a million aliases ------------------------------------------------------------------

filter() {
	for _ in 1 2 3; do
		timeout 60 "$BENCH" keys "/$TYPED" "$@"
	done | awk '
		$1 != "start" && $1 != "/" { n[$1]++; ms[$1, n[$1]] = $3 }
		END {
			for (key in n) {
				a = ms[key, 1]; b = ms[key, 2]; c = ms[key, 3]
				mid = a > b ? (b > c ? b : a > c ? c : a) : (a > c ? a : b > c ? c : b)
				if (mid + 0 > max + 0) max = mid
			}
			print max
		}'
}

large() {
	set -- "$RELAY" -c "$W/ours" --state "$W/state" -A "$W/aliases"
	pair '1,000,000 aliases: first full screen / vim.tiny' 1 screen 9 "$@" aliases -- \
		"$(command -v vim.tiny)" -n "$W/aliases"
	single '1,000,000 aliases: a filter keystroke, the worst' "$(filter "$@" aliases)" ms 50
	rss=$(timeout 60 "$BENCH" memory "/$TYPED" "$@" aliases | awk '{ printf "%.1f", $2 * 1.048576 }')
	single "1,000,000 aliases: peak memory, $(($(wc -c <"$W/aliases") / 1000000)) MB file" "$rss" MB 90
	pair '1,000,000 aliases: alias set / sed -i' 1 run 9 "$@" --no-act --force PR-PF-002 alias set \
		needle user%d -- "$(command -v sed)" -i 's/^needle:.*/needle:	user%d/' "$W/aliases-theirs"
}

make_inputs || exit 2
printf '%-46s %10s %10s %6s %9s\n' figure ours theirs ratio limit
small
judged
screens
large
if [ "$missed" -gt 0 ]; then
	echo "$missed missed"
	exit 1
fi

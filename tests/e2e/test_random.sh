#!/usr/bin/env bash
# A hundred applies of random valid edits, most of them killed at a random call, one on top of
# the other, against a model of what must be on disk: all of the edits, or none.
#
# PR_SEED: another row of edits; PR_ROUNDS: how many.
# shellcheck disable=SC2016 # a value with $ in it is for Postfix
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"

# shellcheck source=tests/e2e/cut_off.sh
. "$root/tests/e2e/cut_off.sh"
needs_program strace
run_inside "$@"

readonly SEED=${PR_SEED:-1} ROUNDS=${PR_ROUNDS:-100}
readonly NAMES='relayhost delay_warning_time message_size_limit smtpd_banner'
readonly VALUES=('[a.test]:25' '[b.test]:587' 4h 1h 20480000 30720000 '$myhostname ESMTP' '$myhostname ESMTP x')
readonly TARGETS=(root postmaster a@b.test 'two words@b.test' '"|/bin/true -x"')
readonly MODEL=$R/model WANTED=$R/wanted

# --- the model: lines "p NAME VALUE", "a NAME TARGET", "n ITEM" -------------------------------

# What the files say, read without postrelay.
on_disk() {
	local name

	for name in $NAMES; do
		sed -n "s/^$name = /p $name /p" /etc/postfix/main.cf | tail -n 1
	done
	sed -n 's/^\(r[0-9]\):[[:space:]]*/a \1 /p' /etc/aliases
	sed -n 's/^10\./n 10./p' /etc/postfix/nets
}

same_as() { # file
	on_disk | sort | cmp -s - "$1"
}

put() { # KEY (two words, or one) NEW-LINE
	grep -v "^$1\( \|\$\)" "$WANTED" >"$WANTED.new"
	[ -z "$2" ] || printf '%s\n' "$2" >>"$WANTED.new"
	sort "$WANTED.new" >"$WANTED"
}

# One more edit into `edits`, and what it does into the wanted model.
draw() {
	local at name value

	case $((RANDOM % 3)) in
	0)
		at=$((RANDOM % 4))
		name=$(cut -d' ' -f$((at + 1)) <<<"$NAMES")
		value=${VALUES[at * 2 + RANDOM % 2]}
		edits+=("p:$name=$value")
		put "p $name" "p $name $value"
		;;
	1)
		name=r$((RANDOM % 8))
		value=${TARGETS[RANDOM % 3]}
		if [ $((RANDOM % 3)) -eq 0 ] && grep -q "^a $name " "$WANTED"; then
			edits+=("a:$name")
			put "a $name" ''
		else
			edits+=("a:$name=$value")
			put "a $name" "a $name $value"
		fi
		;;
	2)
		name=10.$((20 + RANDOM % 8)).0.0/16
		if grep -q "^n $name\$" "$WANTED"; then
			edits+=("n:/etc/postfix/nets=-$name")
			put "n $name" ''
		else
			edits+=("n:/etc/postfix/nets=$name")
			put "n $name" "n $name"
		fi
		;;
	esac
}

# --- what must hold ---------------------------------------------------------------------------

# Whatever no edit was about.
rest_of_files() {
	grep -v '^\(relayhost\|delay_warning_time\|message_size_limit\|smtpd_banner\) =' /etc/postfix/main.cf
	grep -v '^r[0-9]:' /etc/aliases
	grep -v '^10\.2[0-9]' /etc/postfix/nets
}

database_agrees() {
	local rows='s/^\(r[0-9]\):[[:space:]]*/\1 /p'

	diff <(sed -n "$rows" /etc/aliases | sort) \
		<(postalias -c "$R/still" -s hash:/etc/aliases | sed -n "$rows" | sort) >"$R/differs"
}

look() { # after the next start
	local left

	if same_as "$WANTED"; then
		side=new
	elif same_as "$MODEL"; then
		side=old
	else
		side=mixed
		wrong "neither all nor nothing: $(on_disk | sort | diff - "$MODEL" | tr '\n' ' ')"
	fi
	rest_of_files | cmp -s - "$R/rest" || wrong 'something that no edit was about has changed'
	left=$(litter)
	[ -z "$left" ] || wrong "left over: $(tr '\n' ' ' <<<"$left")"
	[ "$applied" -eq 5 ] || database_agrees || wrong "the alias database is another one: $(tr '\n' ' ' <"$R/differs")"
	owners | cmp -s - "$R/owners" || wrong 'owner or mode'
}

round() { # number
	local inject='' i

	edits=()
	problems=''
	cp "$MODEL" "$WANTED"
	for ((i = RANDOM % 5; i >= 0; i--)); do draw; done
	[ $((RANDOM % 4)) -eq 0 ] || inject="${TRACED#getppid,}:signal=SIGKILL:when=$((RANDOM % 160 + 1))"
	apply "$inject" "${edits[@]}"
	applied=$status
	[ "$(alias_of postmaster)" ] || wrong 'right after it the alias database did not answer'
	"$BUILD/postrelay" status >"$R/status" 2>&1 || wrong "status: $(tail -n 2 "$R/status" | tr '\n' ' ')"
	programs_end
	look
	case $applied/$side in
	0/new | 5/* | [134]/old) ;;
	*) cmp -s "$MODEL" "$WANTED" || wrong "ended with $applied, but the files are $side" ;;
	esac
	sides[$side]=$((${sides[$side]:-0} + 1))
	[ -z "$problems" ] || bad+="round $1 (${edits[*]}; ${inject##*:}; status $applied):$problems $(tail -n 2 "$R/said" | tr '\n' ' ')"$'\n'
	if same_as "$WANTED"; then cp "$WANTED" "$MODEL"; fi
}

prepare
settings stopped
restore
on_disk | sort >"$MODEL"
rest_of_files >"$R/rest"
RANDOM=$SEED
declare -A sides
bad=''
for ((number = 1; number <= ROUNDS; number++)); do
	round "$number"
done
echo "# seed $SEED: $ROUNDS applies, then new ${sides[new]:-0}, old ${sides[old]:-0}"
[ "${sides[new]:-0}" -gt 0 ] && [ "${sides[old]:-0}" -gt 0 ] || bad+="all of them ended alike"$'\n'
report 'random applies killed at random: all of the edits or none' "$bad"
finish

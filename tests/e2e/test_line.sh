#!/usr/bin/env bash
# The line drops in the middle of an apply that was begun by keyboard: the terminal goes away, the
# screen is ended or killed. The apply goes on by itself, and the next start knows of nothing. Then
# the process that applies is killed itself, and the next start ends what it has begun.
# tests/tui/test_line.c is at the keyboard; a program of Postfix's that waits holds the apply at
# three places: before the files are swapped, when Postfix is to be stopped, when to be started.
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"

# shellcheck source=tests/e2e/cut_off.sh
. "$root/tests/e2e/cut_off.sh"
needs_program strace
[ "${1:-}" = inside ] || needs_built tests/tui/test_line
run_inside "$@"

readonly EDITS=('p:inet_interfaces=localhost, 192.168.1.1' a:sweep=root)

keyboard() { # what it does, as test_line.c says
	PR_BUILD=$BUILD PR_LINE=$1 PR_LINE_HELD=$R/held PR_LINE_PID=$R/applier TERM=xterm-256color \
		LC_ALL=C.UTF-8 "$BUILD/tests/tui/test_line" >"$R/keys" 2>&1 ||
		wrong "at the keyboard: $(grep -v '^\[' "$R/keys")"
}

open_gate() {
	timeout 20 bash -c ": >$R/go" || wrong 'nobody waits at the gate'
}

begin() { # place, what is killed there
	problems=''
	restore
	rm -rf "$R/held" "$R/gate"
	postfix stop >/dev/null 2>&1
	postfix start >/dev/null 2>&1
	echo "$1" >"$R/gate"
	keyboard "$2"
}

drafts() {
	find /var/lib/postrelay -name '*.draft' | wc -l
}

# Of the files that are there.
is_well() { # old | new
	local left there

	[ "$(side)" = "$1" ] || wrong "the files are $(side)"
	left=$(litter | grep -v '[.]\(draft\|run\)$')
	[ -z "$left" ] || wrong "left over: $left"
	[ "$(alias_of postmaster)" ] || wrong 'the alias database does not answer'
	[ "$(alias_of sweep)" = "${sweep[$1]}" ] || wrong 'the alias database is another one'
	serves || wrong 'Postfix does not serve'
	there=$(ss -Hltn 'sport = :25' | awk '{ print $4 }' | sort | tr '\n' ' ')
	[ "$there" = "${listens[$1]}" ] || wrong "Postfix listens at $there"
	owners | cmp -s - "$R/owners" || wrong 'owner or mode'
}

lost() { # place, what is killed there, what is said
	begin "$1" "$2"
	[ "$(drafts)" -eq 1 ] || wrong "$(drafts) drafts while it goes on"
	open_gate
	timeout 20 tail --pid="$(cat "$R/applier")" -s 0.01 -f /dev/null || wrong 'the apply does not end'
	is_well new
	"$BUILD/postrelay" history list 2>&1 | grep -q 'healthy' || wrong 'the history says otherwise'
	keyboard next
	[ "$(drafts)" -eq 0 ] || wrong 'the draft stays'
	is_well new
	report "$3: the apply ends by itself" "$problems"
}

dead() { # place, new | old, what the next start shows, drafts then, what is said
	begin "$1" child
	# A start is not waited for, and this one comes too late.
	[ "$2" = new ] || open_gate
	keyboard "$3"
	[ "$2" = old ] || open_gate
	is_well "$2"
	[ "$(drafts)" -eq "$4" ] || wrong "$(drafts) drafts after the next start"
	[ "$4" -eq 0 ] || "$BUILD/postrelay" status >/dev/null || wrong "status: $?"
	report "the apply is killed $5: the files are the $2 ones" "$problems"
}

declare -A sweep listens
sweep=([old]='' [new]=root)
prepare
settings running
mkfifo "$R/go"
restore
postfix start >/dev/null 2>&1
listens[old]=$(ss -Hltn 'sport = :25' | awk '{ print $4 }' | sort | tr '\n' ' ')
apply '' "${EDITS[@]}"
for file in $FILES; do
	cp -p "$file" "$R/new/"
done
listens[new]=$(ss -Hltn 'sport = :25' | awk '{ print $4 }' | sort | tr '\n' ' ')
[ "$status/$(side)" = 0/new ] || wrong "$(cat "$R/said")"
[ "${listens[old]}" != "${listens[new]}" ] || wrong 'Postfix listens where it did'
report 'the change itself' "$problems"

for what in close term kill; do
	lost '*-q x static:x' "$what" "$what before anything is written"
	lost '*stop' "$what" "$what when Postfix is to be stopped"
	lost '*start' "$what" "$what when Postfix is down"
done
dead '*-q x static:x' old offer 1 'before anything is written'
dead '*stop' old undone 1 'when Postfix is to be stopped'
dead '*start' new 'done' 0 'when Postfix is down'
finish

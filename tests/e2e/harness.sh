# shellcheck shell=bash disable=SC2034 # variables are for the scripts
# What the end-to-end scripts share, sourced first: where things are, the machine that is tried on,
# and checks that number themselves.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
sandbox=$root/src/sandbox/sandbox.sh
export BUILD=${BUILD:-$root/build}
case $BUILD in /*) ;; *) BUILD=$root/$BUILD ;; esac
bin=$BUILD/postrelay
count=0
failed=0

skip() { # REASON
	echo "1..0 # SKIP $1"
	exit 77
}

# --- the machine ------------------------------------------------------------------------------

needs_sandbox() {
	local reason

	reason=$("$sandbox" probe 2>&1) || skip "$reason"
}

needs_program() { # NAME...
	local name

	for name; do
		command -v "$name" >/dev/null || skip "$name is missing (make deps)"
	done
}

# Below the build folder; `make e2e` has made it, a script that is run alone makes it itself.
needs_built() { # NAME...
	make -s -C "$root" BUILD="$BUILD" "${@/#/$BUILD/}" >/dev/null || exit 1
}

# run_inside "$@": from here on the script runs inside of a sandbox that ends with it.
run_inside() {
	[ "${1:-}" != inside ] || return 0
	needs_sandbox
	exec "$sandbox" run -- bash "$0" inside
}

# A folder of its own, which goes in the end, with the machines whose folders are in it.
make_work() {
	work=$(mktemp -d)
	trap clean_up EXIT
	trap 'exit 1' HUP INT TERM
}

clean_up() {
	local machine

	for machine in "$work"/*/launcher; do
		[ ! -e "$machine" ] || "$sandbox" stop "${machine%/launcher}"
	done
	rm -rf -- "$work"
}

start_machine() {
	timeout 120 "$sandbox" start --parent $$ "$work/a" || exit 1
}

limit=60 # seconds for one command there

on() {
	timeout "$limit" "$sandbox" --in "$work/a" "$@"
}
relay() {
	on exec relay "$@"
}
pr() {
	relay "$bin" "$@"
}

# --- checks -----------------------------------------------------------------------------------

tell() { # 0 (it is well), NAME, what to show if not
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		failed=$((failed + 1))
		echo "not ok $count - $2"
		printf '%s\n' "$3" | sed 's/^/#   /'
	fi
}

# check NAME STATUS PATTERN COMMAND...: ends with STATUS and prints a line that matches (extended
# regular expression; empty: anything).
check() {
	local name=$1 wanted=$2 pattern=$3 out got

	shift 3
	out=$("$@" 2>&1)
	got=$?
	[ "$got" -eq "$wanted" ] && { [ -z "$pattern" ] || grep -qE -- "$pattern" <<<"$out"; }
	tell $? "$name" "$out
status $got, wanted $wanted and /$pattern/"
}

# succeeds NAME COMMAND...: ends with 0.
succeeds() {
	local name=$1 out

	shift
	out=$("$@" 2>&1)
	tell $? "$name" "$out"
}

# check_without NAME PATTERN COMMAND...: prints no line that matches.
check_without() {
	local name=$1 pattern=$2 out

	shift 2
	out=$("$@" 2>&1)
	! grep -qE -- "$pattern" <<<"$out"
	tell $? "$name" "$out"
}

# verdict NAME FILE: FILE lists what is wrong, and is empty.
verdict() {
	[ ! -s "$2" ]
	tell $? "$1" "$(cat "$2")"
}

# The last line of a script.
finish() {
	echo "1..$count"
	[ "$failed" -eq 0 ] || echo "# $failed of $count failed"
	[ "$failed" -eq 0 ]
}

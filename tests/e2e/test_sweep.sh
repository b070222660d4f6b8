#!/usr/bin/env bash
# An apply of main.cf, aliases and a network file is ended by SIGKILL at each call that writes
# or starts a program, and each of these calls fails with an error; then the next start is
# looked at: all files old or all new, nothing left over, the alias database answers, owner
# and mode as they were. On real Postfix in the sandbox: stopped, and at a few calls running.
#
# PR_SWEEP=all (make sweep): each call with a running Postfix, each error at each call, and a plan
# with a restart. "stopped", "running" or "restart" does one of the three parts of that.
# shellcheck disable=SC2016 # scripts in single quotes are for other shells
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"

readonly CODES='ENOSPC EDQUOT EROFS EACCES EIO'
EDITS=('p:relayhost=[mail.test.co.jp]:587' a:sweep=root n:/etc/postfix/nets=10.9.0.0/16)

# shellcheck source=tests/e2e/cut_off.sh
. "$root/tests/e2e/cut_off.sh"
needs_program strace
run_inside "$@"

# --- what is there ----------------------------------------------------------------------------

# The next start, and what must be true after it.
next_start() {
	local status_then=$status status now left

	"$BUILD/postrelay" status >"$R/status" 2>&1
	status=$?
	[ "$status" -eq 0 ] || wrong "status ended with $status: $(tail -n 2 "$R/status" | tr '\n' ' ')"
	now=$(side)
	case $now in
	old | new) ;;
	*) wrong "mixed files $now" ;;
	esac
	left=$(litter)
	[ -z "$left" ] || wrong "left over: $(tr '\n' ' ' <<<"$left")"
	[ "$(alias_of postmaster)" ] || wrong 'the alias database does not answer'
	case $now/$(alias_of sweep)/$status_then in
	old//* | new/root/* | new//5) ;; # 5: it was told that the table could not be built
	*) wrong "the alias database is not that of the $now file" ;;
	esac
	[ -z "$runs" ] || serves || wrong 'Postfix does not serve'
	owners | cmp -s - "$R/owners" || wrong "owner or mode: $(owners | comm -13 <(sort "$R/owners") <(owners | sort) | tr '\n' ' ')"
}

# One apply; sets status, then, problems.
attempt() { # injection [what stands before postalias]
	problems=''
	restore
	[ -z "${2:-}" ] || echo "$2" >"$R/builder"
	apply "$1" "${EDITS[@]}"
	then=$(side)
}

runs='' # does Postfix run, and must it?

# --- the calls --------------------------------------------------------------------------------

# One a line: NAME NUMBER, for calls of a trace that write to a file or start a program. openat
# counts only where it makes a file, but is numbered among all of its kind. "kill": nothing is
# written to a file (progress to a pipe), or a program has just been started (pidfd_open).
calls() { # file
	awk '{ name = $0; sub(/\(.*/, "", name); n[name]++ }
		name !~ /^[a-z0-9_]+$/ || name == "getppid" { next }
		name == "openat" && !/O_CREAT/ { next }
		{ print name, n[name] (name == "pidfd_open" || /^write\([0-9]+<pipe:/ ? " kill" : "") }' "$1"
}

declare -A killed_old killed_new faults
bad=''

kill_at() { # name number
	attempt "$1:signal=SIGKILL:when=$2"
	[ "$status" -ne 0 ] || wrong "ended with 0"
	[ "$(alias_of postmaster)" ] || wrong 'right after it the alias database did not answer'
	next_start
	programs_end
	case $(side) in
	old) killed_old[$1]=$((${killed_old[$1]:-0} + 1)) ;;
	new) killed_new[$1]=$((${killed_new[$1]:-0} + 1)) ;;
	esac
	[ -z "$problems" ] || bad+="killed at $1 $2 (files $then):$problems"$'\n'
}

nowhere() { # name of a file
	[ -z "$(find /etc /var/lib/postrelay -name "$1")" ]
}

# Calls whose error nobody needs to be told of, and what is so then.
readonly HARMLESS=(
	# The folder in which Postfix judges main.cf is removed once more at the end.
	'unlinkat(AT_FDCWD*/judge.*' "nowhere 'judge.*'"
	# The time of the replaced table is for daemons that have it open. They look, too, whether
	# it has a name left.
	'utimensat(*/etc/.aliases.db.postrelay-*' "nowhere '.aliases.db.postrelay-*'"
	# Where `postfix stop` does not do it, its master is told by a signal.
	'clone3(*' "grep -q '^pidfd_send_signal(.*SIGTERM.* = 0$' $R/log"
)

nobody_is_told() {
	local call row

	call=$(grep -m 1 '(INJECTED)' "$R/log")
	for ((row = 0; row < ${#HARMLESS[@]}; row += 2)); do
		# shellcheck disable=SC2053 # a pattern
		[[ $call == ${HARMLESS[row]} ]] || continue
		eval "${HARMLESS[row + 1]}" || break
		return
	done
	wrong "ended with 0, without a word: $call"
}

fail_at() { # name number code
	attempt "$1:error=$3:when=$2"
	if [ "$status" -eq 0 ]; then
		harmless=$((harmless + 1))
		[ "$then" = new ] || wrong "ended with 0, but the files are $then"
		grep -qv PR-PF-005 "$R/said" || nobody_is_told
	else
		[ -s "$R/said" ] || wrong "ended with $status without a word"
		case $status/$then in
		[13]/old | 4/old | 5/*) ;;
		*) wrong "ended with $status, but the files are $then" ;;
		esac
		[ "$status" -ne 124 ] || wrong 'hangs'
	fi
	next_start
	faults[$1]=$((${faults[$1]:-0} + 1))
	[ -z "$problems" ] || bad+="$1 $2 fails with $3 (status $status, files $then):$problems"$'\n'
}

table() {
	local name

	echo "# $1, ${#list[@]} calls"
	echo "# call                 killed: then old  then new   failed"
	for name in $(printf '%s\n' "${!killed_old[@]}" "${!killed_new[@]}" "${!faults[@]}" | sort -u); do
		printf '# %-20s %16s %9s %8s\n' "$name" "${killed_old[$name]:-0}" "${killed_new[$name]:-0}" "${faults[$name]:-0}"
	done
}

baseline() {
	attempt ''
	sed -n p "$R/log" >"$R/calls"
	for file in $FILES; do
		cp -p "$file" "$R/new/"
	done
	then=$(side)
	next_start
	[ "$status/$then" = 0/new ] || wrong "$(cat "$R/said")"
	[ "$(calls "$R/calls" | wc -l)" -gt 50 ] || wrong "only $(calls "$R/calls" | wc -l) calls"
	report "$1: an undisturbed apply of three files is traced" "$problems"
}

# Each call killed, each with an error. With "some" at ten of them.
sweep() { # name [some]
	local list step=1 at=0 code number name only harmless=0
	# shellcheck disable=SC2206 # a list of words
	local codes=($CODES)

	killed_old=()
	killed_new=()
	faults=()
	mapfile -t list < <(calls "$R/calls")
	[ -z "${2:-}" ] || step=$((${#list[@]} / 10))
	bad=''
	for ((at = 0; at < ${#list[@]}; at += step)); do
		read -r name number only <<<"${list[at]}"
		kill_at "$name" "$number"
	done
	report "$1: SIGKILL at $(((${#list[@]} + step - 1) / step)) of ${#list[@]} calls" "$bad"
	[ -z "${2:-}" ] || return
	bad=''
	for ((at = 0; at < ${#list[@]}; at++)); do
		read -r name number only <<<"${list[at]}"
		[ -z "$only" ] || continue
		for code in "${codes[@]}"; do
			[ "${PR_SWEEP:-}" = all ] || [ "$code" = "${codes[at % 5]}" ] || continue
			fail_at "$name" "$number" "$code"
		done
	done
	report "$1: an error at each of these calls, $harmless of them without any harm" "$bad"
	table "$1"
}

# The program that builds the alias database is ended at each call of its own that writes.
sweep_builder() {
	local list name number

	attempt '' "/usr/bin/strace -qqq -y -o $R/built -e trace=openat,write,pwrite64,ftruncate,fsync,rename,unlink,flock,fchmod,fchown"
	mapfile -t list < <(calls "$R/built")
	bad=''
	for number in "${list[@]}"; do
		read -r name number _ <<<"$number"
		attempt '' "/usr/bin/strace -qqq -o /dev/null -e inject=$name:signal=SIGKILL:when=$number"
		[ "$(alias_of postmaster)" ] || wrong 'the alias database did not answer'
		[ "$status/$then" != 0/new ] || [ "$(alias_of sweep)" ] || wrong 'ended with 0 without the alias'
		next_start
		[ -z "$problems" ] || bad+="postalias killed at $name $number (status $status, files $then):$problems"$'\n'
	done
	[ "${#list[@]}" -gt 3 ] || bad+="only ${#list[@]} calls"$'\n'
	report "SIGKILL of postalias at each of its ${#list[@]} calls" "$bad"
}

# With a Postfix that runs: at ten calls, or at all.
live() { # name
	runs=1
	settings running
	restore
	postfix start >/dev/null 2>&1
	baseline "$1"
	if [ "${PR_SWEEP:-}" = all ]; then sweep "$1"; else sweep "$1" some; fi
}

wanted() { # part
	[ "$part" = all ] || [ "$part" = "$1" ]
}

part=all
case ${PR_SWEEP:-} in stopped | running | restart)
	part=$PR_SWEEP
	PR_SWEEP=all
	;;
esac
prepare
if wanted stopped; then
	settings stopped
	baseline 'stopped Postfix'
	sweep 'stopped Postfix'
	sweep_builder
fi
if wanted running; then
	live 'running Postfix'
fi
if [ "${PR_SWEEP:-}" ] && wanted restart; then
	EDITS+=(p:inet_interfaces=127.0.0.1) # stop and start
	live 'stop and start'
fi
finish

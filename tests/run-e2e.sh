#!/usr/bin/env bash
# Run each end-to-end script named as an argument; each prints lines "ok ..." and "not ok ...".
# PR_E2E_JOBS of them run at a time (2): each has a machine of its own, and most of it is waiting.
set -u
jobs=${PR_E2E_JOBS:-2}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
passed=0
failed=0

run() { # number, script: what it says goes to a file, its exit status to another
	local from=$SECONDS

	timeout "${PR_E2E_TIMEOUT:-300}" bash "$2" >"$work/$1.out" 2>&1
	printf '%s %s\n' "$?" $((SECONDS - from)) >"$work/$1.ends"
	mv "$work/$1.ends" "$work/$1.end"
}

tell() { # number, script
	local status seconds p f

	read -r status seconds <"$work/$1.end"
	printf '# %s (%s s)\n' "${2##*/}" "$seconds"
	p=$(grep -c '^ok ' "$work/$1.out")
	f=$(grep -c '^not ok ' "$work/$1.out")
	passed=$((passed + p))
	if [ "$status" -eq 77 ] && [ -z "${CI:-}" ]; then
		cat "$work/$1.out"
		return
	fi
	if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
	if [ "$status" -eq 0 ] && [ "$p" -eq 0 ]; then
		echo "no check ran"
		f=1
	fi
	failed=$((failed + f))
	if [ "$f" -gt 0 ]; then cat "$work/$1.out"; else grep '^ok \|^# ' "$work/$1.out"; fi
}

# What has ended and was not told yet, in the order of the arguments.
tell_ended() {
	while [ "$told" -lt "$n" ] && [ -e "$work/$told.end" ]; do
		tell "$told" "${scripts[told]}"
		told=$((told + 1))
	done
}

scripts=("$@")
n=$#
told=0
for ((i = 0; i < n; i++)); do
	[ "$i" -lt "$jobs" ] || wait -n
	tell_ended
	run "$i" "${scripts[i]}" &
done
wait
tell_ended
printf 'e2e: %s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]

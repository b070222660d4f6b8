#!/usr/bin/env bash
# Run each test program named as an argument; stop at none, say at the end how many passed.
# A program is a cmocka binary: its own counts are added up. PR_UNDER: what each is run by.
set -u
passed=0
failed=0
for prog in "$@"; do
	# shellcheck disable=SC2086 # a program and its options
	out=$(timeout "${PR_TEST_TIMEOUT:-120}" ${PR_UNDER:-} "$prog" 2>&1)
	status=$?
	p=$(printf '%s\n' "$out" | sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' | awk '{s += $1} END {print s + 0}')
	f=$(printf '%s\n' "$out" | sed -n 's/^\[  FAILED  \].*: \([0-9]*\) test.*/\1/p' | awk '{s += $1} END {print s + 0}')
	passed=$((passed + p))
	if [ "$status" -ne 0 ]; then
		[ "$f" -gt 0 ] || f=1
		failed=$((failed + f))
		printf 'FAILED %s (status %s)\n%s\n' "$prog" "$status" "$out"
	else
		printf 'ok %s (%s)\n' "${prog##*/}" "$p"
		printf '%s\n' "$out" | grep -i 'skipp\?ed' | head -n 3
	fi
done
printf 'unit: %s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]

#!/usr/bin/env bash
# Run each end-to-end script named as an argument; each prints lines "ok ..." and "not ok ...".
set -u
passed=0
failed=0
for script in "$@"; do
	printf '# %s\n' "${script##*/}"
	out=$(mktemp)
	timeout "${PR_E2E_TIMEOUT:-300}" bash "$script" >"$out" 2>&1
	status=$?
	p=$(grep -c '^ok ' "$out")
	f=$(grep -c '^not ok ' "$out")
	passed=$((passed + p))
	if [ "$status" -eq 77 ] && [ -z "${CI:-}" ]; then
		cat "$out"
		rm -f "$out"
		continue
	fi
	if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
	if [ "$status" -eq 0 ] && [ "$p" -eq 0 ]; then
		echo "no check ran"
		f=1
	fi
	failed=$((failed + f))
	if [ "$f" -gt 0 ]; then cat "$out"; else grep '^ok \|^# ' "$out"; fi
	rm -f "$out"
done
printf 'e2e: %s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]

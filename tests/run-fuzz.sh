#!/usr/bin/env bash
# Run each fuzzer named as an argument for FUZZ_RUNS inputs, from the seeds in
# tests/fuzz/seeds/NAME; none leaves a file but the input that broke something (in FUZZ_OUT).
# FUZZ_SEED: another row of inputs.
set -u
cd "$(dirname "$0")/.." || exit 2
runs=${FUZZ_RUNS:-20000}
seed=${FUZZ_SEED:-1}
kept=${FUZZ_OUT:-$PWD/build-fuzz/found}
passed=0
failed=0
mkdir -p "$kept" || exit 2
work=$(mktemp -d) || exit 2
log=$work/log
trap 'rm -rf "$work"' EXIT
export ASAN_OPTIONS=detect_leaks=1
for prog in "$@"; do
	name=${prog##*/fuzz_}
	mkdir "$work/$name" # what it learns goes into the first folder
	if "$prog" -runs="$runs" -seed="$seed" -max_len=4096 -timeout=60 -rss_limit_mb=2048 \
		-artifact_prefix="$kept/$name-" "$work/$name" "tests/fuzz/seeds/$name" >"$log" 2>&1; then
		passed=$((passed + 1))
		echo "ok $name ($(sed -n 's/^Done \([0-9]*\) runs in \([0-9]*\) sec.*/\1 inputs, \2 s/p' "$log"))"
	else
		failed=$((failed + 1))
		echo "FAILED $name"
		tail -n 60 "$log"
	fi
done
printf 'fuzz: %s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The story by keyboard in a sandbox (tests/tui/test_story.c presses the keys), judged from
# outside of it: exactly these lines of both files are different, Postfix listens where it was
# told to, mail of all three segments arrives at the upstream, a stranger's doesn't. Then the
# guided set-up in a second one, which must end with the same bytes; and in a third one to an
# upstream that wants a login.
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"
needs_sandbox
needs_built tests/tui/test_story
make_work
limit=120

# The lines that differ between a file before and after, without the places.
changed() {
	diff "$work/$1" "$work/$1.new" | grep '^[<>]'
}

keep_files() {
	relay cat /etc/postfix/main.cf >"$work/main.cf$1" &&
		relay cat /etc/aliases >"$work/aliases$1"
}

main_cf_is_right() {
	local wanted

	wanted=$(
		cat <<'END'
< inet_interfaces = localhost
> inet_interfaces = localhost, 192.168.1.1, 192.168.2.1
> mynetworks = 127.0.0.1/32, [::1]/128, 192.168.1.0/24, 192.168.2.0/24,
>     192.168.3.0/24
> relayhost = [mail.test.co.jp]:587
END
	)
	diff <(printf '%s\n' "$wanted") <(changed main.cf)
}

aliases_is_right() {
	diff <(printf '> test-str-001:\troot\n') <(changed aliases)
}

alias_is_in_the_database() {
	[ "$(relay postalias -q test-str-001 hash:/etc/aliases)" = root ]
}

listens_there_only() {
	local there

	there=$(relay ss -Hltn 'sport = :25' | awk '{print $4}' | sort | tr '\n' ' ')
	echo "$there"
	[ "$there" = '127.0.0.1:25 192.168.1.1:25 192.168.2.1:25 [::1]:25 ' ]
}

mail_arrives() {
	local n=0 addr

	for addr in 192.168.1.31 192.168.2.31 192.168.3.7; do
		n=$((n + 1))
		on client "$addr" "a@$addr.test" hanako@example.co.jp || return 1
		on received --wait "$n" >/dev/null || return 1
	done
	on received
}

stranger_is_shut_out() {
	on outsider spam@example.net victim@example.org
	[ $? -eq 3 ]
}

start_machine
keep_files ""
succeeds "the keys do it" relay env PR_BUILD="$BUILD" TERM=xterm-256color LC_ALL=C.UTF-8 \
	"$BUILD/tests/tui/test_story"
keep_files .new
succeeds "main.cf: these lines and no other" main_cf_is_right
succeeds "aliases: one line and no other" aliases_is_right
succeeds "the alias is in the database" alias_is_in_the_database
succeeds "Postfix listens on lo, lan0 and lan1 only" listens_there_only
succeeds "mail of all three segments arrives at the upstream" mail_arrives
succeeds "a stranger finds no open port" stranger_is_shut_out
"$sandbox" stop "$work/a"

# walk NAME COMMAND...: it succeeds, and tells how long it took.
walk() {
	local name=$1

	shift
	"$@" >"$work/walk" 2>&1
	tell $? "$name" "$(cat "$work/walk")"
	grep '^# .* presses' "$work/walk"
}

guided() {
	"$sandbox" --in "$work/t" exec relay "$@"
}

same_bytes() {
	cmp "$work/main.cf.new" <(guided cat /etc/postfix/main.cf) &&
		cmp "$work/aliases.new" <(guided cat /etc/aliases)
}

"$sandbox" start --parent $$ "$work/t" || exit 1
walk "the guided set-up does it, too" guided env PR_BUILD="$BUILD" PR_WALK=setup \
	TERM=xterm-256color LC_ALL=C.UTF-8 "$BUILD/tests/tui/test_story"
succeeds "it writes the same bytes" same_bytes
"$sandbox" stop "$work/t"

down() {
	"$sandbox" --in "$work/d" exec relay "$@"
}

"$sandbox" start --parent $$ "$work/d" || exit 1
succeeds "Postfix is stopped" down postfix stop
succeeds "the guided set-up starts it, and proves it" down env PR_BUILD="$BUILD" PR_WALK=setup \
	PR_DOWN=1 TERM=xterm-256color LC_ALL=C.UTF-8 "$BUILD/tests/tui/test_story"
succeeds "it runs" down postfix status
"$sandbox" stop "$work/d"

with_login() {
	timeout 60 "$sandbox" --in "$work/l" "$@"
}

arrives_logged_in() {
	with_login client 192.168.3.7 a@example.co.jp b@test.co.jp || return 1
	with_login received --wait 2 2 | tee "$work/got"
	grep -q 'Authenticated sender: relay@test.co.jp' "$work/got" &&
		grep -q 'using TLSv1.* with cipher' "$work/got"
}

roots_mail_is_read() {
	with_login client 192.168.1.31 a@example.co.jp root@relay.example.co.jp || return 1
	with_login received --wait 3 3 | tee "$work/got"
	grep -q 'hanako@test.co.jp' "$work/got"
}

if command -v saslpasswd2 >/dev/null && command -v openssl >/dev/null; then
	"$sandbox" start --parent $$ "$work/l" || exit 1
	succeeds "an upstream that wants a login" with_login smarthost relay@test.co.jp 'Ge:heim 1'
	walk "the guided set-up logs in there" with_login exec relay env PR_BUILD="$BUILD" \
		PR_WALK=login TERM=xterm-256color LC_ALL=C.UTF-8 "$BUILD/tests/tui/test_story"
	succeeds "a client's mail arrives with the login and encrypted" arrives_logged_in
	succeeds "root's mail goes where it was sent" roots_mail_is_read
fi
finish

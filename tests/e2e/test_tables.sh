#!/usr/bin/env bash
# The alias database while it is built anew, on a real Postfix in the sandbox: somebody asks it all
# the time and is never told that a name isn't there, not even when builder and postrelay are
# killed in the middle; and a table that can't be built writes nothing.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"
needs_sandbox
needs_built sandbox/smtpsay
make_work
limit=120

no_litter() {
	relay sh -c '! ls -A /etc /etc/postfix | grep -i -e postrelay -e "[.]tmp" -e "[.]src"'
}
rights() {
	relay stat -c '%a %U %G' /etc/aliases.db
}

start_machine
relay "$bin" interface set localhost 192.168.1.1 >/dev/null 2>&1
relay sh -c 'seq -f "name%06.0f: somebody@example.com" 200000 >>/etc/aliases; newaliases
	chmod 640 /etc/aliases.db; chown root:postfix /etc/aliases.db'

# Asks all the time; each answer but the right one is a line in /run/missed.
relay sh -c 'while [ ! -e /run/enough ]; do
		got=$(postalias -q postmaster hash:/etc/aliases 2>&1)
		[ "$got" = root ] || echo "said \"$got\"" >>/run/missed
		echo >>/run/asked
	done' &
asker=$!

check "a name is added to 200000" 0 'ok newaliases, 200[0-9]+ entries' pr alias set test-str-001 root
check "the database knows it" 0 '^root$' relay postalias -q test-str-001 hash:/etc/aliases
check "the database keeps owner and mode" 0 '^640 root postfix$' rights
check "running daemons know it without a reload" 0 'queued' \
	on client 192.168.1.10 a@test.example test-str-001@relay.example.co.jp
check "nothing of ours is left" 0 '' no_litter

before=$(relay sha256sum /etc/aliases /etc/aliases.db)
unchanged() {
	diff <(printf '%s\n' "$before") <(relay sha256sum /etc/aliases /etc/aliases.db)
}
relay sh -c "$bin alias set test-str-002 root >/dev/null 2>&1 &
	until ls -A /etc | grep -q '[.]src[.]db\$'; do :; done; kill -9 \$(pgrep -x postrelay)
	kill -9 \$(pgrep -f 'postalias .*[.]src\$')"
check "killed while the table is built: both files are as before" 0 '' unchanged
check "the next start has nothing to say" 0 'Nothing is half done' pr recover
check "and has swept what stood beside them" 0 '' no_litter
check "both files are as before still" 0 '' unchanged

relay sh -c "$bin alias set test-str-002 root >/dev/null 2>&1 &
	until grep -q '^test-str-002' /etc/aliases; do :; done; kill -9 \$(pgrep -x postrelay)"
check "killed after the swap: text and table are new together" 0 '^root$' \
	relay postalias -q test-str-002 hash:/etc/aliases
check "the next start ends it" 0 'stay as it made them' pr recover
check "and leaves nothing beside them" 0 '' no_litter
check "the new name is there" 0 '^root$' relay postalias -q test-str-002 hash:/etc/aliases

relay touch /run/enough
wait "$asker"
check "the one who asked all the time was never told no" 0 '' relay sh -c '! cat /run/missed'
echo "# asked $(relay wc -l </dev/null /run/asked | tr -dc 0-9) times"

before=$(relay sha256sum /etc/aliases /etc/aliases.db /etc/postfix/main.cf)
all_unchanged() {
	diff <(printf '%s\n' "$before") <(relay sha256sum /etc/aliases /etc/aliases.db /etc/postfix/main.cf)
}
check "a type that can't be built writes nothing" 1 'Nothing is written: a table could not be built' \
	pr --force PR-AL-022 --force PR-TYPE-011 set alias_database=lmdb:/etc/aliases
check "a text that isn't there writes nothing" 1 'not there|no such|missing' \
	pr --force PR-AL-008 set alias_database=hash:/etc/aliases,hash:/etc/none
check "all files are as before" 0 '' all_unchanged
check "another type under the same name, where alias_maps stays, is put back" 4 '451 4\.3\.0' \
	pr set alias_database=btree:/etc/aliases
check "and the old table with it" 0 '' all_unchanged
check "another type for both is built and read" 0 'ok newaliases' \
	pr set alias_database=btree:/etc/aliases alias_maps=btree:/etc/aliases
check "and answers" 0 '^root$' relay postalias -q test-str-002 btree:/etc/aliases
check "nothing of ours is left at the end" 0 '' no_litter

finish

#!/usr/bin/env bash
# The history on a real Postfix in the sandbox: what was applied comes back byte for byte, Postfix
# serves it, and what somebody else did in between is told.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"
needs_sandbox
make_work

# The files as they are now, and settled: a main.cf written just now costs each command 2 s.
sums() {
	relay sh -c 'touch -d "1 minute ago" /etc/postfix/main.cf /etc/aliases; sha256sum /etc/postfix/main.cf /etc/aliases'
}
settle() {
	sums >/dev/null
}
same() {
	[ "$1" = "$(sums)" ]
}
state() {
	relay sh -c "ls -A /var/lib/postrelay/*/history | tr '\n' ' '"
}

start_machine

check "nothing was applied yet" 0 'Nothing was applied' pr history list
zero=$(sums)
check "a dry run leaves no entry" 0 'relayhost' pr -n relay set mail.test.co.jp:587
check "no entry is there" 0 'Nothing was applied' pr history list
check "the copies are a step of the apply" 0 'ok copies kept: history no. 1' pr relay set mail.test.co.jp:587
settle
check "restart and reload are one history" 0 'history no. 2' pr interface set localhost 192.168.1.1
two=$(sums)
check "an alias is one, too" 0 'history no. 3' pr alias set test-str-002 root
three=$(sums)

check "the list tells what, and how it ended" 0 '^3 .* alias test-str-002 +healthy$' pr history list
check "who is told" 0 '^1 .*  root  relayhost' pr history list
check "show gives the lines" 0 '^\+relayhost = \[mail\.test\.co\.jp\]:587$' pr history show 1
check "an unknown number is no" 1 'no entry no. 7' pr history show 7
check "the list as JSON" 0 '"result": "healthy"' pr --json history list

check "restore with -n shows the way back" 0 '^-test-str-002:.*root$' pr -n history restore 2
check "and writes nothing" 0 '' same "$three"
check "the newest is taken back" 0 'history no. 4' pr history restore 2
check "byte for byte" 0 '' same "$two"
check "Postfix finds the alias no more" 1 '' relay postalias -q test-str-002 hash:/etc/aliases
check "the list calls it an undo" 0 '^4 .*\(undo of no\. 3\)' pr history list

check "back to before everything" 0 'ok start Postfix' pr history restore 0
check "the stock files, byte for byte" 0 '' same "$zero"
check "the socket is closed again" 0 '^$' relay sh -c "ss -ltnH 'sport = :25' | grep 192.168.1.1; echo"
check "and forward again" 0 '' pr history restore 3
check "to the same bytes" 0 '' same "$three"
check "Postfix finds the alias again" 0 '^root$' relay postalias -q test-str-002 hash:/etc/aliases

relay sh -c 'echo "# by hand" >>/etc/postfix/main.cf'
settle
check "what others did is a row" 0 '^-- .*main\.cf outside postrelay +1 line$' pr history list
check "a restore that takes it back says so" 0 'outside postrelay' pr -n history restore 2
check "one that need not touches nothing of it" 0 '' pr history restore 6
check "the line by hand went with its file" 0 '' same "$three"

check "an error by force" 0 'history no. 8' pr --no-act --force PR-NET-004 set mynetworks=192.168.3.5/24
settle
check "and mended" 0 'history no. 9' pr set mynetworks=192.168.3.0/24
settle
check "a restore that brings the error back is held" 1 'PR-NET-004' pr history restore 8
check "and leaves no entry" 0 '^9 ' pr history list
check "nothing to do is no entry" 0 'Nothing to do' pr history restore 9

# What Postfix is not well with is put back, and told as such.
check "an address on no NIC is put back" 4 '' pr --force PR-IF-002 --force PR-PF-002 set inet_interfaces=192.0.2.99
settle
check "its entry says so" 0 '^10 .* inet_interfaces +put back$' pr history list
check "and shows what it would have changed" 0 '^\+inet_interfaces = 192\.0\.2\.99$' pr history show 10
check "nothing is to be taken back of it" 0 'Nothing to do' pr history restore 9

check "--no-act makes an entry" 0 'copies kept' pr --no-act set delay_warning_time=4h
check "it is called written" 0 'delay_warning_time +written$' pr history list
settle

# A full disk stops the apply before anything is written, and leaves nothing.
before=$(sums)
entries=$(state)
relay mkdir /tmp/full
relay mount -t tmpfs -o size=64k,mode=700 full /tmp/full
full() { # BYTES that are taken
	relay sh -c 'head -c "$1" /dev/zero >/tmp/full/filler' full "$1"
}
full 45000
check "no room to try main.cf: status 3" 3 'no place to try the change' pr --state /tmp/full set delay_warning_time=5h
full 61000
check "no room for the copies: status 3" 3 'copied into the history' pr --state /tmp/full alias set full root
check "the files are as they were" 0 '' same "$before"
check "no entry, whole or half" 0 '^$' relay sh -c 'ls -A /tmp/full/*/history 2>/dev/null; echo'
check "the other history is as it was" 0 '' test "$entries" = "$(state)"

check "only root can look into it" 0 '^700$' relay sh -c 'stat -c %a /var/lib/postrelay/*/history | sort -u'
check "nothing of ours stays beside the files" 0 '^$' relay sh -c \
	'ls -A /etc/postfix /etc | grep -iE "postrelay|[.]tmp|[.]new|[.]bak" ; echo'

finish

#!/usr/bin/env bash
# The main job by command, on a real Postfix in the sandbox: each step is applied, and judged by
# postconf, postalias, the sockets and real mail.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"
needs_sandbox
make_work

start_machine
master() { relay sh -c 'tr -d " " </var/spool/postfix/pid/master.pid'; }
sockets() { relay ss -ltnH 'sport = :25'; }

check "the stock relay is closed to clients" 3 'no connection' on client 192.168.1.10 a@test.example b@remote.example
check "status tells what runs" 0 '^Service +running' pr status

first=$(master)
check "a dry run shows the diff and the restart" 0 'stop, start' pr -n interface set localhost 192.168.1.1 192.168.2.1
check "a dry run has written nothing" 0 '^inet_interfaces = localhost$' relay postconf inet_interfaces
check "interface set restarts Postfix" 0 'ok start Postfix' pr interface set localhost 192.168.1.1 192.168.2.1
check "it listens on lan0" 0 '192\.168\.1\.1:25' sockets
check "it listens on lo still" 0 '127\.0\.0\.1:25' sockets
check_without "it does not listen on wan0" '203\.0\.113\.5:25|0\.0\.0\.0:25|\*:25' sockets
second=$(master)
check "the master is a new one" 0 '' test "$first" != "$second"

check "a network with host bits is held back" 1 'PR-NET-004' pr network add 192.168.3.5/24
check "and nothing is written" 0 '^#mynetworks' relay grep -m1 '^#*mynetworks' /etc/postfix/main.cf
check "network add keeps who could relay" 0 '127\.0\.0\.1/32' pr network add 192.168.1.0/24 192.168.2.0/24 192.168.3.0/24
check_without "what a new segment holds is not written along" '192\.168\.[12]\.1/32' relay postconf mynetworks
check "network add reloads" 0 '' test "$(master)" = "$second"
check "Postfix sees the segments" 0 '192\.168\.3\.0/24' relay postconf mynetworks
check "only the two parameters' lines differ" 0 '^4$' relay sh -c \
	'diff /etc/postfix/main.cf '"$root"'/src/sandbox/main.cf | grep -c "^[<>]"'

check "relay set writes brackets" 0 'ok reload Postfix' pr relay set mail.test.co.jp:587
check "Postfix sees the relay host" 0 '^relayhost = \[mail\.test\.co\.jp\]:587$' relay postconf relayhost
check "an equal value does nothing" 0 '' pr relay set mail.test.co.jp:587
check "mail from the new segment is taken" 0 '250 2.0.0 Ok: queued' on client 192.168.3.7 a@test.example b@remote.example
check "and arrives at the upstream by port 587" 0 'port 587 .*b@remote.example' on received --wait 1
check "a client of no segment is refused" 0 '' pr interface set localhost 192.168.1.1 192.168.2.1 203.0.113.5
check "the outsider is refused" 1 '454 4\.7\.1' on outsider x@outside.example b@remote.example

check "alias set rebuilds the database" 0 'ok newaliases' pr alias set test-str-001 root
check "Postfix finds the alias" 0 '^root$' relay postalias -q test-str-001 hash:/etc/aliases
check "alias disable takes it out" 0 '' pr alias disable test-str-001
check "Postfix finds it no more" 1 '' relay postalias -q test-str-001 hash:/etc/aliases
check "alias with a command in quotes" 0 '' pr alias set ticket '|/usr/bin/true --queue a'
check "stored as one target" 0 '"\|/usr/bin/true --queue a"' relay postalias -q ticket hash:/etc/aliases

check "--no-act only writes" 0 '' pr --no-act set delay_warning_time=4h
check "no service action was taken" 0 '' relay sh -c '! tail -n 3 /var/log/maillog | grep -q "delay_warning"'
check "a new type error is held back" 1 'PR-TYPE' pr set message_size_limit=10MB
check "unset gives the default back" 0 '' pr unset delay_warning_time
check "main.cf has its old mode" 0 '^644 root root$' relay stat -c '%a %U %G' /etc/postfix/main.cf
check "nothing of ours stays beside the files" 0 '^$' relay sh -c \
	'ls -A /etc/postfix /etc | grep -iE "postrelay|[.]tmp|[.]new|[.]bak" ; echo'

relay chmod 640 /etc/postfix/main.cf
relay chown root:postfix /etc/postfix/main.cf
check "owner and mode are kept" 0 '' pr set delay_warning_time=2h
check "as they were" 0 '^640 root postfix$' relay stat -c '%a %U %G' /etc/postfix/main.cf

relay sh -c 'postfix stop >/dev/null 2>&1'
check "a stopped Postfix stays stopped" 0 '' pr set delay_warning_time=3h
check "it is still down" 0 'stopped' pr status
relay sh -c 'postfix start >/dev/null 2>&1'

# An apply whose process is killed in the middle leaves something that the next start ends.
relay sh -c "$bin interface set all >/dev/null 2>&1 & until [ -z \"\$(ss -ltnH sport = :25)\" ]; do :; done; pkill -9 -x postrelay"
check "recover ends what a killed apply left" 0 '' pr recover
check "Postfix runs again" 0 'running' pr status
check "a second recover finds nothing" 0 'Nothing is half done' pr recover
pr interface set localhost 192.168.1.1 192.168.2.1 >/dev/null 2>&1

# A `postfix stop` that a killed apply had started is still on its way: recovery waits for it. It
# goes on when recovery waits, or has ended without that.
relay sh -c '
	mkdir /run/slow
	ln -s /usr/sbin/postconf /usr/sbin/postalias /usr/sbin/postmap /usr/sbin/newaliases /run/slow
	{
		echo "#!/bin/sh"
		echo "case \$*/\$(mkdir /run/slow/once 2>&1) in *stop/) until [ -e /run/slow/go ]; do :; done ;; esac"
		echo "exec /usr/sbin/postfix \"\$@\""
	} >/run/slow/postfix
	chmod 755 /run/slow/postfix
	echo "command_dir = /run/slow" >>/etc/postrelay.conf
	touch -d "1 minute ago" /etc/postfix/main.cf'
relay sh -c "$bin interface set all >/dev/null 2>&1 & until [ -e /run/slow/once ]; do :; done; pkill -9 -x postrelay"
check "recover while a killed apply's stop goes on" 0 'PR-APPLY-003' relay sh -c "$bin recover & pid=\$!
	while kill -0 \$pid 2>/dev/null && ! ls -l /proc/\$pid/fd | grep -q '[.]work\$'; do :; done
	: >/run/slow/go
	wait \$pid"
check "Postfix runs then" 0 '^Service +running' pr status
relay sh -c 'sed -i /command_dir/d /etc/postrelay.conf'

relay sh -c 'echo "garbage line" >>/etc/postfix/main.cf; touch -d "1 minute ago" /etc/postfix/main.cf'
check "check names the line that Postfix refuses" 1 'main\.cf:[0-9]+:.*error.*PR-CF-001' pr check
relay sh -c 'sed -i /garbage/d /etc/postfix/main.cf; touch -d "1 minute ago" /etc/postfix/main.cf'

relay chmod 777 /etc/postfix
check "no service action on a folder that others can write" 0 'not touched|PR-(PF-004|FILE-006)' pr set delay_warning_time=5h
relay chmod 755 /etc/postfix

finish

#!/usr/bin/env bash
# Files that can't simply be replaced, and places that take nothing, on a real Postfix in the
# sandbox: a bind-mounted main.cf, a read-only folder, a full disk, an immutable file; and another queue. Without
# consent nothing is written, and nothing of ours stays.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"
needs_sandbox
make_work

# All in one shell of the relay: what it mounts is seen by nobody else.

files() {
	relay sh -c 'cd /etc && sha256sum postfix/main.cf aliases aliases.db && stat -c "%n %a %U %G" postfix/* aliases
		ls -A /etc/postfix /etc | grep -i -e postrelay -e "[.]tmp"
		find /var/lib/postrelay -name journal -o -name note'
}
unchanged() {
	diff <(printf '%s\n' "$before") <(files)
}
# nothing NAME PATTERN COMMAND...: status 3, and all is as before.
nothing() {
	local name=$1 pattern=$2

	shift 2
	check "$name" 3 "$pattern" "$@"
	check "$name: nothing is written" 0 '' unchanged
}

start_machine
relay newaliases

# --- a bind mount -----------------------------------------------------------------------------
relay sh -c 'mount --bind /etc/postfix/main.cf /etc/postfix/main.cf'
inode=$(relay stat -c %i /etc/postfix/main.cf)
before=$(files)
check "a bind-mounted main.cf wants consent" 1 'PR-FILE-012' pr set delay_warning_time=4h
check "and is as before" 0 '' unchanged
check "with consent it is written over" 0 'ok reload Postfix' \
	pr --accept PR-FILE-012 set delay_warning_time=4h
check "Postfix sees it" 0 '4h' relay postconf -h delay_warning_time
check "it is the same file" 0 "^$inode\$" relay stat -c %i /etc/postfix/main.cf
before=$(files)
check "what Postfix is ill with is put back there too" 4 '451' \
	pr --accept PR-FILE-012 set 'smtpd_helo_restrictions=check_helo_access hash:/etc/postfix/none'
check "byte for byte" 0 '' unchanged
relay sh -c 'umount /etc/postfix/main.cf'

# --- places that take nothing -----------------------------------------------------------------
before=$(files)
relay sh -c 'mount --bind /etc/postfix /etc/postfix && mount -o remount,bind,ro /etc/postfix'
check "a read-only folder" 3 'takes no changes|may not write' pr set delay_warning_time=5h
relay sh -c 'umount /etc/postfix'
check "a read-only folder: nothing is written" 0 '' unchanged

relay sh -c 'mkdir /run/full && cp -a /etc/postfix/. /run/full && mount -t tmpfs -o size=200k,mode=755 none /etc/postfix &&
	cp -a /run/full/. /etc/postfix && dd if=/dev/zero of=/etc/postfix/fill bs=1k 2>/dev/null'
before=$(files)
nothing "a full disk" 'no room|No space' pr set delay_warning_time=5h
relay sh -c 'umount /etc/postfix'

before=$(files)
relay sh -c 'mkdir -p /var/lib/postrelay && mount -t tmpfs -o size=4k,mode=700 none /var/lib/postrelay; :>/var/lib/postrelay/x;
	dd if=/dev/zero of=/var/lib/postrelay/x bs=1k 2>/dev/null'
nothing "a full state folder" 'room|space' pr set delay_warning_time=5h
relay sh -c 'umount /var/lib/postrelay'

if relay sh -c 'chattr +i /etc/postfix/main.cf 2>/dev/null'; then
	before=$(files)
	nothing "an immutable file" 'may not write|not permitted' pr set delay_warning_time=5h
	relay chattr -i /etc/postfix/main.cf
else
	echo "# this file system knows no immutable files"
fi

check "and then it works as ever" 0 'ok reload Postfix' pr set delay_warning_time=5h

# The running master holds the queue that main.cf named when it started.
relay mkdir /var/spool/other
check "another queue: stopped and started" 0 'ok start Postfix' pr set queue_directory=/var/spool/other
check "it runs on the other queue" 0 'running, since' pr status
relay sh -c 'cp -p /etc/postfix/main.cf /root && sed -i /^queue_directory/d /etc/postfix/main.cf'
check "a queue that changed beside us: it still runs" 0 'Service +running' pr status
relay sh -c 'cp -p /root/main.cf /etc/postfix/main.cf; postfix stop; n=0
	until [ -z "$(ss -Hltn sport = :25)" ] || [ $n -ge 100 ]; do n=$((n + 1)); sleep 0.1; done' >/dev/null 2>&1
check "and when it is stopped, that is told" 0 'stopped' pr status

finish

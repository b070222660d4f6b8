#!/usr/bin/env bash
# Nothing of the caller's world, and nothing that others can write, decides what root does:
# environment, descriptors, limits, signals, the state folder, postrelay.conf; and no foreign
# byte reaches the terminal as it is. In the sandbox, on the built program.
# shellcheck disable=SC2016 # scripts in single quotes are for other shells
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"
run_inside "$@"

readonly BIN=$BUILD/postrelay

# Sets it without any action, and with what was said in $said; true when it is written.
sets() { # value [postrelay's options]
	local value=$1

	shift
	said=$("$BIN" "$@" --no-act set "delay_warning_time=$value" 2>&1)
	status=$?
	printf 'status %s\n%s\n' "$status" "$said"
	grep -q "^delay_warning_time = $value\$" /etc/postfix/main.cf
}

# Refused: status 3, a word that matches, nothing written.
refuses() { # value pattern [options]
	local value=$1 pattern=$2

	shift 2
	! sets "$value" "$@" && [ "$status" -eq 3 ] && grep -q "$pattern" <<<"$said"
}

# --- what the caller's process brings along ---------------------------------------------------

foreign_programs() {
	mkdir -p /tmp/evil
	printf '#!/bin/sh\n: >/tmp/evil/ran\n' >/tmp/evil/postconf
	cp /tmp/evil/postconf /tmp/evil/getent
	chmod 755 /tmp/evil/postconf /tmp/evil/getent
	PATH=/tmp/evil LD_LIBRARY_PATH=/tmp/evil LD_PRELOAD=/tmp/evil/x.so ENV=/tmp/evil/postconf \
		"$BIN" check >/dev/null
	[ ! -e /tmp/evil/ran ]
}

closed_descriptors() {
	"$BIN" --no-act set delay_warning_time=11h <&- >&- 2>&-
	grep -q '^delay_warning_time = 11h$' /etc/postfix/main.cf
}

odd_umask() { # umask mode
	(umask "$1" && sets "$2") || return 1
	[ "$(stat -c %a /etc/postfix/main.cf)" = 644 ] && [ -z "$(find /var/lib/postrelay -perm /077)" ]
}

no_file_may_grow() {
	(ulimit -f 0 && refuses 14h 'File too large')
}

few_descriptors() {
	(ulimit -n 10 && refuses 15h 'Too many open files')
}

ignored_signals() {
	(
		trap '' CHLD PIPE HUP TERM XFSZ
		sets 16h
	)
}

# --- what others could have written -----------------------------------------------------------

state_is_a_link() {
	mkdir -m 700 /root/elsewhere && ln -s /root/elsewhere /root/link
	refuses 20h 'own folder' --state /root/link && [ -z "$(ls -A /root/elsewhere)" ]
}

state_of_somebody_else() { # owner mode
	rm -rf /root/state
	mkdir /root/state && chown "$1" /root/state && chmod "$2" /root/state
	refuses 21h 'own folder' --state /root/state && [ -z "$(ls -A /root/state)" ]
}

settings_do_not_count() {
	local said

	said=$("$BIN" check 2>&1)
	[ ! -e /tmp/evil/ran ] && grep -q 'file is not used' <<<"$said"
}

settings_as() { # link, owner or mode
	rm -f /etc/postrelay.conf
	printf 'command_dir = /tmp/evil\n' >/tmp/evil/conf
	case $1 in
	link) ln -s /tmp/evil/conf /etc/postrelay.conf ;;
	*)
		cp /tmp/evil/conf /etc/postrelay.conf
		chown "$1" /etc/postrelay.conf
		chmod "$2" /etc/postrelay.conf
		;;
	esac
	settings_do_not_count
	status=$?
	rm -f /etc/postrelay.conf
	return "$status"
}

planted_lock() {
	ln -s /etc/passwd /etc/postfix/main.cf.tmp
	refuses 22h 'main.cf.tmp'
	status=$?
	rm -f /etc/postfix/main.cf.tmp
	return "$status"
}

# --- what reaches the terminal ----------------------------------------------------------------

# A window title, CSI as a C1 character and as a byte, an override and an isolate of the
# direction, a line separator, a byte order mark.
readonly EVIL=$'\e]0;PWN\a\xc2\x9b31m\x9b31m\xe2\x80\xae\xe2\x81\xa6\xe2\x80\xa8\xef\xbb\xbf'

spoil_files() {
	{
		printf 'myhostname = %s\nrelayhost = %s\nsmtpd_banner = %s\n' "$EVIL" "$EVIL" "$EVIL"
		printf 'mynetworks = %s, 10.0.0.0/8\n    # %s\nbroken %s\n' "$EVIL" "$EVIL" "$EVIL"
	} >>/etc/postfix/main.cf
	printf '# %s\nx%s: %s, root\nnocolon %s\n' "$EVIL" "$EVIL" "$EVIL" "$EVIL" >>/etc/aliases
	touch -d '1 hour ago' /etc/postfix/main.cf /etc/aliases
}

# On a terminal of its own, with keys typed after each other; then no such byte is in the output.
shows_no_foreign_byte() { # keys command...
	local keys=$1

	shift
	printf '%b' "$keys" | timeout 30 script -qec "$(printf '%q ' "$@")" /tmp/shown >/dev/null
	sed -i 1d /tmp/shown # the command itself
	[ -s /tmp/shown ] && ! LC_ALL=C grep -nP \
		'\x1b\]0;PWN|\xc2\x9b|(?<![\xc0-\xff\x80-\xbf])\x9b|\xe2\x80[\xa8-\xae]|\xe2\x81[\xa6-\xa9]|\xef\xbb\xbf' /tmp/shown
}

export LC_ALL=C.UTF-8 TERM=xterm-256color
touch -d '1 hour ago' /etc/postfix/main.cf
succeeds 'PATH, LD_* and ENV decide nothing' foreign_programs
succeeds 'closed stdin, stdout and stderr are no files of ours' closed_descriptors
succeeds 'umask 777 takes no rights away' odd_umask 777 12h
succeeds 'umask 0 gives none' odd_umask 0 13h
succeeds 'a limit on file sizes is an error, nothing is written' no_file_may_grow
succeeds 'a limit on descriptors is an error, nothing is written' few_descriptors
succeeds 'ignored signals change nothing' ignored_signals
succeeds 'a state folder that is a link is not used' state_is_a_link
succeeds "a state folder of somebody else's is not used" state_of_somebody_else nobody 700
succeeds 'a state folder that others can read is not used' state_of_somebody_else root 755
succeeds 'postrelay.conf as a link does not count' settings_as link
succeeds 'postrelay.conf of another user does not count' settings_as nobody 644
succeeds 'postrelay.conf that others can write does not count' settings_as root 666
succeeds 'a link in the place of the lock is not followed' planted_lock
spoil_files
for words in status check 'network list' 'alias list' 'get relayhost' 'relay show' '--json check' '-n set delay_warning_time=1h' \
	"-c /tmp/$EVIL status" "nosuch$EVIL"; do
	# shellcheck disable=SC2086 # words of a command
	succeeds "no foreign byte is shown by: ${words//[^a-z_=0-9 -]/}" shows_no_foreign_byte '' "$BIN" $words
done
for screen in overview networks relayhost aliases params; do
	succeeds "none by the screen $screen" shows_no_foreign_byte 'jj\e\eq' "$BIN" "$screen"
done
succeeds 'none of the name of the terminal' env TERM="x$EVIL" bash -c \
	'out=$(script -qec "$1" /dev/null </dev/null); [[ $out == *terminal* && $out != *"]0;PWN"$'"'\\a'"'* ]]' sh "$BIN"
finish

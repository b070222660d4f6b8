# shellcheck shell=bash disable=SC2016,SC2034 # other shells' scripts; root and status are shared
# The machine on which an apply is cut off, for the scripts that do so (sourced after harness.sh,
# inside the sandbox): main.cf, aliases and a network file that are worth keeping, Postfix's programs on
# settings that were not written just now, and what may be left over.

readonly TRACED='getppid,openat,write,fsync,flock,renameat,renameat2,unlinkat,mkdirat,linkat,symlinkat,fchmod,fchown,fsetxattr,fremovexattr,utimensat,ftruncate,clone,clone3,vfork,pidfd_open,kill,pidfd_send_signal'
readonly FILES='/etc/postfix/main.cf /etc/aliases /etc/postfix/nets'
readonly R=/run/sweep
problems=''

# --- the machine that is tried on -------------------------------------------------------------

# Postfix's programs wait 2 s for a main.cf of just now. Those of a stopped Postfix get a copy that
# is older, those of a running one see to it that it isn't of just now any more. What $R/builder
# says stands before a postalias that builds.
programs() {
	local name kind gate old='for arg; do shift; [ "$arg" != /etc/postfix ] || arg='$R'/still; set -- "$@" "$arg"; done'

	# What $R/gate matches waits once, until somebody writes to the pipe $R/go.
	gate="[ ! -e $R/gate ] || { wanted=\$(cat $R/gate); case \$* in \$wanted) ! mkdir $R/held 2>/dev/null || : <$R/go ;; esac; }"
	mkdir -p "$R/stopped" "$R/running" "$R/still"
	for name in {stopped,running}/{postconf,postfix,postalias,postmap,newaliases}; do
		kind=${name%/*}
		{
			echo '#!/bin/sh'
			[ "$kind" != stopped ] || echo "$old"
			[ "$kind" != running ] || echo "[ ! /etc/postfix/main.cf -nt $R/old ] || touch -r $R/old/main.cf /etc/postfix/main.cf"
			echo "$gate"
			[ "${name#*/}" != postalias ] || echo "case \$* in *-[qs]*) ;; *) [ ! -e $R/builder ] ||
				exec \$(cat $R/builder) $(command -v postalias) \"\$@\" ;; esac"
			echo "exec $(command -v "${name#*/}") \"\$@\""
		} >"$R/$name"
		chmod 755 "$R/$name"
	done
}

settings() { # stopped | running
	printf 'log_seconds = 1\ncommand_dir = %s\n' "$R/$1" >/etc/postrelay.conf
}

prepare() {
	local file

	postfix stop >/dev/null 2>&1
	mkdir -p "$R/old" "$R/new"
	programs
	printf '# branch\n10.8.0.0/16\n' >/etc/postfix/nets
	chmod 640 /etc/postfix/nets
	postconf -e 'mynetworks = 127.0.0.0/8, $config_directory/nets' 'relayhost = [old.test.co.jp]'
	chown root:postfix /etc/postfix/main.cf
	chmod 640 /etc/postfix/main.cf
	touch -d '1 hour ago' /etc/postfix/main.cf
	newaliases
	chmod 604 /etc/aliases.db
	touch -d '1 hour ago' /etc/aliases /etc/aliases.db /etc/postfix/nets
	cp -p /etc/postfix/*.cf "$R/still/"
	for file in $FILES /etc/aliases.db; do
		cp -p "$file" "$R/old/"
	done
	owners >"$R/owners"
}

# A file that nobody wrote is left as it is, so that Postfix doesn't wait for it.
restore() {
	local file

	for file in $FILES /etc/aliases.db; do
		cp -p "$R/old/${file##*/}" "$R/put" && mv "$R/put" "$file"
	done
	rm -rf /var/lib/postrelay/* /etc/.*postrelay* /etc/postfix/.*postrelay* /etc/postfix/main.cf.tmp \
		"$R/log" "$R/said" "$R/builder"
}

owners() {
	# shellcheck disable=SC2086 # a list of names
	stat -c '%n %a %U %G' $FILES /etc/aliases.db
}

# --- what is there ----------------------------------------------------------------------------

# "old", "new", or what each file is, of those that a change makes differ.
side() {
	local file old new all=''

	for file in $FILES; do
		old=$R/old/${file##*/} new=$R/new/${file##*/}
		if cmp -s "$file" "$old"; then
			cmp -s "$old" "$new" || all+=o
		elif cmp -s "$file" "$new"; then
			all+=n
		else
			all+=x
		fi
	done
	case $all in
	*x* | *o*n* | *n*o*) echo "$all" ;;
	*n*) echo new ;;
	*) echo old ;;
	esac
}

alias_of() {
	postalias -c "$R/still" -q "$1" hash:/etc/aliases 2>/dev/null
}

# What of ours is left beside the files and in the state folder; locks are empty and stay, and
# entries of the history are to stay.
litter() {
	find /etc /etc/postfix -maxdepth 1 \( -name '*postrelay-*' -o -name '*.tmp' -o -name '*~' -o -name '__db.*' \)
	find /var/lib/postrelay -mindepth 1 \( -path '*/history/[1-9]*' -prune -o -type f -size +0 -print \
		-o -name 'judge.*' -print -o -path '*/history/*' -print -o -name 'journal*' -print -o -name note -print \)
}

serves() {
	postfix -c "$R/still" status >/dev/null 2>&1 &&
		timeout 10 bash -c 'exec 3<>/dev/tcp/127.0.0.1/25 && read -r line <&3 && [[ $line == 220* ]]'
}

wrong() { # what
	problems+=" [$1]"
}

# What a dead apply has started may still be at work: its end is waited for, at most 10 s.
programs_end() {
	local pid tries=0

	while pid=$(pgrep -f '^/[^ ]*/(post(alias|map|conf)|newaliases) ' | head -n 1) && [ "$pid" ]; do
		tries=$((tries + 1))
		if [ "$tries" -ge 1000 ]; then
			wrong "process $pid goes on"
			return
		fi
		timeout 10 tail --pid="$pid" -s 0.01 -f /dev/null
	done
}

# apply INJECTION EDIT...: sets status; what it said is in $R/said, its calls in $R/log.
apply() {
	local inject=$1

	shift
	rm -f "$R/log"
	PR_LOG_MS=1 PR_TRACE_LOG=$R/log PR_TRACE="/usr/bin/strace -qqq -y -o $R/log -e trace=$TRACED ${inject:+-e inject=$inject}" \
		timeout 60 "$BUILD/tests/e2e/apply_once" "$@" >"$R/said" 2>&1
	status=$?
}

report() { # name problems
	[ -z "$2" ]
	tell $? "$1" "$2"
}

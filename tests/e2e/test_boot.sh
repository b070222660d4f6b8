#!/usr/bin/env bash
# A machine that went down in the middle of an apply: what `make install` leaves for its next
# start is found, and ends that apply before Postfix is started, without touching Postfix.
# shellcheck disable=SC2016 # scripts in single quotes are for other shells
set -u

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"
run_inside "$@"

readonly R=/run/boot
readonly UNIT=$R/usr/lib/systemd/system/postrelay-recover.service
bin=$R/usr/sbin/postrelay

says() { # PATTERN COMMAND...
	local pattern=$1 out

	shift
	out=$("$@" 2>&1)
	grep -qE -- "$pattern" <<<"$out" || { printf '%s\n' "$out" && false; }
}

is_down() {
	! postfix status >/dev/null 2>&1 && [ -z "$(ss -ltnH sport = :25)" ]
}

# --- what is installed ------------------------------------------------------------------------

mkdir -p "$R"
succeeds "it is installed" make -s -C "$root" BUILD="$BUILD" prefix="$R/usr" install
succeeds "the unit is wanted at the start of the machine" test \
	"$R/usr/lib/systemd/system/multi-user.target.wants/postrelay-recover.service" -ef "$UNIT"
run=$(sed -n 's/^ExecStart=//p' "$UNIT")
condition=$(sed -n 's/^ConditionPathExistsGlob=//p' "$UNIT")
succeeds "what it starts is what is installed" test "${run%% *}" = "$bin" -a -x "$bin"
if [ -x /usr/bin/systemd-analyze ]; then
	succeeds "systemd takes it as it is" says '^$' sh -c "systemd-analyze verify --man=no $UNIT 2>&1; echo"
else
	echo "# there is no systemd-analyze: nobody has judged the unit"
fi
is_due() {
	compgen -G "$condition" >/dev/null
}

# --- the machine goes down --------------------------------------------------------------------

# An apply that has stopped Postfix, replaced the files, and is about to start it.
mkdir "$R/slow"
ln -s /usr/sbin/postconf /usr/sbin/postalias /usr/sbin/postmap /usr/sbin/newaliases "$R/slow"
printf '%s\n' '#!/bin/sh' 'case $* in' '*start) echo $$ >'"$R/pid"'; : >'"$R/starts"'; exec sleep 1000 ;;' \
	'esac' 'exec /usr/sbin/postfix "$@"' >"$R/slow/postfix"
chmod 755 "$R/slow/postfix"
cp /etc/postfix/main.cf "$R/main.cf"
touch -d '1 minute ago' /etc/postfix/main.cf

go_down() {
	echo "command_dir = $R/slow" >/etc/postrelay.conf
	rm -f "$R/starts"
	setsid "$bin" interface set all >"$R/said" 2>&1 &
	until [ -e "$R/starts" ]; do
		kill -0 $! 2>/dev/null || return 1
	done
	pkill -9 -x postrelay
	kill -9 "$(cat "$R/pid")"
	rm /etc/postrelay.conf
	! cmp -s /etc/postfix/main.cf "$R/main.cf" && is_down
}

succeeds "nothing is due on a healthy machine" eval '! is_due'
succeeds "the machine goes down, with new files" go_down
succeeds "what systemd looks for is there" is_due
# shellcheck disable=SC2086 # words
succeeds "the old files come back, and it is told" says 'warning: .*its files are as they were' $run
succeeds "byte for byte" cmp /etc/postfix/main.cf "$R/main.cf"
succeeds "Postfix is left to whoever starts it" is_down
succeeds "nothing is due any more" eval '! is_due'
succeeds "nothing of ours is beside the files" says '^$' sh -c 'find /etc/postfix -name "*postrelay*"; echo'
succeeds "Postfix starts" postfix start
succeeds "the history knows" says '^ *1 .*put back' "$bin" history list
succeeds "a second run has nothing to do" says 'Nothing is half done' "$bin" recover --no-service

# Somebody has changed the file since: a person has to look, and Postfix isn't held back.
succeeds "the machine goes down once more" go_down
echo '# mine' >>/etc/postfix/main.cf
# shellcheck disable=SC2086 # words
succeeds "what needs a person is told" says 'PR-APPLY-003' $run
# shellcheck disable=SC2086 # words
succeeds "and has failed" eval '$run >/dev/null 2>&1; [ $? -eq 5 ]'
succeeds "nothing was touched" grep -q '^# mine' /etc/postfix/main.cf
succeeds "it can be decided before Postfix runs" eval '"$bin" recover --no-service old && is_down'
succeeds "byte for byte again" cmp /etc/postfix/main.cf "$R/main.cf"

succeeds "uninstalling leaves nothing" eval 'make -s -C "$root" BUILD="$BUILD" prefix="$R/usr" uninstall &&
	[ -z "$(find "$R/usr" -name "postrelay*" ! -type d)" ]'

finish

#!/usr/bin/env bash
# Commands on a scratch configuration folder: what they print, what they write, and their exit
# status, good and bad input. Nothing here starts or asks a running Postfix.
set -u
# In a network of its own where that can be made: DNS is asked for relay hosts.
if [ -z "${PR_OWN_NET:-}" ] && unshare -n true 2>/dev/null; then
	# shellcheck disable=SC2016 # for the inner shell
	PR_OWN_NET=1 exec unshare -n bash -c 'ip link set lo up
		ip link add eth0 type veth peer name peer0
		ip address add 192.0.2.2/24 dev eth0
		ip link set eth0 up; ip link set peer0 up; exec bash "$0"' "$0"
fi
# shellcheck source=tests/e2e/harness.sh
. "$(dirname "$0")/harness.sh"

top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
chmod 755 "$top"
cp "$bin" "$top/postrelay"
export LC_ALL=C XDG_CONFIG_HOME=$top/none HOME=$top/none
unset MAIL_CONFIG
pf=$top/pf

fresh() {
	rm -rf "$pf" "$top/state"
	mkdir -p "$pf"
	cat >"$pf/main.cf" <<-END
		# a relay for tests
		compatibility_level = 2
		myhostname = relay.example.co.jp
		myorigin = \$myhostname
		#relayhost = [gateway.example.com]
		relayhost   =   [mail.test.co.jp]:587
		inet_interfaces = 127.0.0.1
		mynetworks = 127.0.0.0/8, 192.168.1.0/24
		alias_maps = hash:$pf/aliases
		alias_database = hash:$pf/aliases
		message_size_limit = 10240000
	END
	cat >"$pf/aliases" <<-END
		# See man 5 aliases
		postmaster:    root
		#webmaster: root

		# the copier team
		copier: taro, hanako@example.co.jp
	END
	printf 'smtp inet n - y - - smtpd\n' >"$pf/master.cf"
	touch -d '1 minute ago' "$pf"/*
	rm -rf "$top/before"
	cp -a "$pf" "$top/before"
}

pr() {
	timeout 60 "$top/postrelay" -c "$pf" --state "$top/state" "$@" >"$top/out" 2>"$top/err" </dev/null
	status=$?
}

result() { # 0 (it is well), NAME
	tell "$1" "$2" "status $status
$(sed 's/^/out: /' "$top/out" | head -n 20)
$(sed 's/^/err: /' "$top/err" | head -n 20)"
}

is() { # NAME STATUS: the exit status
	[ "$status" -eq "$2" ]
	result $? "$1 ends with $2"
}

prints() { # NAME TEXT: exactly this on stdout
	[ "$(cat "$top/out")" = "$2" ]
	result $? "$1"
}

says() { # NAME WORD: somewhere on stderr
	grep -qF -- "$2" "$top/err"
	result $? "$1"
}

shows() { # NAME WORD: somewhere on stdout
	grep -qF -- "$2" "$top/out"
	result $? "$1"
}

untouched() { # NAME
	diff -r "$top/before" "$pf" >"$top/diff" 2>&1 && [ ! -e "$pf/main.cf.tmp" ]
	result $? "$1: nothing was written"
}

changed() { # NAME FILE OLD NEW: exactly one line went, one came ("-": none)
	diff "$top/before/$2" "$pf/$2" | grep '^[<>]' >"$top/diff"
	{
		[ "$3" = - ] || printf '< %s\n' "$3"
		[ "$4" = - ] || printf '> %s\n' "$4"
	} | cmp -s - "$top/diff"
	result $? "$1"
	[ "$failed" -eq 0 ] || cat "$top/diff"
}

# --- get
fresh
pr status --no-act
is "an option that a command lacks" 2
says "an option that a command lacks is named" "status does not take --no-act."
pr get relayhost
is get 0
prints "get prints as postconf does" "relayhost = [mail.test.co.jp]:587"
pr get -h relayhost message_size_limit
prints "get -h prints values only" "$(printf '[mail.test.co.jp]:587\n10240000')"
pr get -x myorigin
prints "get -x fills in" "myorigin = relay.example.co.jp"
pr get mail_name
is "get of a default" 0
prints "get prints the default" "mail_name = Postfix"
pr get no_such_name
is "get of a name that nobody knows" 1
pr --json get relayhost
shows "get --json gives the value" '"value": "[mail.test.co.jp]:587"'
untouched "get"

# --- set, unset
pr set 'relayhost=[mail.test.co.jp]:587'
is "set of an equal value" 0
says "set of an equal value says so" "Nothing to do"
untouched "set of an equal value"
pr -n set message_size_limit=20480000
is "set -n" 0
shows "set -n shows the old line" "-message_size_limit = 10240000"
shows "set -n shows the new line" "+message_size_limit = 20480000"
untouched "set -n"
pr set --no-act message_size_limit=20480000
is set 0
changed "set changes its line only" main.cf "message_size_limit = 10240000" "message_size_limit = 20480000"
fresh
pr set --no-act 'relayhost = [b.test]'
changed "set keeps blanks" main.cf "relayhost   =   [mail.test.co.jp]:587" "relayhost   =   [b.test]"
fresh
pr unset --no-act relayhost
is unset 0
changed "unset removes its line only" main.cf "relayhost   =   [mail.test.co.jp]:587" -
pr unset --no-act relayhost
says "unset of an unset one says so" "Nothing to do"
fresh
pr set nonsense
is "set without =" 2
untouched "set without ="
pr set message_size_limit=10MB
is "set of a value that Postfix dies of" 1
untouched "set of a value that Postfix dies of"
says "the way to force it is told" "--force PR-TYPE-"
pr -R set message_size_limit=1
is "set -R" 3
untouched "set -R"
pr --json -n set message_size_limit=20480000
shows "set --json -n tells the change" '"after": "20480000"'
shows "set --json -n did not apply" '"applied": false'

# --- interface
fresh
pr interface list
is "interface list" 0
shows "interface list has lo" "127.0.0.1"
pr interface set --no-act loopback-only
changed "interface set writes the word" main.cf "inet_interfaces = 127.0.0.1" "inet_interfaces = loopback-only"
fresh
pr interface set --no-act eth0
is "interface set of a NIC's name" 1
untouched "interface set of a NIC's name"
pr interface set all 127.0.0.1
is "interface set of all with company" 1
untouched "interface set of all with company"

# --- network
fresh
pr network list
is "network list" 0
shows "network list has the segment" "192.168.1.0/24"
pr network test 192.168.1.9 '[127.0.0.1]'
is "network test of clients that may" 0
prints "network test names the row" "192.168.1.9: allowed  192.168.1.0/24 ($pf/main.cf:8)
[127.0.0.1]: allowed  127.0.0.0/8 ($pf/main.cf:8)"
pr network test 192.168.1.9 10.0.0.1
is "network test with one that may not" 1
shows "network test tells of no row" "10.0.0.1: denied  no row matches: "
pr network test 192.168.1
is "network test of what is no address" 2
pr network add --no-act 192.168.3.0/24
is "network add" 0
changed "network add adds one" main.cf "mynetworks = 127.0.0.0/8, 192.168.1.0/24" \
	"mynetworks = 127.0.0.0/8, 192.168.1.0/24, 192.168.3.0/24"
fresh
pr network add 192.168.1.0/24
says "network add of one that is there says so" "Nothing to do"
untouched "network add of one that is there"
pr network add 192.168.3.5/24
is "network add with host bits" 1
untouched "network add with host bits"
pr network remove --no-act 192.168.1.0/24
is "network remove" 0
changed "network remove takes one out" main.cf "mynetworks = 127.0.0.0/8, 192.168.1.0/24" "mynetworks = 127.0.0.0/8"
fresh
pr network remove 10.9.9.0/24
is "network remove of one that is not there" 1
untouched "network remove of one that is not there"
cat >>"$pf/main.cf" <<-END
	mynetworks =
	    127.0.0.0/8

	    # branch
	    10.1.0.0/16
	myorigin = \$mydomain
END
touch -d '1 minute ago' "$pf/main.cf"
cp -p "$pf/main.cf" "$top/before/main.cf"
pr network remove --no-act 10.1.0.0/16
is "network remove of a row with a note below a blank line" 0
diff "$top/before/main.cf" "$pf/main.cf" | grep '^[<>]' >"$top/diff"
printf '<     # branch\n<     10.1.0.0/16\n' | cmp -s - "$top/diff"
result $? "the row and its note go, the blank line stays"
fresh
printf '192.168.1.0/24\n' >"$pf/nets"
sed -i "s|^mynetworks.*|mynetworks = $pf/nets|" "$pf/main.cf"
touch -d '1 minute ago' "$pf"/*
pr network add --no-act 192.168.3.0/24
[ "$(cat "$pf/nets")" = "$(printf '192.168.1.0/24\n192.168.3.0/24')" ]
result $? "network add goes into the one plain file"

# --- relay
fresh
pr relay show
shows "relay show" "relayhost = [mail.test.co.jp]:587"
pr relay set --no-act mail.example.com:587
changed "relay set writes brackets" main.cf "relayhost   =   [mail.test.co.jp]:587" "relayhost   =   [mail.example.com]:587"
fresh
pr relay set --no-act --mx example.com
changed "relay set --mx writes none" main.cf "relayhost   =   [mail.test.co.jp]:587" "relayhost   =   example.com"
fresh
sed -i 's/^relayhost.*/&, [spare.example.com]/' "$pf/main.cf"
touch -d '1 minute ago' "$pf"/*
pr relay set --no-act mail.example.com:587
says "relay set tells of the spare host that goes" "the spare relay hosts go (spare.example.com)"
fresh
pr relay set mail.test.co.jp:587
says "relay set of the same says so" "Nothing to do"
untouched "relay set of the same"
pr relay set mail.example.com:99999
is "relay set with a port that can't be" 1
untouched "relay set with a port that can't be"
pr relay unset --no-act
changed "relay unset" main.cf "relayhost   =   [mail.test.co.jp]:587" -

# --- relay: login and TLS
fresh
printf 'Geh:eim 1\nnot this\n' >"$top/secret"
pr relay set --no-act mail.test.co.jp:587 --user relay@test.co.jp --password-file "$top/secret"
is "relay set with a login" 0
[ "$(stat -c %a "$pf/sasl_passwd")" = 600 ] &&
	[ "$(cat "$pf/sasl_passwd")" = "$(printf '[mail.test.co.jp]:587\trelay@test.co.jp:Geh:eim 1')" ]
result $? "relay set makes the table of passwords, for root only"
diff "$top/before/main.cf" "$pf/main.cf" | grep -c '^>' | grep -qx 4 &&
	! diff "$top/before/main.cf" "$pf/main.cf" | grep -q '^<' &&
	grep -qx 'smtp_tls_security_level = encrypt' "$pf/main.cf" &&
	grep -qx 'smtp_sasl_auth_enable = yes' "$pf/main.cf"
result $? "relay set adds four lines for a login"
! grep -q 'Geh\|eim' "$top/out" "$top/err" && ! grep -rq 'Geh' "$top/state" --include=meta
result $? "relay set tells no password"
touch -d '1 minute ago' "$pf"/*
pr relay show
shows "relay show of a login" "  login as relay@test.co.jp, kept for [mail.test.co.jp]:587 in $pf/sasl_passwd"
shows "relay show of TLS" "  TLS required (encrypt)"
pr --json relay show
shows "relay show --json of a login" '"kept_for": "[mail.test.co.jp]:587"'
! grep -q 'Geh\|eim' "$top/out"
result $? "relay show --json tells no password"
pr -n relay set mail.example.com:465 --user other
is "relay set -n of another host" 0
shows "the password goes along" "+[mail.example.com]:465	other:****"
shows "port 465 is TLS from the first byte" "+smtp_tls_wrappermode = yes"
! grep -q 'Geh\|eim' "$top/out" "$top/err"
result $? "a diff tells no password"
timeout 60 "$top/postrelay" -c "$pf" --state "$top/state" relay set --no-act mail.test.co.jp:587 \
	--password-file - --tls secure >"$top/out" 2>"$top/err" <<<'second'
status=$?
is "relay set with a password from standard input" 0
grep -q 'relay@test.co.jp:second$' "$pf/sasl_passwd" && grep -qx 'smtp_tls_security_level = secure' "$pf/main.cf"
result $? "the new password is kept"
pr relay unset --no-act
is "relay unset of a login" 0
says "relay unset says that TLS stays required" "TLS stays required (secure)"
[ ! -s "$pf/sasl_passwd" ] && ! grep -q sasl "$pf/main.cf" && ! grep -q '^relayhost' "$pf/main.cf"
result $? "relay unset takes the login along"
fresh
pr relay set mail.test.co.jp:587 --user nobody
is "relay set with a user only" 2
pr relay set mail.test.co.jp:587 --password-file "$top/secret"
is "relay set with a password only" 2
pr relay set mail.test.co.jp:587 --user x --password-file "$top/none"
is "relay set with a password file that isn't there" 2
pr relay set mail.test.co.jp:587 --tls bogus
is "relay set with a level that isn't one" 2
untouched "relay set that was refused"

# --- alias
fresh
pr alias list
is "alias list" 0
prints "alias list has all, disabled ones with #" \
	"$(printf 'postmaster: root\n#webmaster: root\ncopier: taro, hanako@example.co.jp')"
pr alias list --filter hanako
prints "alias list --filter" "copier: taro, hanako@example.co.jp"
pr alias get COPIER
prints "alias get folds case" "copier: taro, hanako@example.co.jp"
pr alias get nobody-here
is "alias get of none" 1
pr alias set --no-act sales taro '|/usr/local/bin/ticket --queue a'
is "alias set of a new one" 0
grep -qxF 'sales: taro, "|/usr/local/bin/ticket --queue a"' "$pf/aliases" ||
	grep -qxE 'sales:[[:blank:]]+taro, "\|/usr/local/bin/ticket --queue a"' "$pf/aliases"
result $? "alias set quotes a command"
pr alias set --no-act sales taro '|/usr/local/bin/ticket --queue a'
says "alias set of the same says so" "Nothing to do"
fresh
pr alias add --no-act postmaster hanako
changed "alias add keeps the style" aliases "postmaster:    root" "postmaster:    root, hanako"
fresh
pr alias remove --no-act copier taro
changed "alias remove of a target" aliases "copier: taro, hanako@example.co.jp" "copier: hanako@example.co.jp"
fresh
pr alias remove copier taro hanako@example.co.jp
is "alias remove of the last target" 1
untouched "alias remove of the last target"
pr alias remove --no-act postmaster
changed "alias remove" aliases "postmaster:    root" -
fresh
pr alias enable --no-act webmaster
changed "alias enable" aliases "#webmaster: root" "webmaster: root"
fresh
pr alias disable --no-act postmaster
changed "alias disable" aliases "postmaster:    root" "#postmaster:    root"
says "alias disable says what is different" "The alias postmaster is off."
fresh
pr alias disable webmaster
says "alias disable of a disabled one says so" "Nothing to do"
untouched "alias disable of a disabled one"

# --- check, status
fresh
pr check
is "check of good files" 0
echo 'garbage line' >>"$pf/main.cf"
pr check
is "check of a bad line" 1
shows "check names file, line, code" "$pf/main.cf:12:"
shows "check prints the code" "[PR-CF-001]"
fresh
echo 'no_such_thing = 1' >>"$pf/main.cf"
pr check
is "check with a warning only" 0
shows "a warning is told" "[PR-CF-005]"
echo 'silence = {"PR-CF-005", "PR-CF-001"}' >"$top/settings"
pr -f "$top/settings" check
! grep -q 'PR-CF-005' "$top/out"
result $? "a warning can be silenced"
echo 'garbage line' >>"$pf/main.cf"
pr -f "$top/settings" check
is "an error can't be silenced" 1
pr --json check
shows "check --json has the code" '"code": "PR-CF-001"'
pr status
is status 0
shows "status names the folder" "$pf"

# --- hostile text
fresh
printf 'evil: \033]0;owned\007\n' >>"$pf/aliases"
pr alias get evil
grep -q "$(printf '\033')" "$top/out"
result $? "hostile bytes go raw into a pipe"
if command -v script >/dev/null; then
	script -qec "$top/postrelay -c $pf --state $top/state alias get evil" "$top/tty" </dev/null >/dev/null 2>&1
	grep -q 'x1B]0;owned' "$top/tty" && ! grep -q "$(printf '\033')" "$top/tty"
	result $? "hostile bytes are escaped on a terminal"
fi
printf 'mail_name = caf\351\n' >>"$pf/main.cf"
pr --json get mail_name
shows "text that is no UTF-8 has its bytes in JSON" '"bytes": "Y2Fm6Q=="'

# --- usage
for words in nonsense alias "alias frob" "get" "get --mx relayhost" "relay set" "networks x" "--nonsense" \
	"set --accept nonsense a=b"; do
	# shellcheck disable=SC2086
	pr $words
	is "usage: $words" 2
done
pr --help
is "--help" 0
shows "--help lists a command" "network add"
for number in 0 1 2 3 4 5; do
	grep -q "^Exit status.*" "$top/out" && sed -n '/^Exit status/,$p' "$top/out" |
		grep -q "\(^\|[ ,]\)$number [a-z]"
	result $? "--help names exit status $number"
done
shows "--help names the screens of history and set-up" "params, verify, history, setup."
pr --version
is "--version" 0
timeout 60 "$top/postrelay" -c "$pf" get relayhost >/dev/full 2>"$top/err"
status=$?
is "a full disk behind stdout" 3
timeout 60 "$top/postrelay" -c "$pf" get relayhost >&- 2>&- <&-
status=$?
is "closed stdin, stdout, stderr" 0

# --- bad input
fresh
rm "$pf/main.cf"
pr get relayhost
is "main.cf missing" 2
says "main.cf missing says so" "main.cf"
pr check
is "check, main.cf missing" 2
[ ! -e "$pf/main.cf" ]
result $? "a missing main.cf isn't made"
mkdir "$pf/main.cf"
pr get relayhost
is "main.cf a folder" 2
fresh
timeout 60 "$top/postrelay" -c "$top/nowhere" get relayhost >"$top/out" 2>"$top/err"
status=$?
is "no such configuration folder" 2
rm "$pf/aliases"
pr alias list
is "aliases missing" 2
pr get relayhost
is "get does not need the aliases" 0
fresh
sed -i '/^alias_/d' "$pf/main.cf"
echo 'alias_database =' >>"$pf/main.cf"
pr alias list
is "alias_database names no file" 2
fresh
head -c 3000 /dev/zero >>"$pf/main.cf"
cp -a "$pf/main.cf" "$top/before/main.cf"
pr check
is "check of a binary main.cf" 1
shows "a binary main.cf is told" "PR-"
pr set message_size_limit=1
[ "$status" -ne 0 ]
result $? "a binary main.cf can't be edited"
untouched "binary main.cf"
fresh
truncate -s 1100M "$pf/main.cf"
pr get relayhost
is "main.cf of more than 1 GiB" 2
fresh
echo 'command_dir = /nowhere' >"$top/settings"
pr -f "$top/settings" get relayhost
is "no Postfix: get of what is set" 0
pr -f "$top/settings" get mail_name
is "no Postfix: get of a default" 3
pr -f "$top/settings" check
is "no Postfix: check" 0
shows "no Postfix is told" "[PR-PF-001]"
pr -f "$top/settings" set --no-act relayhost=x.test
is "no Postfix: set" 0
sed -i '/^mynetworks/d' "$pf/main.cf"
cp -p "$pf/main.cf" "$top/before/main.cf"
pr -f "$top/settings" network list
is "no Postfix: network list of what only Postfix knows" 3
prints "no Postfix: no list that says nobody may relay" ""
pr -f "$top/settings" network add 10.1.0.0/16
is "no Postfix: the first network add" 3
says "no Postfix: the way out fits" "Install Postfix, or set the whole list"
untouched "no Postfix: the first network add"
pr -f "$top/settings" check
[ "$(grep -cF '[PR-PF-001]' "$top/out")" -eq 1 ]
result $? "no Postfix is told once"
fresh
mkdir -m 755 "$top/open"
pr --state "$top/open" set relayhost=x.test
is "a state folder that others can write" 3
says "a state folder that others can write is told" "[PR-APPLY-002]"
! grep -qF -- --force "$top/err"
result $? "no consent is offered where none helps"
untouched "a state folder that others can write"
(cd "$pf" && "$top/postrelay" -c ./ --state "$top/state" -n set relayhost=x.test >"$top/out" 2>"$top/err")
shows "a relative folder gives clean paths" "--- $pf/main.cf"
mkdir "$top/here"
(cd "$top/here" && "$top/postrelay" -c "$pf" --state near/by set relayhost=x.test >"$top/out" 2>"$top/err")
[ -d "$top/here/near/by" ] && [ ! -e /near ]
result $? "a relative state folder is beside the caller, not at the root"
(cd "$top/here" && "$top/postrelay" -c "$pf" --state near/by history list >"$top/out" 2>"$top/err")
shows "its history is found again" "relayhost"
fresh
printf 'a = b\0c\n' >>"$pf/main.cf"
pr set relayhost=x.test
is "a file with a NUL byte: set" 2
says "a file with a NUL byte says why" "at a NUL byte"
fresh
echo 'ascii = maybe' >"$top/settings"
pr -f "$top/settings" get relayhost
is "a mistake in the settings" 0
says "a mistake in the settings names file and line" "$top/settings:1:"
pr -f "$top/no-settings" get relayhost
is "named settings missing" 2
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	nobody() {
		timeout 60 setpriv --reuid 65534 --regid 65534 --clear-groups "$top/postrelay" -c "$pf" --state "$top/nobody" \
			"$@" >"$top/out" 2>"$top/err" </dev/null
		status=$?
	}
	fresh
	nobody get relayhost
	is "no right to write: get" 0
	nobody set relayhost=x.test
	is "no right to write: set" 3
	untouched "no right to write"
	nobody -n set relayhost=x.test
	is "no right to write: a dry run" 0
	chmod 600 "$pf/main.cf" "$top/before/main.cf"
	nobody get relayhost
	is "no right to read" 2
else
	echo "# skipped: no right to read or write (wants root and setpriv)"
fi

# --- Ctrl-C while Postfix judges the candidate: a postconf that waits until it is let go
if [ "$(id -u)" -eq 0 ] && command -v mkfifo >/dev/null; then
	fresh
	mkdir "$top/bin"
	ln -s /usr/sbin/post* "$top/bin/"
	rm "$top/bin/postconf"
	mkfifo "$top/go"
	cat >"$top/bin/postconf" <<-END
		#!/bin/sh
		case "\$*" in
		*" -n") : >"$top/judging"; read -r go <"$top/go" ;;
		esac
		exec /usr/sbin/postconf "\$@"
	END
	chmod 755 "$top/bin/postconf"
	printf 'command_dir = "%s/bin"\n' "$top" >"$top/settings"
	chmod 644 "$top/settings"
	timeout 60 "$top/postrelay" -f "$top/settings" -c "$pf" --state "$top/state" set relayhost=x.test \
		>"$top/out" 2>"$top/err" </dev/null &
	job=$!
	tries=0
	while [ ! -e "$top/judging" ] && [ "$tries" -lt 200 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	pid=$(cat "/proc/$job/task/$job/children")
	kill -INT "${pid%% *}"
	tries=0
	while ! grep -q "Asked to stop" "$top/err" && [ "$tries" -lt 100 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	# shellcheck disable=SC2016 # for the inner shell
	timeout 20 sh -c 'echo go >"$1"' sh "$top/go"
	wait "$job"
	status=$?
	is "Ctrl-C before the files are replaced" 3
	untouched "Ctrl-C before the files are replaced"
fi
finish

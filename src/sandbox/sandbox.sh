#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The sandbox: a mail relay with its network, in namespaces that end with this program. What
# is tried in it touches nothing of this machine. See usage() for the commands and init.sh,
# which runs inside as process 1, for what is built.
#
# How it ends: COMMAND is over, or `stop`, or a signal to this program. Every process of the
# sandbox lives in one PID namespace; process 1 there gets SIGKILL when unshare(1) dies, and
# unshare when this program dies, kill -9 included. Then the kernel ends the rest: processes,
# mounts and network cards. No state is kept outside of it but the folder given to `start`.
#
# Exit status: that of COMMAND; 2 wrong use; 70 the sandbox could not be built; 77 it isn't
# possible here (only `start` and `probe`; `run` then uses a scratch copy).
set -u -o pipefail

readonly BASE=/run/postrelay-sandbox # exists inside only
readonly MARK=postrelay-sandbox-init
readonly RELAY_WAN=203.0.113.5 OUTSIDER=203.0.113.77
SELF=$(readlink -f -- "$0")
HERE=${SELF%/*}
readonly SELF HERE

usage() {
	cat <<'END'
usage: sandbox.sh run [--] COMMAND...         run COMMAND on the relay of a new sandbox
       sandbox.sh start [--parent PID] DIR    start one that stays (ends with process PID)
       sandbox.sh stop DIR                    end it
       sandbox.sh probe                       say whether a sandbox is possible here

On the relay as "sandbox", elsewhere as "sandbox.sh [--in DIR]" (not needed while only
one sandbox runs):
       sandbox client ADDR FROM TO            a client at ADDR sends one message
       sandbox outsider FROM TO               a stranger on the Internet sends one
       sandbox received [--wait COUNT] [N]    what the upstream got; message N in full
       sandbox smarthost USER PASSWORD        smtp.test.co.jp takes mail on 587 and 465
                                              from who logs in so, under TLS
       sandbox exec [relay|client|outsider|upstream] COMMAND...

client and outsider end with 0: taken, 1: refused, 3: no connection.
ADDR is in 192.168.1.0/24, 192.168.2.0/24, or 192.168.3.0/24 (behind a router).
END
}

say() {
	printf 'sandbox: %s\n' "$*" >&2
}

die() {
	local status=$1
	shift
	say "$@"
	exit "$status"
}

wrong_use() {
	usage >&2
	exit 2
}

# --- outside: is it possible, start, run, stop ----------------------------------------------

# Without Postfix on this machine, the one that deps.sh unpacked serves.
postfix_root() {
	local root

	[ -x /usr/sbin/postfix ] && return 0
	for root in "${BUILD:+$BUILD/postfix-root}" "$HERE/../../build/postfix-root"; do
		if [ -n "$root" ] && [ -x "$root/usr/sbin/postfix" ]; then
			readlink -f -- "$root"
			return 0
		fi
	done
	return 1
}

# Prints why a sandbox isn't possible here; nothing when it is.
why_not() {
	local tool missing=""

	if [ "$(id -u)" -ne 0 ]; then
		echo "it needs root"
		return
	fi
	PATH=$PATH:/usr/sbin:/sbin
	postfix_root >/dev/null || missing=' postfix'
	for tool in unshare nsenter setpriv ip ss dnsmasq pgrep; do
		command -v "$tool" >/dev/null || missing="$missing $tool"
	done
	if [ -n "$missing" ]; then
		echo "these programs are missing:$missing (make deps installs them)"
		return
	fi
	# shellcheck disable=SC2016 # the inner shell expands it
	unshare "${NAMESPACES[@]}" --kill-child -- sh -c '
		mount -t tmpfs tmpfs /run && mkdir /run/u /run/w &&
		mount -t overlay -o lowerdir=/etc,upperdir=/run/u,workdir=/run/w overlay /etc &&
		ip link add name prv0 type veth peer name prv1' </dev/null >/dev/null 2>&1 ||
		echo "this system allows no namespaces, overlay mounts or veth network cards"
}

NAMESPACES=(--net --mount --uts --ipc --pid --fork --mount-proc)

smtpsay_path() {
	local path

	for path in "${BUILD:+$BUILD/sandbox/smtpsay}" "$HERE/smtpsay" \
		"$HERE/../../build/sandbox/smtpsay"; do
		if [ -n "$path" ] && [ -x "$path" ]; then
			readlink -f -- "$path"
			return
		fi
	done
}

# Process 1 of the sandbox, a child of our child unshare.
init_pid() {
	local pid

	# The list ends without a newline, which `read` tells as an end of file.
	{ read -r pid _ <"/proc/$1/task/$1/children"; } 2>/dev/null
	[ -n "${pid:-}" ] && printf '%s\n' "$pid"
}

# Ends process 1 rather than unshare: unshare then waits until all is gone, and so do we.
end_child() {
	local init

	init=$(init_pid "$child") && kill -KILL "$init" 2>/dev/null && return
	kill -KILL "$child" 2>/dev/null
}

# launch MODE COMMAND...: builds the sandbox, waits for its end, returns its status.
launch() {
	local root smtpsay

	root=$(postfix_root)
	smtpsay=$(smtpsay_path)
	unset MAIL_CONFIG MAIL_DEBUG MAIL_VERBOSE
	trap : INT QUIT
	setpriv --pdeathsig KILL -- env --default-signal=INT,QUIT \
		unshare "${NAMESPACES[@]}" --kill-child=KILL -- \
		bash "$HERE/init.sh" "$MARK" "$HERE" "$root" "$smtpsay" "$@" <&0 &
	child=$!
	trap end_child TERM HUP
	while kill -0 "$child" 2>/dev/null; do
		wait "$child"
	done
	wait "$child"
}

run() {
	local reason

	[ "${1:-}" = -- ] && shift
	[ $# -ge 1 ] || wrong_use
	reason=$(why_not)
	if [ -n "$reason" ]; then
		say "no sandbox here: $reason."
		say "Using a scratch copy of the settings: editing, checks and diffs work on it."
		run_on_scratch "$@"
		return
	fi
	launch run "$@"
}

# The copy's queue is its own as well: a Postfix command on a copy of a live folder would
# act on the live Postfix.
run_on_scratch() {
	local scratch status

	scratch=$(mktemp -d) || exit 70
	# shellcheck disable=SC2016 # the inner shell expands it
	setsid sh -c 'tail --pid="$1" -s 0.5 -f /dev/null; rm -rf -- "$2"' sh $$ "$scratch" \
		</dev/null >/dev/null 2>&1 &
	mkdir -p "$scratch/etc/postfix" "$scratch/state" "$scratch/spool" "$scratch/data"
	chmod 700 "$scratch/state"
	sed -e "s|^\(alias_[a-z]* = hash:\)/etc/aliases\$|\1$scratch/etc/aliases|" \
		-e "s|^queue_directory = .*|queue_directory = $scratch/spool|" \
		-e "s|^data_directory = .*|data_directory = $scratch/data|" \
		"$HERE/main.cf" >"$scratch/etc/postfix/main.cf"
	cp "$HERE/master.cf" "$scratch/etc/postfix/master.cf"
	cp "$HERE/aliases" "$scratch/etc/aliases"
	touch -d '1 hour ago' "$scratch/etc/postfix/main.cf"
	trap : INT QUIT
	"$@" -c "$scratch/etc/postfix" -A "$scratch/etc/aliases" --state "$scratch/state"
	status=$?
	rm -rf -- "$scratch"
	return "$status"
}

start() {
	local parent="" reason made="" answer="" dir

	if [ "${1:-}" = --parent ]; then
		parent=${2:-}
		[[ $parent =~ ^[1-9][0-9]*$ ]] || wrong_use
		shift 2
	fi
	[ $# -eq 1 ] || wrong_use
	reason=$(why_not)
	[ -z "$reason" ] || die 77 "no sandbox here: $reason."
	[ -d "$1" ] || made=1
	mkdir -p -- "$1" || exit 70
	dir=$(readlink -f -- "$1")
	[ ! -e "$dir/launcher" ] || die 70 "$dir is in use. sandbox.sh stop $dir ends that one."
	rm -f -- "$dir/ready"
	mkfifo -m 600 -- "$dir/ready" || exit 70
	[ -z "$made" ] || : >"$dir/made"
	setsid bash "$SELF" __hold "$dir" "$parent" </dev/null >"$dir/log" 2>&1 &
	printf '%s\n' "$!" >"$dir/launcher"
	read -r -t 60 answer <"$dir/ready"
	if [ "$answer" != ready ]; then
		cat -- "$dir/log" >&2
		stop "$dir"
		die 70 "the sandbox didn't start."
	fi
	rm -f -- "$dir/ready"
}

# The launcher of a sandbox that stays. With a parent, it ends when that process does.
hold() {
	local dir=$1 parent=$2

	exec 3>"$dir/ready"
	if [ -n "$parent" ]; then
		# shellcheck disable=SC2016 # the inner shell expands it
		setpriv --pdeathsig KILL -- sh -c 'tail --pid="$1" -s 0.5 -f /dev/null
			kill -TERM "$2"' sh "$parent" $$ 3>&- &
	fi
	launch hold
}

stop() {
	local dir pid

	[ $# -eq 1 ] || wrong_use
	dir=$(readlink -f -- "$1") || wrong_use
	if ! pid=$(cat -- "$dir/launcher" 2>/dev/null); then
		die 2 "no sandbox was started in $1."
	fi
	if tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "__hold $dir "; then
		kill -TERM "$pid"
		tail --pid="$pid" -s 0.05 -f /dev/null
	fi
	rm -f -- "$dir/launcher" "$dir/log" "$dir/ready"
	if [ -e "$dir/made" ]; then
		rm -f -- "$dir/made"
		rmdir -- "$dir" 2>/dev/null
	fi
	return 0
}

# --- outside: into a running sandbox ----------------------------------------------------------

# Numbers of all processes that are process 1 of a sandbox.
running() {
	local pid

	for pid in $(pgrep -f "init\.sh $MARK "); do
		awk -v pid="$pid" '/^NSpid:/ && NF > 2 && $NF == 1 { print pid }' \
			"/proc/$pid/status" 2>/dev/null
	done
}

target() {
	local all launcher child

	if [ -n "$in_dir" ]; then
		launcher=$(cat -- "$in_dir/launcher" 2>/dev/null) ||
			die 2 "no sandbox was started in $in_dir."
		for child in $(pgrep -P "$launcher" -x unshare); do
			init_pid "$child" && return
		done
		die 2 "the sandbox of $in_dir runs no more."
	fi
	all=$(running)
	case $all in
	'') die 2 "no sandbox runs. sandbox.sh run COMMAND starts one." ;;
	*[!0-9]*) die 2 "several sandboxes run: say which one with --in DIR." ;;
	esac
	printf '%s\n' "$all"
}

enter() {
	local pid

	pid=$(target) || exit
	exec env SANDBOX_CWD="$PWD" nsenter --target "$pid" --mount --uts --ipc --net --pid -- \
		"$BASE/bin/sandbox" "$@"
}

# --- inside -----------------------------------------------------------------------------------

in_net() {
	local name=$1
	shift
	nsenter --net="/run/netns/$name" -- "$@"
}

smtpsay() {
	[ -x "$BASE/bin/smtpsay" ] || die 70 "smtpsay wasn't built when this sandbox started: make"
	in_net "$1" "$BASE/bin/smtpsay" "${@:2}"
}

client() {
	local addr=${1:-} server

	[ $# -eq 3 ] || wrong_use
	if ! [[ $addr =~ ^192\.168\.([123])\.([1-9][0-9]{0,2})$ ]] ||
		[ "${BASH_REMATCH[2]}" -gt 254 ]; then
		die 2 "clients have addresses in 192.168.1.0/24, 192.168.2.0/24 and 192.168.3.0/24," \
			"and $addr isn't one."
	fi
	case ${BASH_REMATCH[1]}.${BASH_REMATCH[2]} in
	1.1 | 2.1) die 2 "$addr is the relay itself: sandbox exec relay COMMAND." ;;
	1.*) set -- lan0 "$@" && server=192.168.1.1 ;;
	2.254) set -- '' "$@" && server=192.168.2.1 ;;
	2.*) set -- lan1 "$@" && server=192.168.2.1 ;;
	*) set -- lo "$@" && server=192.168.2.1 ;;
	esac
	[ -z "$1" ] || in_net clients ip address replace "$addr/32" dev "$1" || exit 70
	smtpsay clients "$addr" "$server" 25 "pc${addr##*.}.example.co.jp" "$3" "$4"
}

outsider() {
	[ $# -eq 2 ] || wrong_use
	smtpsay outsider "$OUTSIDER" "$RELAY_WAN" 25 outsider.example.net "$1" "$2"
}

# Files of whole messages, oldest first. One that smtp-sink still holds open isn't whole.
messages() {
	local open

	open=$(find /proc/[0-9]*/fd -lname "$BASE/sink/*" -printf '%l\n' 2>/dev/null)
	find "$BASE/sink" -type f -printf '%T@ %p\n' | sort -n | cut -d' ' -f2 |
		grep -vxF -e "${open:-none}"
}

received() {
	local wanted=0 tries=0 list

	if [ "${1:-}" = --wait ]; then
		wanted=${2:-}
		[[ $wanted =~ ^[1-9][0-9]*$ ]] || wrong_use
		shift 2
	fi
	[ $# -le 1 ] || wrong_use
	list=$(messages)
	while [ "$wanted" -gt "$(grep -c . <<<"$list")" ] && [ "$tries" -lt 100 ]; do
		sleep 0.1
		tries=$((tries + 1))
		list=$(messages)
	done
	[ -n "$list" ] || die 1 "the upstream has received nothing yet."
	[ "$wanted" -le "$(grep -c . <<<"$list")" ] || say "waited 10 seconds for message $wanted."
	if [ $# -eq 1 ]; then
		[[ $1 =~ ^[1-9][0-9]*$ ]] || wrong_use
		list=$(sed -n "${1}p" <<<"$list")
		[ -n "$list" ] || die 1 "the upstream has received no message $1."
		cat -- "$list"
	else
		summary <<<"$list"
		[ "$wanted" -le "$(grep -c . <<<"$list")" ]
	fi
}

# One line a message. Its text came from a stranger: only printable ASCII is passed on.
summary() {
	local file port number=0

	while read -r file; do
		number=$((number + 1))
		port=${file%/*}
		LC_ALL=C tr -c '\n -~' '?' <"$file" |
			awk -v n="$number" -v port="${port##*/}" '
			/^$/ { exit }
			/^X-Client-Addr: / { client = $2 }
			/^X-Mail-Args: / { from = $2 }
			/^X-Rcpt-Args: / { to = to " " $2 }
			/^Subject: / { subject = substr($0, 10) }
			END { printf "%d  port %s  from %s  to%s  %s\n", n, port, from, to, subject }'
	done
}

in_role() {
	local role=relay

	case ${1:-} in
	relay | client | outsider | upstream)
		role=$1
		shift
		;;
	esac
	[ $# -ge 1 ] || wrong_use
	cd -- "${SANDBOX_CWD:-$PWD}" 2>/dev/null || cd /
	unset SANDBOX_CWD
	[ "$role" = relay ] && exec "$@"
	[ "$role" = client ] && role=clients
	exec nsenter --net="/run/netns/$role" -- "$@"
}

inside() {
	local verb=$1

	shift
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	export PATH
	case $verb in
	client) client "$@" ;;
	outsider) outsider "$@" ;;
	received) received "$@" ;;
	smarthost)
		[ $# -eq 2 ] || wrong_use
		"$BASE/bin/smarthost.sh" "$@"
		;;
	exec) in_role "$@" ;;
	esac
}

main() {
	local in_dir=${SANDBOX_DIR:-} reason child

	if [ "${1:-}" = --in ]; then
		in_dir=${2:-}
		[ -n "$in_dir" ] || wrong_use
		shift 2
	fi
	case ${1:-} in
	client | outsider | received | smarthost | exec)
		if [ -d "$BASE" ]; then
			inside "$@"
		else
			enter "$@"
		fi
		;;
	run | start | stop)
		"$@"
		;;
	__hold)
		shift
		hold "$@"
		;;
	probe)
		reason=$(why_not)
		[ -z "$reason" ] || die 77 "no sandbox here: $reason."
		;;
	-h | --help | help) usage ;;
	*) wrong_use ;;
	esac
}

main "$@"

# shellcheck shell=bash
# A host of its own for the oracle tests that need known addresses and names: sourced first, it
# runs the test again in fresh namespaces (network, mounts, processes), as process 1 there, so
# that everything ends with it. Inside: lo, eth0 with 192.0.2.10 and 2001:db8::10, an /etc/hosts
# and a DNS of its own, an empty /etc/postfix, and $host, a folder in memory for private
# Postfix instances. Nothing of it is seen outside.
# shellcheck disable=SC2034 # for the test

# shellcheck source=tests/e2e/harness.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/harness.sh"
host=/run/oracle
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C

if [ -z "${PR_ORACLE_INSIDE:-}" ]; then
	[ "$(id -u)" -eq 0 ] || skip "it needs root"
	needs_program postconf dnsmasq ip ss unshare
	unshare --net --mount -- ip link add name prv0 type veth peer name prv1 2>/dev/null ||
		skip "this system allows no namespaces or veth network cards"
	export PR_ORACLE_INSIDE=1
	unset MAIL_CONFIG MAIL_DEBUG MAIL_VERBOSE
	exec timeout "${PR_ORACLE_SECONDS:-150}" \
		unshare --net --mount --uts --ipc --pid --fork --mount-proc --kill-child=KILL -- bash "$0"
fi

die() {
	echo "not ok $((count + 1)) - $1"
	exit 1
}

# over FILE: FILE's contents, for this namespace only, are what is read from stdin.
over() {
	local new
	new=$(mktemp "$host/over.XXXXXX")
	cat >"$new"
	chmod 644 "$new"
	mount --bind "$new" "$1" || die "a private $1"
}

# host_up NAMES: /etc/hosts is the file NAMES; the DNS has what is given as further arguments,
# options of dnsmasq, and every other name does not exist.
host_up() {
	local names=$1 at file

	shift
	mount -t tmpfs -o mode=0755 tmpfs /run || die "a private /run"
	mkdir -m 755 "$host"
	echo host.pf.test >/proc/sys/kernel/hostname
	over /etc/hosts <"$names"
	over /etc/resolv.conf <<<$'nameserver 127.0.0.53\nsearch pf.test\noptions timeout:2 attempts:1'
	[ ! -e /etc/nsswitch.conf ] ||
		over /etc/nsswitch.conf <<<$'passwd: files\ngroup: files\nhosts: files dns\nservices: files'
	[ ! -e /dev/log ] || mount --bind /dev/null /dev/log
	for file in all default lo; do
		echo 0 >"/proc/sys/net/ipv6/conf/$file/disable_ipv6"
		echo 0 >"/proc/sys/net/ipv6/conf/$file/accept_dad"
	done 2>/dev/null
	# Where hundreds of messages come at once, master can wait for room in postlogd's socket while
	# postlogd waits for room in master's (its status): both then stand still. So there is room.
	echo 8192 >/proc/sys/net/unix/max_dgram_qlen || die "a long queue for the log"
	ip -batch - <<-END || die "a network"
		link set lo up
		link add name eth0 type veth peer name eth9
		address add 192.0.2.10/24 dev eth0
		address add 2001:db8::10/64 dev eth0 nodad
		link set eth0 up
		link set eth9 up
	END
	dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --user=root --pid-file= \
		--bind-interfaces --listen-address=127.0.0.53 "$@" --address=/#/ || die "a DNS"
	# the settings' folder of the machine itself, with as much as postconf -d needs
	at=$(mktemp -d "$host/postfix.XXXXXX")
	for file in /etc/postfix/dynamicmaps.cf* /etc/postfix/postfix-files* \
		/etc/postfix/post-install /etc/postfix/postfix-script; do
		[ ! -e "$file" ] || cp -a "$file" "$at/"
	done
	chmod 755 "$at"
	mount --bind "$at" /etc/postfix || die "a private /etc/postfix"
	echo 'compatibility_level = 3.6' >/etc/postfix/main.cf
	cp "$root/src/sandbox/master.cf" /etc/postfix/
	echo 'postmaster: somebody@elsewhere.test' >"$host/aliases"
	echo 'root: somebody@elsewhere.test' >>"$host/aliases"
	touch -d '1 hour ago' /etc/postfix/main.cf
}

# at_once FUNCTION N: FUNCTION with each line of stdin as its argument, N at a time.
at_once() {
	local line

	while IFS= read -r line; do
		while [ "$(jobs -rp | wc -l)" -ge "$2" ]; do wait -n; done
		"$1" "$line" &
	done
	wait
}

# worst FILE PARAMETERS: the worst severity in the findings (check --json) in FILE on one of the
# parameters, given as a regular expression; with their codes.
worst() {
	awk -v wanted="^($2)\$" '
	/"parameter": / { gsub(/.*: "?|"?,?$/, ""); name = $0 }
	/"severity": / { gsub(/.*: "|",?$/, ""); sev = $0 }
	/"code": / {
		gsub(/.*: "|",?$/, "")
		if (name !~ wanted) next
		rank = sev == "error" ? 3 : sev == "warning" ? 2 : 1
		if (rank > max) max = rank
		codes = codes " " $0
	}
	END { print (max == 3 ? "error" : max == 2 ? "warning" : max == 1 ? "note" : "nothing") codes }' "$1"
}

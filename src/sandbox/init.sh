#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Process 1 of the sandbox: makes the relay in fresh namespaces (started by sandbox.sh), then
# runs COMMAND in it, or waits. With its end everything in the sandbox ends.
#
#	init.sh MARK HERE POSTFIX_ROOT SMTPSAY run|hold [COMMAND...]
#
#	clients 192.168.1.0/24 ---------- lan0 192.168.1.1 \
#	        192.168.2.0/24 ---------- lan1 192.168.2.1  relay
#	        192.168.3.0/24 behind 192.168.2.254        /  wan0 203.0.113.5
#	                                                       |
#	outsider 203.0.113.77 ---- (proxy ARP) ---- 203.0.113.1 upstream 198.51.100.25
#	                                                    and smtp.test.co.jp 198.51.100.26,
#	                                                    which wants a login (smarthost.sh)
#
# No bridge and no dummy card: kernels of containers lack them. The clients' addresses are
# added when they are first used.
set -u -o pipefail

readonly BASE=/run/postrelay-sandbox
readonly HERE=$2 POSTFIX_ROOT=$3 SMTPSAY=$4 MODE=$5
readonly UPSTREAM=198.51.100.25 SMARTHOST=198.51.100.26
WD=$PWD
shift 5

die() {
	printf 'sandbox: %s\n' "$*" >&2
	exit 70
}

# --- files ------------------------------------------------------------------------------------

# overlay DIR [LOWER]: DIR keeps its contents, and what is written to it goes to memory.
# What is mounted below DIR would be hidden, so it is mounted there again.
overlay() {
	local dir=$1 lower=${2:-$1} layer=$BASE/layer${1//\//_} sub

	[ -d "$dir" ] || return 0
	mkdir -p "$layer/up" "$layer/work" "$layer/was"
	chown --reference="$dir" "$layer/up"
	chmod --reference="$dir" "$layer/up"
	mount --rbind "$dir" "$layer/was" || die "can't look below $dir."
	mount -t overlay -o "lowerdir=$lower,upperdir=$layer/up,workdir=$layer/work" overlay "$dir" ||
		die "can't lay a private copy over $dir."
	if [ "$dir" != /etc ]; then
		awk -v top="$dir/" 'index($2, top) == 1 { print $2 }' /proc/self/mounts |
			while read -r sub; do
				sub=$(printf '%b' "$sub")
				mount --rbind "$layer/was${sub#"$dir"}" "$sub" 2>/dev/null
			done
	fi
	umount -l "$layer/was"
}

# private DIR OWNER MODE: an empty folder of the sandbox's own.
private() {
	if ! { mkdir -p "$1" && mount -t tmpfs tmpfs "$1"; }; then
		die "can't make a private $1."
	fi
	if ! { chown "$2" "$1" && chmod "$3" "$1"; }; then
		die "can't give $1 to $2."
	fi
}

unpacked_postfix() {
	local root=$BASE/postfix-root

	[ -n "$POSTFIX_ROOT" ] || return 0
	overlay /usr "$root/usr:/usr"
	getent passwd postfix >/dev/null ||
		echo 'postfix:x:64101:64101::/var/spool/postfix:/usr/sbin/nologin' >>/etc/passwd
	getent group postfix >/dev/null || echo 'postfix:x:64101:' >>/etc/group
	getent group postdrop >/dev/null || echo 'postdrop:x:64102:' >>/etc/group
	rm -rf /etc/postfix
	cp -a "$root/etc/postfix" /etc/postfix
	chgrp postdrop /usr/sbin/postdrop /usr/sbin/postqueue
	chmod 2555 /usr/sbin/postdrop /usr/sbin/postqueue
}

mounts() {
	local dir

	mount -t tmpfs -o mode=0755 tmpfs /run || die "can't make a private /run."
	mkdir -p "$BASE/bin" "$BASE/sink/25" "$BASE/sink/587" /run/lock /run/netns
	cp "$HERE/sandbox.sh" "$BASE/bin/sandbox"
	cp "$HERE/smarthost.sh" "$BASE/bin/smarthost.sh"
	chmod 755 "$BASE/bin/sandbox" "$BASE/bin/smarthost.sh"
	[ -z "$SMTPSAY" ] || cp "$SMTPSAY" "$BASE/bin/smtpsay"
	# Copied, since an overlay on an overlay may lie on no third one.
	[ -z "$POSTFIX_ROOT" ] || cp -a "$POSTFIX_ROOT" "$BASE/postfix-root" ||
		die "can't copy the unpacked Postfix."
	cp "$HERE/main.cf" "$HERE/master.cf" "$HERE/aliases" "$BASE/" ||
		die "main.cf, master.cf and aliases of the sandbox are missing in $HERE."
	for dir in /etc /var /tmp /root /home /usr/local; do
		overlay "$dir"
	done
	unpacked_postfix
	private /var/log root:root 0755
	private /var/spool/postfix root:root 0755
	private /var/lib/postfix postfix:postfix 0755
	private /var/lib/postrelay root:root 0700
	private "$(readlink -m /var/mail)" root:mail 2775
	[ ! -d /dev/shm ] || private /dev/shm root:root 1777
	[ ! -e /dev/log ] || mount --bind /dev/null /dev/log || die "can't hide /dev/log."
	mount -t sysfs sysfs /sys 2>/dev/null # shows this network's cards, where it is allowed
	ln -sfn "$BASE/bin/sandbox" /usr/local/bin/sandbox
	cd -- "$WD" 2>/dev/null || cd /
}

# Nothing of this machine's own settings is left in the folder: they may hold passwords.
postfix_folder() {
	local name

	mkdir "$BASE/postfix"
	for name in dynamicmaps.cf dynamicmaps.cf.d postfix-files postfix-files.d post-install \
		postfix-script makedefs.out; do
		[ ! -e "/etc/postfix/$name" ] || cp -a "/etc/postfix/$name" "$BASE/postfix/"
	done
	rm -rf /etc/postfix
	mkdir -m 755 /etc/postfix
	cp -a "$BASE/postfix/." /etc/postfix/
	rm -rf "$BASE/postfix"
	install -m 644 "$BASE/main.cf" "$BASE/master.cf" /etc/postfix/
	[ -d /usr/lib/postfix/sbin ] || sed -i "s|^daemon_directory = .*|daemon_directory = $(
		postconf -c /etc/postfix -dh daemon_directory 2>/dev/null)|" /etc/postfix/main.cf
	touch -d '1 hour ago' /etc/postfix/main.cf # a fresh one makes each Postfix command wait
	rm -f /etc/aliases /etc/aliases.* /etc/postrelay.conf
	install -m 644 "$BASE/aliases" /etc/aliases
}

settings() {
	rm -f /etc/hosts /etc/hostname /etc/resolv.conf /etc/nsswitch.conf
	echo relay.example.co.jp >/etc/hostname
	echo relay.example.co.jp >/proc/sys/kernel/hostname
	cat >/etc/hosts <<-END
		127.0.0.1	localhost localhost.localdomain
		::1		localhost localhost.localdomain
		192.168.1.1	relay.example.co.jp relay
	END
	echo "nameserver $UPSTREAM" >/etc/resolv.conf
	cat >/etc/nsswitch.conf <<-END
		passwd:	files
		group:	files
		shadow:	files
		hosts:	files dns
		services:	files
		protocols:	files
		aliases:	files
	END
	chmod 644 /etc/hosts /etc/hostname /etc/resolv.conf /etc/nsswitch.conf
	postfix_folder
}

# --- network ----------------------------------------------------------------------------------

# IPv6 on, and its addresses usable at once. Some systems switch it off; then it stays off.
ipv6_on() {
	local conf

	for conf in all default lo; do
		echo 0 >"/proc/sys/net/ipv6/conf/$conf/disable_ipv6"
		echo 0 >"/proc/sys/net/ipv6/conf/$conf/accept_dad"
	done 2>/dev/null
}

relay_net() {
	ipv6_on
	ip -batch - <<-END
		netns add clients
		netns add outsider
		netns add upstream
		link set lo up
		link add name lan0 type veth peer name lan0 netns clients
		link add name lan1 type veth peer name lan1 netns clients
		link add name wan0 type veth peer name wan0 netns upstream
		address add 192.168.1.1/24 dev lan0
		address add 192.168.2.1/24 dev lan1
		address add 203.0.113.5/24 dev wan0
		link set lan0 up
		link set lan1 up
		link set wan0 up
		route add 192.168.3.0/24 via 192.168.2.254
		route add default via 203.0.113.1
	END
}

clients_net() {
	ip -netns clients -batch - <<-END
		link set lo up
		address add 192.168.1.10/24 dev lan0
		address add 192.168.2.254/24 dev lan1
		link set lan0 up
		link set lan1 up
		route add default via 192.168.1.1
	END
}

# The upstream is the router of the Internet as well; the outsider hangs on it.
upstream_net() {
	# shellcheck disable=SC2016 # the inner shell expands it
	nsenter --net=/run/netns/upstream -- sh -c '
		echo 1 >/proc/sys/net/ipv4/ip_forward
		echo 1 >/proc/sys/net/ipv4/conf/all/proxy_arp'
	ip -netns upstream -batch - <<-END
		link set lo up
		link add name out0 type veth peer name wan0 netns outsider
		address add $UPSTREAM/32 dev lo
		address add $SMARTHOST/32 dev lo
		address add 203.0.113.1/24 dev wan0
		link set wan0 up
		link set out0 up
		route add 203.0.113.77/32 dev out0
	END
}

outsider_net() {
	ip -netns outsider -batch - <<-END
		link set lo up
		address add 203.0.113.77/24 dev wan0
		link set wan0 up
		route add default via 203.0.113.1
	END
}

network() {
	if ! { relay_net && clients_net && upstream_net && outsider_net; }; then
		die "can't build the network."
	fi
}

# --- services -----------------------------------------------------------------------------------

# Knows a few names; every other one does not exist. It asks nobody else.
dns() {
	nsenter --net=/run/netns/upstream -- dnsmasq --conf-file=/dev/null --no-resolv --no-hosts \
		--user=nobody --pid-file= --bind-interfaces --except-interface=lo \
		--listen-address="$UPSTREAM" \
		--mx-host=test.co.jp,mail.test.co.jp,10 \
		--mx-host=mail.test.co.jp,mail.test.co.jp,10 \
		--host-record="mail.test.co.jp,$UPSTREAM" \
		--host-record="smtp.test.co.jp,$SMARTHOST" \
		--mx-host=example.co.jp,relay.example.co.jp,10 \
		--host-record=relay.example.co.jp,203.0.113.5 \
		--host-record=outsider.example.net,203.0.113.77 \
		--host-record=router.example.net,203.0.113.1 \
		--address=/#/ 3>&- || die "the DNS of the sandbox didn't start."
}

# Takes every message and keeps it, a file each.
sink() {
	local port=$1

	chown nobody "$BASE/sink/$port"
	nsenter --net=/run/netns/upstream -- smtp-sink -u nobody -h mail.test.co.jp \
		-d "$BASE/sink/$port/%s" "$UPSTREAM:$port" 100 \
		</dev/null >>"$BASE/log" 2>&1 3>&- &
}

sinks_listen() {
	local tries=0

	until [ "$(nsenter --net=/run/netns/upstream -- ss -Hltn \
		'( sport = :25 or sport = :587 )' | grep -c .)" -eq 2 ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] || die "the upstream's mail server didn't start."
		sleep 0.05
	done
}

services() {
	dns
	sink 25
	sink 587
	newaliases </dev/null >>"$BASE/log" 2>&1 3>&- || die "newaliases: $(tail -n 3 "$BASE/log")"
	if ! postfix start </dev/null >>"$BASE/log" 2>&1 3>&-; then
		die "Postfix didn't start. $(tail -n 5 "$BASE/log" /var/log/maillog 2>/dev/null)"
	fi
	sinks_listen
}

PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH HOME=/root USER=root LOGNAME=root POSTRELAY_SANDBOX=1
umask 022
trap : INT QUIT TERM HUP

mounts
settings
network
services
if [ "$MODE" = hold ]; then
	echo ready >&3
	exec 3>&-
	sleep infinity &
	while kill -0 "$!" 2>/dev/null; do
		wait "$!"
	done
	exit
fi
"$@"

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Installs what is missing of what a part of the work needs, and nothing else:
#
#	deps.sh build|run|test|lint|fuzz|bench|valgrind...
#
# It asks for nothing, removes no package, starts no service and writes no configuration of
# Postfix. Where another mail server keeps Postfix out, Postfix is unpacked under
# $BUILD/postfix-root for the sandbox alone. On systems without apt-get it says what is needed.
# Ends with 0 also where something is missing: the build or the test then says what.
set -u

BUILD=${BUILD:-build}
POLICY=/usr/sbin/policy-rc.d
POLICY_MARK='# made by postrelay (deps.sh) for the time of one installation'

say() {
	printf 'deps: %s\n' "$*"
}

# The sanitizers' and libFuzzer's part that fits the clang of this Debian; that of Debian 12
# where the lists of packages are still empty.
clang_runtime() {
	version=$(apt-cache depends clang 2>/dev/null | sed -n 's/^ *Depends: clang-\([0-9][0-9]*\)$/\1/p')
	echo "libclang-rt-${version:-14}-dev"
}

debian_names() {
	case $1 in
	build) echo gcc libc6-dev make pkg-config libncurses-dev libconfuse-dev libjansson-dev gettext ;;
	run) echo postfix openssl dnsmasq-base iproute2 util-linux procps ;;
	test) echo libcmocka-dev libvterm-dev strace sasl2-bin libsasl2-modules libsasl2-modules-db ;;
	lint) echo clang-format clang-tidy cppcheck shellcheck mandoc git ;;
	fuzz) echo clang "$(clang_runtime)" ;;
	bench) echo nano vim-tiny strace ;;
	valgrind) echo valgrind ;;
	*) return 1 ;;
	esac
}

dnf_names() {
	case $1 in
	build) echo gcc make pkgconf-pkg-config ncurses-devel libconfuse-devel jansson-devel gettext ;;
	run) echo postfix openssl dnsmasq iproute util-linux procps-ng ;;
	test) echo libcmocka-devel libvterm-devel strace cyrus-sasl cyrus-sasl-plain ;;
	lint) echo clang-tools-extra cppcheck ShellCheck mandoc git ;;
	fuzz) echo clang compiler-rt ;;
	bench) echo nano vim-minimal strace ;;
	valgrind) echo valgrind ;;
	*) return 1 ;;
	esac
}

is_installed() {
	[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Those of the packages that aren't there, separated by blanks.
missing_of() {
	list=''
	for package in "$@"; do
		is_installed "$package" || list="$list $package"
	done
	echo "${list# }"
}

# --- apt ----------------------------------------------------------------------------------------

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		env DEBIAN_FRONTEND=noninteractive "$@"
	else
		sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
	fi
}

# Packages come without their service being started. A rule that is there already stays.
hold_services() {
	if [ -e "$POLICY" ] && ! grep -qxF "$POLICY_MARK" "$POLICY"; then
		return
	fi
	printf '#!/bin/sh\n%s\nexit 101\n' "$POLICY_MARK" | as_root tee "$POLICY" >/dev/null
	as_root chmod 755 "$POLICY"
}

release_services() {
	if grep -qsxF "$POLICY_MARK" "$POLICY"; then
		as_root rm -f "$POLICY"
	fi
}

# Its output is shown only when it went wrong.
apt() {
	log=$(mktemp) || exit 1
	as_root apt-get -q -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1 </dev/null
	status=$?
	[ "$status" -eq 0 ] || tail -n 15 "$log" >&2
	rm -f "$log"
	return "$status"
}

install() {
	apt install -y --no-remove --no-install-recommends "$@"
}

# The answer "No configuration" keeps Postfix's package from writing a main.cf.
install_postfix() {
	echo 'postfix postfix/main_mailer_type select No configuration' |
		as_root debconf-set-selections
	if apt install -s --no-remove --no-install-recommends postfix 2>/dev/null; then
		install postfix
		return
	fi
	say "another mail server is installed here and stays. Postfix is unpacked for the sandbox only."
	unpack_postfix || say "that didn't work: the sandbox will not be available."
}

unpack_postfix() {
	[ ! -x "$BUILD/postfix-root/usr/sbin/postfix" ] || return 0
	# shellcheck disable=SC2046 # a list of names
	set -- $(apt-cache depends --no-recommends --no-suggests --no-conflicts --no-breaks \
		--no-replaces --no-enhances postfix | sed -n 's/^ *Depends: \(lib[^ ]*\)$/\1/p')
	# shellcheck disable=SC2046
	set -- $(missing_of "$@")
	if [ $# -gt 0 ]; then
		install "$@" || return 1
	fi
	folder=$(mktemp -d) || return 1
	(
		cd "$folder" && apt-get -q download postfix >log 2>&1 &&
			dpkg-deb -x postfix_*.deb root
	) && mkdir -p "$BUILD" && rm -rf "$BUILD/postfix-root" &&
		mv "$folder/root" "$BUILD/postfix-root"
	status=$?
	[ "$status" -eq 0 ] || tail -n 5 "$folder/log" >&2
	rm -rf "$folder"
	return "$status"
}

debian() {
	# shellcheck disable=SC2046
	set -- $(missing_of "$@")
	if [ -x "$BUILD/postfix-root/usr/sbin/postfix" ]; then
		# shellcheck disable=SC2046
		set -- $(printf '%s\n' "$@" | grep -vx postfix)
	fi
	[ $# -gt 0 ] || return 0
	if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
		say "only root can install these, so this goes on without them: $*"
		return 0
	fi
	say "installing $*"
	apt update || say "the lists of packages are not up to date."
	trap release_services EXIT
	trap 'exit 1' HUP INT TERM
	hold_services
	case " $* " in
	*' postfix '*)
		# shellcheck disable=SC2046
		set -- $(printf '%s\n' "$@" | grep -vx postfix)
		install_postfix
		;;
	esac
	[ $# -eq 0 ] || install "$@" || say "not all of these could be installed: $*"
	return 0
}

# --- start ----------------------------------------------------------------------------------------

[ $# -gt 0 ] || set -- build run
wanted=''
for part in "$@"; do
	if ! debian_names "$part" >/dev/null; then
		echo "usage: deps.sh build|run|test|lint|fuzz|bench|valgrind..." >&2
		exit 2
	fi
done
if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
	for part in "$@"; do
		wanted="$wanted $(debian_names "$part")"
	done
	# shellcheck disable=SC2086 # a list of names
	debian $wanted
else
	for part in "$@"; do
		wanted="$wanted $(dnf_names "$part")"
	done
	say "there is no apt-get here. These packages are needed (names as in Fedora):$wanted"
fi

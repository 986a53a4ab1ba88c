# Sourced by the other scripts: where the repository is, what it needs, and how to get it.
# shellcheck shell=bash

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What a build needs. COMMAND=PACKAGE is satisfied by the command, however it came here.
build_packages=(
    libssl-dev libidn2-dev libpsl-dev libc-ares-dev libcurl4-openssl-dev pkg-config=pkg-config
    # The Swift toolchain's own needs.
    git=git g++=g++ libsqlite3-0 libxml2 libncurses6 ca-certificates
)
test_packages=(
    openssl=openssl python3=python3 gnutls-serv=gnutls-bin tinyproxy=tinyproxy-bin promtool=prometheus
    prometheus-blackbox-exporter=prometheus-blackbox-exporter
    # check_ssl_cert and what it calls; the agent's JSON.
    nagios-plugins-contrib bind9-host file=file bc=bc curl=curl zabbix-agent2
)

# Servers that the tests probe. mariadb-server-core is the program without a database of the system's.
server_packages=(
    nginx haproxy gnutls-bin postfix dovecot-imapd dovecot-pop3d dovecot-lmtpd dovecot-managesieved slapd
    vsftpd prosody postgresql mariadbd=mariadb-server-core inn2
)

say() { printf '%s\n' "$*" >&2; }
die() { say "$0: $*"; exit 1; }

installed() {
    case $1 in
        *=*) command -v "${1%%=*}" >/dev/null ;;
        *) dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed ;;
    esac
}

# Installs the Debian packages that are missing; touches nothing when all are there.
need_packages() {
    local missing=() package sudo=()
    if ! command -v dpkg-query >/dev/null; then
        say "Not a Debian system, so nothing is installed here. Needed: ${*##*=}"
        return 0
    fi
    for package in "$@"; do installed "$package" || missing+=("${package##*=}"); done
    if [ ${#missing[@]} = 0 ]; then return 0; fi
    if [ "$(id -u)" != 0 ]; then
        sudo=(sudo)
        command -v sudo >/dev/null || die "as root: apt-get install ${missing[*]}"
    fi
    say "Installing Debian packages: ${missing[*]}"
    "${sudo[@]}" apt-get update -qq >&2
    install_packages "${missing[@]}"
}

# No service is started: deb-systemd-invoke and invoke-rc.d ask policy-rc.d, and 101 forbids. inn2 cannot be set
# up on a host without a domain unless it is told one.
install_packages() (
    policy=/usr/sbin/policy-rc.d answers=$(mktemp)
    trap 'rm -f "$answers"; [ -z "${made-}" ] || "${sudo[@]}" rm -f "$policy"' EXIT
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
        made=yes
        "${sudo[@]}" chmod 755 "$policy"
    fi
    cat >"$answers" <<'END'
domain: news.invalid
pathhost: news.invalid
pathnews: /usr/lib/news
pathdb: /var/lib/news
pathetc: /etc/news
mta: "/usr/sbin/sendmail -oi -oem %s"
hismethod: hisv6
ovmethod: tradindexed
END
    chmod 644 "$answers"
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive INNCONF="$answers" \
        apt-get install -y -qq --no-install-recommends "$@" >&2
)

# Swift 6.2 is the first whose package manager reads this Package.swift.
need_swift() {
    local version
    command -v swift >/dev/null ||
        die "no swift in PATH. Install Swift 6.2 or newer (https://www.swift.org/install/linux/) and add it to PATH."
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    [ -n "$version" ] || die "swift is in PATH but does not run: $(swift --version 2>&1 | tail -n 1)"
    [ "$(printf '6.2\n%s\n' "$version" | sort -V | head -n 1)" = 6.2 ] ||
        die "Swift $version is too old: 6.2 or newer is needed (https://www.swift.org/install/linux/)."
}

#!/usr/bin/env bash
# install.sh lab|tests: installs what is missing on Debian 12, Debian 13 or Ubuntu 24.04, and says nothing when nothing is.
# It starts no daemon and makes no cluster: PostgreSQL and RabbitMQ run only as private instances, see components.sh.
# With PLC_WITH_DOCKER=1 (or CI set) `tests` also gets an engine and what builds the images.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=deploy/dotnet-path.sh
. "$here/dotnet-path.sh"

case ${1-} in lab | tests) purpose=$1 ;; *) echo "usage: install.sh lab|tests" >&2; exit 2 ;; esac
log=$(mktemp)
created=("$log")
trap 'rm -f "${created[@]}"' EXIT

fail() {
  tail -n 30 "$log" >&2
  echo "install.sh: $*" >&2
  exit 1
}

# One at a time on this machine: files that hold while apt runs are in the way of the next run otherwise. A child of a run that
# was killed holds this too, so what carries the mark below belongs to a run that is over.
mark='# Written by install.sh, for as long as it runs.'
temporary=(/usr/sbin/policy-rc.d /etc/postgresql-common/createcluster.d/private-instances-only.conf)
if [ "$(id -u)" = 0 ] && [ -d /var/lib/dpkg ]; then
  exec 7</var/lib/dpkg
  flock 7
  for file in "${temporary[@]}"; do
    if grep -qsxF "$mark" "$file"; then rm -f "$file"; fi
  done
fi

packages=()
# unless COMMAND… -- PACKAGE: asks for what is used, not for the package, so that other ways of installing it count.
unless() {
  local check=()
  while [ "$1" != -- ]; do check+=("$1"); shift; done
  "${check[@]}" >/dev/null 2>&1 || packages+=("${@:2}")
}
exists() { compgen -G "$1"; }

unless exists '/usr/lib/postgresql/*/bin/initdb' -- postgresql
unless exists '/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin' -- rabbitmq-server
unless command -v nft -- nftables
unless command -v ss -- iproute2
unless command -v ps -- procps
unless command -v curl -- curl
unless exists /etc/ssl/certs/ca-certificates.crt -- ca-certificates
if [ "$purpose" = tests ]; then
  unless command -v dig -- bind9-dnsutils
  if [ "${PLC_WITH_DOCKER-}" = 1 ] || [ -n "${CI-}" ]; then
    unless command -v dockerd -- docker.io
    unless command -v iptables -- iptables
    unless command -v debootstrap -- debootstrap
  fi
fi
sdk_missing=
has_sdk dotnet || sdk_missing=yes
[ ${#packages[@]} -gt 0 ] || [ -n "$sdk_missing" ] || exit 0

if [ "$(id -u)" != 0 ]; then
  echo "install.sh: missing here: ${packages[*]}${sdk_missing:+ dotnet-sdk-10.0}. Run 'sudo deploy/install.sh $purpose' once, then try again." >&2
  exit 1
fi
command -v apt-get >/dev/null || fail "there is no apt-get; this script knows Debian 12, Debian 13 and Ubuntu 24.04. Install ${packages[*]}${sdk_missing:+ and the .NET 10 SDK} by hand."

# A file that only holds while apt runs. One that exists already is the administrator's and stays.
for_now() {
  [ ! -e "$1" ] || return 0
  install -D -m "$2" /dev/stdin "$1"
  created+=("$1")
}

apt() { DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1 </dev/null; }

apt update || fail "'apt-get update' failed; the end of its log is above. Is the package mirror reachable?"
if [ -n "$sdk_missing" ]; then
  if [ -n "$(apt-cache madison dotnet-sdk-10.0 2>/dev/null)" ]; then
    packages+=(dotnet-sdk-10.0)
    sdk_missing=
  else
    # What the vendor's archive needs and a bare system may lack; the ICU package carries its version in its name.
    mapfile -t icu < <(apt-cache pkgnames libicu | grep -xE 'libicu[0-9]+' | sort -V | tail -n 1)
    packages+=("${icu[@]}" libstdc++6)
  fi
fi

# Units that a package brings start at the next boot, unless told otherwise.
units=(postgresql.service rabbitmq-server.service epmd.service epmd.socket docker.service docker.socket)
enabled() {
  local unit
  for unit in "${units[@]}"; do
    if systemctl is-enabled -q "$unit" 2>/dev/null; then echo "$unit"; fi
  done
}
enabled_before=$(enabled)

echo "install.sh: installing ${packages[*]}${sdk_missing:+ and the .NET 10 SDK}" >&2
for_now "${temporary[0]}" 755 <<POLICY
#!/bin/sh
$mark
exit 101
POLICY
for_now "${temporary[1]}" 644 <<CONF
$mark
create_main_cluster = false
CONF
apt install -y --no-install-recommends "${packages[@]}" || fail "apt-get could not install ${packages[*]}; the end of its log is above."

# What came with this run shall not start at the next boot either; what was enabled before stays so.
for unit in $(enabled); do
  grep -qxF "$unit" <<<"$enabled_before" || systemctl disable -q "$unit" >>"$log" 2>&1 || true
done

if [ -n "$sdk_missing" ]; then
  script=$(mktemp)
  created+=("$script")
  curl -fsSL --retry 3 -o "$script" https://dot.net/v1/dotnet-install.sh 2>>"$log" ||
    fail "the .NET install script cannot be downloaded; the end of the log is above. Install the .NET 10 SDK by hand (the distribution has none)."
  bash "$script" --channel 10.0 --install-dir "$HOME/.dotnet" >>"$log" 2>&1 ||
    fail "the .NET install script failed; the end of its log is above."
fi

#!/usr/bin/env bash
# workload.sh attach NETWORK_NS HOST_NS ADDRESS RESOLVER CIDR
# workload.sh detach HOST_NS
#
# Makes the namespace HOST_NS an instance with ADDRESS inside the VPC whose namespace is NETWORK_NS: one veth pair, no
# address on the VPC's side, no default route. The instance believes all of CIDR to be on its own link; the VPC's
# namespace answers for it, both for what it holds itself (RESOLVER, endpoint addresses, node addresses) and, by proxy
# ARP and forwarding, for the VPC's other instances. `ip netns exec HOST_NS` sees RESOLVER in /etc/resolv.conf.
# Congestion control and everything else of NETWORK_NS stays as its owner set it.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

usage() { sed -n '2,3s/^# /usage: /p' "${BASH_SOURCE[0]}" >&2; exit 2; }
fail() { echo "workload.sh: $*" >&2; exit 1; }

# Names of interfaces are limited to 15 bytes, those of namespaces are not.
vpc_side() { echo "wl$(printf %s "$1" | sha256sum | cut -c1-12)"; }

in_namespace() { local name=$1; shift; nsenter --net="/run/netns/$name" "$@"; }

attach() {
  local network=$1 host=$2 address=$3 resolver=$4 cidr=$5 link
  link=$(vpc_side "$host")
  [ -e "/run/netns/$network" ] || fail "there is no network namespace '$network'."
  [ ! -e "/run/netns/$host" ] || fail "there is a network namespace '$host' already; detach it first."

  trap 'detach "$host"' ERR
  ip netns add "$host"
  ip link add "$link" netns "$network" type veth peer name eth0 netns "$host"

  # Proxy ARP answers for an instance behind another link; without forwarding it would be an empty promise. The
  # kernel's default delay of up to 0.8 s before such an answer is meant for shared wires.
  in_namespace "$network" sysctl -q -w net.ipv4.ip_forward=1 \
    "net.ipv4.conf.$link.proxy_arp=1" "net.ipv4.neigh.$link.proxy_delay=0"
  ip -n "$network" link set "$link" up
  ip -n "$network" route add "$address/32" dev "$link"

  ip -n "$host" link set lo up
  ip -n "$host" address add "$address/32" dev eth0
  ip -n "$host" link set eth0 up
  ip -n "$host" route add "$cidr" dev eth0 scope link src "$address"

  mkdir -p "/etc/netns/$host"
  echo "nameserver $resolver" >"/etc/netns/$host/resolv.conf"
  trap - ERR
}

# The veth pair goes with the namespace, and its route with the pair; both ends are named anyway, because a process
# inside keeps a namespace alive that has lost its name.
detach() {
  local host=$1
  if [ -e "/run/netns/$host" ]; then
    ip -n "$host" link delete eth0 2>/dev/null || true
    ip netns delete "$host"
  fi
  rm -f "/etc/netns/$host/resolv.conf"
  rmdir "/etc/netns/$host" 2>/dev/null || true
}

case "${1-} $#" in
  'attach 6') ;;
  'detach 2') ;;
  *) usage ;;
esac
[ "$(id -u)" = 0 ] || fail "network namespaces need root: run it with sudo."
"$@"

#!/usr/bin/env bash
# workload.sh add NETWORK NAME ADDRESS    an instance NAME with ADDRESS in the VPC whose namespace is NETWORK (made by the zone agents)
# workload.sh remove NAME                 removes it; nothing there is no error
#
# An instance is a network namespace of its own, joined to the VPC's by a veth pair: `ip netns exec NAME COMMAND` runs a program there,
# with the VPC's resolver. The VPC routes ADDRESS/32 to it and answers its questions for every other address of the VPC.
set -euo pipefail

usage() { sed -n '2,3s/^# //p' "${BASH_SOURCE[0]}" >&2; exit 2; }
fail() { echo "workload.sh: $*" >&2; exit 1; }

# Interface names have 15 characters at most, so the name is made from the instance's and not equal to it.
link_of() { echo "wl$(printf %s "$1" | sha256sum | cut -c1-12)"; }

remove() {
  local name=$1
  # The veth pair goes with the namespace that holds one end.
  if [ -e "/run/netns/$name" ]; then ip netns delete "$name"; fi
  rm -rf -- "/etc/netns/${name:?}"
  rmdir --ignore-fail-on-non-empty /etc/netns 2>/dev/null || true
}

add() {
  local network=$1 name=$2 address=$3 link
  [ -e "/run/netns/$network" ] || fail "there is no network '$network' on this host. Do the zone agents run, and does the VPC have a subnet here?"
  [ ! -e "/run/netns/$name" ] || fail "there is an instance '$name' already; remove it first."
  link=$(link_of "$name")
  # Of an instance that was removed while a process still held its namespace.
  ip -n "$network" link delete "$link" 2>/dev/null || true
  trap 'remove "$name"' ERR
  ip netns add "$name"
  ip -n "$name" link add eth0 type veth peer name "$link" netns "$network"
  ip -n "$network" link set "$link" up
  ip -n "$network" route replace "$address/32" dev "$link"
  ip -n "$name" link set lo up
  ip -n "$name" address add "$address/32" dev eth0
  ip -n "$name" link set eth0 up
  # Everything is one hop away, over the one link; the VPC's side answers ARP for what it routes.
  ip -n "$name" route add default dev eth0 src "$address"
  mkdir -p "/etc/netns/$name"
  if [ -e "/etc/netns/$network/resolv.conf" ]; then cp "/etc/netns/$network/resolv.conf" "/etc/netns/$name/"; fi
}

case ${1-} in
  add) [ $# = 4 ] || usage; add "$2" "$3" "$4" ;;
  remove) [ $# = 2 ] || usage; remove "$2" ;;
  *) usage ;;
esac

#!/usr/bin/env bash
# lab.sh [--once]                     the whole product on this machine: starts it, walks the walk, stands until Ctrl-C (--once: ends)
# lab.sh exec NETWORK -- COMMAND…     runs COMMAND in a tenant's network: provider, consumer, or a name from lab.json
# lab.sh down                         ends it and removes everything, also after a kill -9 of everything
#
# PLC_LAB_DIR        the lab's directory (default: .lab in the checkout); labs in different directories do not meet
# PLC_LAB_API_PORT   port of the API on 127.0.0.1 (default: a free one)
set -euo pipefail
deploy=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
checkout=$(dirname "$deploy")
programs=(ControlPlane ZoneAgent Notifier Lab)

usage() { sed -n '2,4s/^# //p' "${BASH_SOURCE[0]}"; }
fail() { echo "lab.sh: $*" >&2; exit 1; }

arguments=("$@")
case ${1-} in
  '' | --once | down) [ $# -le 1 ] || { usage >&2; exit 2; } ;;
  exec) if [ $# -lt 4 ] || [ "$3" != -- ]; then usage >&2; exit 2; fi ;;
  -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac
[ "$(id -u)" = 0 ] || fail "the lab makes network namespaces, which takes root. Run: sudo deploy/lab.sh ${arguments[*]}"
dir=$(realpath -m -- "${PLC_LAB_DIR:-$checkout/.lab}")

# A lab that stands holds this lock; the kernel releases it however the lab ends.
stands() { [ -e "$dir/lock" ] && ! flock -n "$dir/lock" true; }

run_exec() {
  local network=$2
  shift 3
  [ -e "$dir/lab.json" ] || fail "no lab stands in $dir. Start one with deploy/lab.sh."
  case $network in
    provider | consumer) network=$(sed -n '/"networks"/,/}/s/.*"'"$network"'": "\([^"]*\)".*/\1/p' "$dir/lab.json") ;;
    lab[0-9a-f]*-*) ;;
    *) fail "'$network' is no network of the lab. Use provider, consumer, or a name under \"networks\" in $dir/lab.json." ;;
  esac
  [ -e "/run/netns/$network" ] || fail "the network '$network' is not there. Use provider, consumer, or a name under \"networks\" in $dir/lab.json."
  exec ip netns exec "$network" "$@"
}

# What an earlier life left is removed with that life's own programs. They appear whole and vanish whole, first and last:
# without them nothing has been started, or all that was started has been removed.
down() {
  [ -d "$dir" ] || return 0
  if [ -e "$dir/app/Lab/PrivateLinkCloud.Lab.dll" ]; then
    dotnet "$dir/app/Lab/PrivateLinkCloud.Lab.dll" down "$dir" "$deploy"
  elif [ -e "$dir/lock" ]; then
    rm -rf -- "$dir/app.new" "$dir/app.old" "$dir/logs"
    rm -f -- "$dir/lock"
    rmdir --ignore-fail-on-non-empty -- "$dir"
  fi
}

build_is_current() {
  local stamp=$checkout/src/Lab/obj/lab-built program
  [ -e "$stamp" ] || return 1
  for program in "${programs[@]}"; do [ -e "$(output "$program")/PrivateLinkCloud.$program.dll" ] || return 1; done
  [ -z "$(find "$checkout/src" "$checkout"/Directory.*.props "$checkout/global.json" -newer "$stamp" -type f \
    -not -path '*/bin/*' -not -path '*/obj/*' -print -quit)" ]
}

output() { echo "$checkout/src/$1/bin/Release/net10.0"; }

build() {
  local obj=$checkout/src/Lab/obj
  mkdir -p "$obj"
  exec 8>"$obj/lab-built.lock"
  flock 8
  if ! build_is_current; then
    echo "building the product" >&2
    touch "$obj/lab-built.new"
    # No build server outlives the build: the lab leaves nothing behind.
    dotnet build "$deploy/lab.slnf" -c Release -v q --nologo -clp:NoSummary --disable-build-servers >"$obj/lab-build.log" 2>&1 8>&- ||
      { grep -E ': error |: warning ' "$obj/lab-build.log" | sort -u | head -n 20 >&2; fail "the build failed; all of it is in $obj/lab-build.log"; }
    mv "$obj/lab-built.new" "$obj/lab-built"
  fi
  rm -rf -- "$dir/app.new"
  local program
  for program in "${programs[@]}"; do
    mkdir -p "$dir/app.new/$program"
    cp -a "$(output "$program")/." "$dir/app.new/$program/"
  done
  mv "$dir/app.new" "$dir/app"
  exec 8>&-
}

[ "${1-}" != exec ] || run_exec "$@"
if [ "${1-}" != down ]; then
  ! stands || fail "a lab stands in $dir already. End it with Ctrl-C where it runs or with deploy/lab.sh down, or set PLC_LAB_DIR to another directory."
  if [ -d "$dir" ] && [ ! -e "$dir/lock" ] && [ -n "$(ls -A "$dir")" ]; then
    fail "$dir holds other things than a lab. Set PLC_LAB_DIR to a directory that is empty or does not exist."
  fi
  "$deploy/install.sh" lab
fi
# shellcheck source=deploy/dotnet-path.sh
. "$deploy/dotnet-path.sh"
down
[ "${1-}" != down ] || exit 0

mkdir -p "$dir"
chmod 711 "$dir"
: >"$dir/lock"
build
exec dotnet "$dir/app/Lab/PrivateLinkCloud.Lab.dll" run "$dir" "$deploy" "$@"

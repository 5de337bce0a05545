#!/usr/bin/env bash
# Runs one zone agent. Needs root, iproute2 and the .NET 10 SDK (deploy/install.sh installs what is missing).
#
#   deploy/zone-agent.sh --plan FILE          serve a plan file: no control plane, no broker, nothing else
#   deploy/zone-agent.sh --config FILE        serve a zone (every setting: deploy/zone-agent.default.jsonc)
#   deploy/zone-agent.sh --remove-all         remove what agents of the instance made on this host, then end
#   … --Agent:KEY VALUE                       override one setting, e.g. --Agent:Instance plc2
#
# The program is built at the first run, and again when a source file is newer; an agent that runs keeps the build it was started
# from. SIGHUP reads the plan file again; SIGTERM stops accepting and leaves networks and addresses in place.
#
# PLC_AGENT_DIR   where the builds are kept (default: src/ZoneAgent/obj/published)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=${PLC_AGENT_DIR:-$root/src/ZoneAgent/obj/published}
name=PrivateLinkCloud.ZoneAgent.dll

# shellcheck source=/dev/null
[ ! -f "$root/deploy/dotnet-path.sh" ] || . "$root/deploy/dotnet-path.sh"
command -v dotnet >/dev/null || { echo "The .NET 10 SDK is missing: run deploy/install.sh first." >&2; exit 1; }
command -v ip >/dev/null || { echo "The 'ip' command is missing: run deploy/install.sh first." >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo "The zone agent makes network namespaces, which needs root: run it with sudo." >&2; exit 1; }

stale() {
  [ ! -f "$out/current/$name" ] || [ -n "$(find "$root"/src/{ZoneAgent,DataPlane,Dns,Contracts} \
    \( -name bin -o -name obj \) -prune -o \( -name '*.cs' -o -name '*.csproj' \) -newer "$out/current/$name" -print -quit)" ]
}

# Each build has a directory of its own, complete before `current` points to it.
publish() {
  local build old
  build=$(mktemp -d "$out/build-XXXXXX")
  touch "$out/lock" # what is saved while we build is newer than the build
  # 9>&-: the compiler server outlives the build and must not keep the lock.
  dotnet publish "$root/src/ZoneAgent" -c Release -o "$build" -v q --nologo </dev/null >"$out/build.log" 2>&1 9>&- ||
    { cat "$out/build.log" >&2; rm -rf -- "$build"; exit 1; }
  touch -r "$out/lock" "$build/$name"
  ln -sfn "$(basename "$build")" "$out/current.new"
  mv -T "$out/current.new" "$out/current"
  for old in "$out"/build-*/; do
    # An agent that runs from it holds it.
    [ "$old" = "$build/" ] || ! flock -n "$old" true || rm -rf -- "$old"
  done
}

mkdir -p "$out"
exec 9>"$out/lock"
# Two scripts started together build once, and none loses its build to the other's cleaning up.
flock 9
if stale; then publish; fi
program=$(realpath "$out/current")/$name
exec 8<"$(dirname "$program")"
flock -s 8
exec 9>&-
exec dotnet "$program" "$@"

#!/usr/bin/env bash
# Runs one zone agent. Needs root, iproute2 and the .NET 10 SDK (deploy/install.sh installs what is missing).
#
#   deploy/zone-agent.sh --plan FILE          serve a plan file: no control plane, no broker, nothing else
#   deploy/zone-agent.sh --config FILE        serve a zone (every setting: deploy/zone-agent.default.jsonc)
#   deploy/zone-agent.sh --remove-all         remove what agents of the instance made on this host, then end
#   … --Agent:KEY VALUE                       override one setting, e.g. --Agent:Instance plc2
#
# The program is built at the first run, and again when a source file is newer. SIGHUP reads the plan file again; SIGTERM stops
# accepting and leaves networks and addresses in place.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=${PLC_AGENT_DIR:-$root/.lab/bin/zone-agent}
program=$out/PrivateLinkCloud.ZoneAgent.dll

# shellcheck source=/dev/null
[ ! -f "$root/deploy/dotnet-path.sh" ] || . "$root/deploy/dotnet-path.sh"
command -v dotnet >/dev/null || { echo "The .NET 10 SDK is missing: run deploy/install.sh first." >&2; exit 1; }
command -v ip >/dev/null || { echo "The 'ip' command is missing: run deploy/install.sh first." >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo "The zone agent makes network namespaces, which needs root: run it with sudo." >&2; exit 1; }

stale() {
  [ ! -f "$program" ] || [ -n "$(find "$root"/src/{ZoneAgent,DataPlane,Dns,Contracts} \
    \( -name bin -o -name obj \) -prune -o \( -name '*.cs' -o -name '*.csproj' \) -newer "$program" -print -quit)" ]
}
if stale; then
  mkdir -p "$out"
  # Two scripts started together must not build into one directory at the same time.
  exec 9>"$out/.build.lock"
  flock 9
  if stale; then
    # 9>&-: the compiler server outlives the build and must not keep the lock.
    dotnet publish "$root/src/ZoneAgent" -c Release -o "$out" -v q --nologo </dev/null >"$out/.build.log" 2>&1 9>&- || { cat "$out/.build.log" >&2; exit 1; }
    touch "$program"
  fi
  exec 9>&-
fi
exec dotnet "$program" "$@"

# shellcheck shell=bash
# Sourced by run.sh and bench.sh: the components both need, for as long as the script runs.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/dotnet-path.sh
. "$root/deploy/dotnet-path.sh"

# hold DIR: one run per directory; a second one would take the first one's components down.
hold() {
  mkdir -p "$1"
  exec 8>"$1/.run.lock"
  flock -n 8 || { echo "$(basename "$0"): another run uses $1; wait for it to end." >&2; exit 1; }
}

# build TARGET: quiet unless it fails. The lock is not for the compiler server, which outlives us.
build() {
  local log
  log=$(mktemp)
  if dotnet build "$1" -c Release -v quiet --nologo >"$log" 2>&1 </dev/null 8>&-; then rm "$log"; return; fi
  sort -u "$log" | grep -E ': error |: warning |^MSBUILD' || cat "$log"
  rm "$log"
  return 1
}

# shellcheck disable=SC2034,SC2154 # bash names a coprocess's variables after it; run.sh reads $no_containers
# The same two in containers. Fails with status 3 when no Docker engine answers; $no_containers says why.
containers_up() {
  local line
  export PLC_TEST_POSTGRES='' PLC_TEST_RABBITMQ='' PLC_TEST_RABBITMQ_HTTP=''
  coproc containers { dotnet "$root/tests/Containers/bin/Release/net10.0/PrivateLinkCloud.Containers.dll" 8>&-; }
  # Bash forgets these when the process ends.
  containers_process=$containers_PID containers_answer=${containers[0]} containers_input=${containers[1]}
  no_containers=''
  while read -r line <&"$containers_answer"; do
    case $line in
      PLC_TEST_*=*) eval "$line" ;;
      '') return ;;
      *) no_containers=$line ;;
    esac
  done
  wait "$containers_process"
}

# The containers live as long as the program's input is open, so they end with us however we end.
containers_down() {
  [ -n "${containers_process-}" ] || return 0
  exec {containers_input}>&-
  wait "$containers_process" || true
  containers_process=''
}

# components_up DIR: fresh ones, also after a run that was killed, and their addresses in the environment.
components_up() {
  components_down "$1"
  "$root/deploy/components.sh" postgres up "$1" 8>&- &&
    "$root/deploy/components.sh" rabbitmq up "$1" 8>&- || return 1
  # shellcheck source=/dev/null
  . "$1/postgres.env"
  # shellcheck source=/dev/null
  . "$1/rabbitmq.env"
  export PLC_TEST_POSTGRES=$PLC_POSTGRES
  export PLC_TEST_RABBITMQ=$PLC_RABBITMQ
  export PLC_TEST_RABBITMQ_HTTP=http://$PLC_RABBITMQ_USER:$PLC_RABBITMQ_PASSWORD@${PLC_RABBITMQ_HTTP#http://}
}

components_down() {
  "$root/deploy/components.sh" rabbitmq down "$1"
  "$root/deploy/components.sh" postgres down "$1"
}

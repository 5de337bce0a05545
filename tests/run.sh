#!/usr/bin/env bash
# run.sh [PROJECT…]: installs what the tests need and runs all of them, or those of the named folders below tests/,
# against a real PostgreSQL and RabbitMQ of this run's own: private processes, and then, when all are run and a Docker engine
# answers, ControlPlane and Notifier once more against containers. The last line is `N passed, N failed`.
#
#   PLC_COMPONENTS=private     no second time
#   PLC_COMPONENTS=containers  containers only, for whatever is run
#   PLC_POSTGRES_IMAGE, PLC_RABBITMQ_IMAGE  the containers' images (default: deploy/images/official.env)
#   PLC_REQUIRE=all       a skipped test counts as failed
#   PLC_TEST_LIMIT=1800   seconds that one project may take
#   PLC_WITH_DOCKER=1     also install a Docker engine (it is not started here; tests use one that answers)
set -euo pipefail
# shellcheck source=tests/prelude.sh
. "$(dirname "${BASH_SOURCE[0]}")/prelude.sh"
cd "$root"
dir=$root/.test passed=0 failed=0 skipped=0

finish() {
  [ "$skipped" = 0 ] || echo "$skipped skipped${PLC_REQUIRE:+ (PLC_REQUIRE=$PLC_REQUIRE)}"
  if [ "${PLC_REQUIRE-}" = all ]; then failed=$((failed + skipped)); fi
  echo "$passed passed, $failed failed"
  if [ "$failed" = 0 ] && [ "$passed" -gt 0 ]; then exit 0; else exit 1; fi
}

# give_up SENTENCE: nothing could be run, which is a failure with a name.
give_up() {
  echo "run.sh: $*" >&2
  failed=$((failed + 1))
  finish
}

# count REPORT: adds the counts of an xunit report; errors are failures outside of a test, such as in a clean-up.
count() {
  local head
  head=$(tr '\n' ' ' <"$1" | grep -o '<assembly [^>]*>' | head -n 1)
  attribute() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$head"; }
  local ran=$(($(attribute passed) + $(attribute failed) + $(attribute skipped)))
  passed=$((passed + $(attribute passed)))
  skipped=$((skipped + $(attribute skipped)))
  failed=$((failed + $(attribute failed) + $(attribute errors)))
  unaccounted=$(($(attribute failed) + $(attribute errors) == 0))
  if [ "$ran" = 0 ]; then echo "run.sh: $project has no test that ran" >&2; failed=$((failed + 1)); fi
}

print_skips() {
  tr '\n' ' ' <"$1" | sed 's/<test /\n&/g' | grep '^<test [^>]*result="Skip"' |
    sed -E 's/^<test [^>]* name="([^"]*)".*<reason>(<!\[CDATA\[)?([^<]*).*/skipped: \1: \3/; s/\]\]>//; s/&quot;/"/g; s/&apos;/'"'"'/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' || true
}

# sift FILE: the product's own log lines go to FILE, everything else passes.
sift() {
  awk -v file="$1" 'BEGIN { printf "" >file } /^\{"Timestamp"/ { print >file; next } { print; fflush() }'
}

# run_project PROJECT [containers]
run_project() {
  local project=$1 report=$dir/$1${2:+.$2}.xml status=0 unaccounted=1
  rm -f "$report"
  echo "== $1${2:+ ($2)}"
  timeout --kill-after=15 "${PLC_TEST_LIMIT:-1800}" \
    dotnet "tests/$1/bin/Release/net10.0/PrivateLinkCloud.$1.Tests.dll" -noLogo -noColor -result-xml "$report" </dev/null 8>&- 2>&1 | sift "${report%.xml}.log" || status=$?
  if [ -s "$report" ]; then
    count "$report"
    print_skips "$report"
  fi
  [ "$status" != 124 ] || echo "run.sh: $1 took longer than ${PLC_TEST_LIMIT:-1800} s" >&2
  if [ "$status" != 0 ] && [ "$unaccounted" = 1 ] || [ ! -s "$report" ]; then
    echo "run.sh: $1 ended with status $status and no failed test in its report" >&2
    failed=$((failed + 1))
  fi
}

projects=("$@")
if [ $# = 0 ]; then
  for file in tests/*/*.Tests.csproj; do projects+=("$(basename "$(dirname "$file")")"); done
  targets=(PrivateLinkCloud.sln)
else
  targets=()
  for project in "$@"; do
    [ -e "tests/$project/PrivateLinkCloud.$project.Tests.csproj" ] || give_up "there is no test project tests/$project."
    targets+=("tests/$project")
  done
fi

in_containers=()
case ${PLC_COMPONENTS-} in
  '') [ $# != 0 ] || in_containers=(ControlPlane Notifier) ;;
  private) ;;
  containers) in_containers=("${projects[@]}") projects=() targets+=(tests/Containers) ;;
  *) give_up "PLC_COMPONENTS is '$PLC_COMPONENTS'; use private, containers, or nothing." ;;
esac

run_on_private_processes() {
  components_up "$dir" || give_up "PostgreSQL and RabbitMQ could not be started."
  for project in "${projects[@]}"; do run_project "$project"; done
  components_down "$dir"
}

run_on_containers() {
  local status=0
  containers_up || status=$?
  if [ "$status" = 3 ] && [ "${PLC_COMPONENTS-}" != containers ]; then
    echo "skipped: ${in_containers[*]} against containers: $no_containers"
    skipped=$((skipped + 1))
    return
  fi
  [ "$status" = 0 ] || give_up "PostgreSQL and RabbitMQ could not be started in containers: $no_containers"
  for project in "${in_containers[@]}"; do run_project "$project" containers; done
  containers_down
}

hold "$dir"
deploy/install.sh tests || give_up "what the tests need could not be installed."
. deploy/dotnet-path.sh
for target in "${targets[@]}"; do
  build "$target" || give_up "$target does not build."
done

trap 'containers_down; components_down "$dir"' EXIT
trap 'exit 130' INT TERM HUP
[ ${#projects[@]} = 0 ] || run_on_private_processes
[ ${#in_containers[@]} = 0 ] || run_on_containers
finish

#!/usr/bin/env bash
# bench.sh NAME [--json FILE]: runs one set of measurements against a PostgreSQL and RabbitMQ of its own, prints a table
# and with --json writes an array of {figure, value, unit, ratio, against, target, met}.
set -euo pipefail
# shellcheck source=tests/prelude.sh
. "$(dirname "${BASH_SOURCE[0]}")/prelude.sh"
[ $# -ge 1 ] || { echo "usage: bench.sh NAME [--json FILE]" >&2; exit 2; }
dir=$root/.test/bench

hold "$dir"
"$root/deploy/install.sh" tests
. "$root/deploy/dotnet-path.sh"
build "$root/PrivateLinkCloud.sln"

trap 'components_down "$dir"' EXIT
trap 'exit 130' INT TERM HUP
components_up "$dir"
dotnet "$root/tests/Benchmarks/bin/Release/net10.0/PrivateLinkCloud.Benchmarks.dll" "$@" </dev/null 8>&-

#!/usr/bin/env bash
# components.sh postgres|rabbitmq up|stop|down DIR
#
#   up    start a private instance for DIR, or reuse the one that runs; after a crash, start it again over the same data
#   stop  end it in good order and keep its data (the next `up` continues on the same ports, if they are still free)
#   down  end it and remove everything it left
#
# An instance runs as a non-root user on free loopback ports and shares nothing with the distribution's own cluster or
# broker: own data, own epmd, own credentials. `up` writes DIR/<component>.env (for a shell to source) and DIR/<component>.pid.
# shellcheck disable=SC2034 # variables cross between the sourced parts
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

usage() { echo "usage: components.sh postgres|rabbitmq up|stop|down DIR" >&2; exit 2; }

[ $# = 3 ] || usage
component=$1 verb=$2 dir=$3
case $component in postgres | rabbitmq) ;; *) usage ;; esac
case $verb in up | stop | down) ;; *) usage ;; esac

parts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/components
# shellcheck source=deploy/components/instance.sh
. "$parts/instance.sh"
# shellcheck source=/dev/null
. "$parts/$component.sh"

[ "$verb" = up ] || [ -d "$dir" ] || exit 0
mkdir -p "$dir"
dir=$(cd "$dir" && pwd -P)
env_file=$dir/$component.env pid_file=$dir/$component.pid log=$dir/$component.log
home=$(choose_home)

exec 9>"$dir/.$component.lock"
flock -w 120 9 || fail "another run is still busy with the $component of $dir; try again when it has ended."
"instance_$verb"

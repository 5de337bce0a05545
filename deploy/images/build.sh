#!/usr/bin/env bash
# build.sh: builds images that stand in for the official PostgreSQL and RabbitMQ ones where no registry can be reached,
# from packages of this machine's own distribution and mirror. Prints the two tags as PLC_…_IMAGE=tag lines.
# Needs root, debootstrap and a Docker engine (DOCKER_HOST as usual; DOCKER names the client).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
docker=${DOCKER:-docker}
. /etc/os-release
base=privatelinkcloud/base:$VERSION_CODENAME

# Without the packages' recommendations and documents, a base of the host's own release.
build_base() {
  local rootfs mirror log
  # shellcheck disable=SC2016 # apt-get expands it
  mirror=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $VERSION_CODENAME" 'Created-By: Packages' | head -n 1)
  [ -n "$mirror" ] || { echo "build.sh: apt knows no mirror for $VERSION_CODENAME" >&2; return 1; }
  rootfs=$(mktemp -d /var/tmp/plc-base-XXXXXX)
  log=$rootfs.log
  # shellcheck disable=SC2064
  trap "rm -rf '$rootfs' '$log'" EXIT
  local components=main
  [ "$ID" != ubuntu ] || components=main,universe
  debootstrap --variant=minbase --components="$components" --include=ca-certificates "$VERSION_CODENAME" "$rootfs" "$mirror" >"$log" 2>&1 ||
    { tail -n 20 "$log" >&2; echo "build.sh: debootstrap of $VERSION_CODENAME failed" >&2; return 1; }
  tar -C "$rootfs" --exclude=./var/cache/apt/archives -c . | "$docker" import - "$base" >/dev/null
}

# The builder's network is the host's: packages come from the same mirror, with no bridge or address translation needed.
# The classic builder is asked for because the distributions package the other one apart.
build_image() {
  local tag=privatelinkcloud/$1:$VERSION_CODENAME log
  log=$(mktemp)
  DOCKER_BUILDKIT=0 "$docker" build --network host --build-arg "BASE=$base" --build-arg http_proxy --build-arg https_proxy \
    --tag "$tag" "$here/$1" >"$log" 2>&1 || { tail -n 20 "$log" >&2; rm "$log"; echo "build.sh: $tag cannot be built" >&2; return 1; }
  rm "$log"
  echo "PLC_${1^^}_IMAGE=$tag"
}

"$docker" image inspect "$base" >/dev/null 2>&1 || build_base
build_image postgres
build_image rabbitmq

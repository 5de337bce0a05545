# shellcheck shell=bash
# Sourced by run: a Docker engine of this run's own, which touches no packet filter and no forwarding rule of the machine.

# The engine's own client: another one earlier on the path may be too new for it.
docker=docker
[ ! -x /usr/bin/docker ] || docker=/usr/bin/docker
export DOCKER=$docker
engine_dir='' engine_bridge=''

engine_answers() { timeout 10 "$docker" version -f '{{.Server.APIVersion}}' 2>/dev/null; }

# The first /24 of 172.30/16 that this machine has no route to.
free_subnet() {
  local third
  for third in $(seq 250 -1 1); do
    ip -4 route show table all | grep -q "172\.30\.$third\." || { echo "172.30.$third"; return; }
  done
  return 1
}

# A bridge without address translation is enough: containers only talk with tests on this machine, through the engine's
# own proxy, on loopback (--ip); images are built on the host's network.
engine_start() {
  engine_dir=$(mktemp -d /var/tmp/plc-engine-XXXXXX)
  engine_bridge=plc$$
  ip link add "$engine_bridge" type bridge
  ip address add "$(free_subnet).1/24" dev "$engine_bridge"
  ip link set "$engine_bridge" up
  export DOCKER_HOST=unix://$engine_dir/docker.sock
  setsid dockerd --data-root "$engine_dir/data" --exec-root "$engine_dir/exec" --pidfile "$engine_dir/dockerd.pid" \
    --host "$DOCKER_HOST" --bridge "$engine_bridge" --ip 127.0.0.1 --iptables=false --ip6tables=false --ip-forward=false \
    --ip-masq=false >"$engine_dir/log" 2>&1 </dev/null &
  engine_process=$!
  disown
  local deadline=$((SECONDS + 60))
  until engine_answers >/dev/null; do
    if [ "$SECONDS" -ge "$deadline" ] || ! kill -0 "$engine_process" 2>/dev/null; then
      tail -n 20 "$engine_dir/log" >&2
      return 1
    fi
    sleep 0.2
  done
}

# What it leaves after an orderly end are mounts below its directory at most.
engine_stop() {
  [ -n "$engine_dir" ] || return 0
  "$docker" ps -aq 2>/dev/null | xargs -r "$docker" rm -f >/dev/null 2>&1 || true
  kill "$engine_process" 2>/dev/null || true
  local deadline=$((SECONDS + 20))
  while [ -e "/proc/$engine_process/cwd" ] && [ "$SECONDS" -lt "$deadline" ]; do sleep 0.2; done
  kill -9 "$engine_process" 2>/dev/null || true
  awk -v d="$engine_dir/" 'index($2, d) == 1 { print $2 }' /proc/self/mounts | sort -r | xargs -r umount -l || true
  rm -rf "$engine_dir"
  ip link delete "$engine_bridge" 2>/dev/null || true
  engine_dir=''
}

# shellcheck shell=bash disable=SC2034,SC2154
# A private PostgreSQL, see instance.sh. Superuser `plc`, scram over loopback TCP only, no Unix socket.

program='postgres'
bin=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$bin" ] || fail "PostgreSQL is not installed: run deploy/install.sh first."

initialise() {
  local secret=$home/secret
  (umask 077 && echo "$password" >"$secret") && chown "$owner" "$secret"
  (cd "$home" && "${as_owner[@]}" env -i LANG=C.UTF-8 "$bin/initdb" -D "$home/data" -U plc -A scram-sha-256 --pwfile="$secret" \
    --encoding=UTF8 --locale=C.UTF-8 --no-instructions) >>"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "initdb failed; its output is above."; }
  rm -f "$secret"
  # fsync and synchronous_commit keep PostgreSQL's own default, on: what is acknowledged is on disk.
  # client_connection_check_interval: a statement whose client died ends soon, and lets go of its locks.
  # dynamic shared memory in the data directory: a killed server leaves nothing in /dev/shm.
  cat >>"$home/data/postgresql.conf" <<'CONF'
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
client_connection_check_interval = 500ms
dynamic_shared_memory_type = mmap
CONF
  PLC_POSTGRES_PASSWORD=$password
}

choose_ports() { PLC_POSTGRES_PORT=$(free_port); }

write_env() {
  cat <<ENV
PLC_POSTGRES_HOST=127.0.0.1
PLC_POSTGRES_PORT=$PLC_POSTGRES_PORT
PLC_POSTGRES_USER=plc
PLC_POSTGRES_PASSWORD=$PLC_POSTGRES_PASSWORD
PLC_POSTGRES='Host=127.0.0.1;Port=$PLC_POSTGRES_PORT;Username=plc;Password=$PLC_POSTGRES_PASSWORD;Database=postgres'
ENV
}

launch() {
  cd "$home" || return
  setsid "${as_owner[@]}" env -i LANG=C.UTF-8 "$bin/postgres" -D "$home/data" -p "$PLC_POSTGRES_PORT" </dev/null >>"$log" 2>&1 9>&- &
  pid=$!
  disown
  cd "$dir" || return
}

answers() { "$bin/pg_isready" -q -h 127.0.0.1 -p "$PLC_POSTGRES_PORT" -t 2; }

main_process() { echo "$pid"; }

# fast for stop (flush, end sessions), immediate for down (the data is removed anyway).
end_signal() { if [ "$1" = stop ]; then echo INT; else echo QUIT; fi; }

# Called only when none of our processes runs, so the lock file is stale whatever process has its number now. Its
# seventh line names the System V segment that a killed postmaster leaves in the kernel.
clear_leftovers() {
  local lock=$home/data/postmaster.pid segment
  [ -e "$lock" ] || return 0
  segment=$(sed -n '7s/.*[[:space:]]\([0-9]\+\)[[:space:]]*$/\1/p' "$lock")
  [ -z "$segment" ] || "${as_owner[@]}" ipcrm -m "$segment" 2>/dev/null || true
  rm -f "$lock"
}

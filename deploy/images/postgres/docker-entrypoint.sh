#!/bin/bash
# What our uses of the official image rely on: POSTGRES_USER, _PASSWORD, _DB and _INITDB_ARGS, each also as …_FILE,
# scripts in /docker-entrypoint-initdb.d, arguments for the server, nothing on the network before the data is ready.
set -euo pipefail

if [ "$(id -u)" = 0 ]; then
  install -d -m 700 -o postgres -g postgres "$PGDATA"
  chown -R postgres:postgres "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$0" "$@"
fi

# setting NAME DEFAULT: the variable, or the content of the file that NAME_FILE names.
setting() {
  local file=$1_FILE
  if [ -n "${!file-}" ]; then cat "${!file}"; else echo "${!1-$2}"; fi
}

initialise() {
  local user password database
  user=$(setting POSTGRES_USER postgres)
  password=$(setting POSTGRES_PASSWORD '')
  database=$(setting POSTGRES_DB "$user")
  [ -n "$password" ] || { echo "docker-entrypoint.sh: set POSTGRES_PASSWORD" >&2; exit 1; }
  # shellcheck disable=SC2086
  initdb -D "$PGDATA" -U "$user" -A scram-sha-256 --pwfile=<(echo "$password") ${POSTGRES_INITDB_ARGS-}
  sed -i 's/^local .*/local all all trust/' "$PGDATA/pg_hba.conf"
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"

  pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
  [ "$database" = postgres ] || createdb -U "$user" "$database"
  local script
  for script in /docker-entrypoint-initdb.d/*; do
    case $script in
      *.sh) POSTGRES_USER=$user POSTGRES_DB=$database bash "$script" ;;
      *.sql) psql -v ON_ERROR_STOP=1 -U "$user" -d "$database" -f "$script" ;;
    esac
  done
  pg_ctl -D "$PGDATA" -m fast -w stop
}

case ${1-} in -*) set -- postgres "$@" ;; esac
if [ "${1-}" = postgres ]; then
  [ -s "$PGDATA/PG_VERSION" ] || initialise
  set -- "$@" -c "listen_addresses=*"
fi
exec "$@"

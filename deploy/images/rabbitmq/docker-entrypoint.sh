#!/bin/bash
# What our uses of the official image rely on: RABBITMQ_DEFAULT_USER, _PASS and _VHOST, the log on the console,
# the default user reachable from outside the container.
set -euo pipefail

if [ "${1-}" = rabbitmq-server ] && [ "$(id -u)" = 0 ]; then
  mkdir -p /etc/rabbitmq/conf.d
  cat >/etc/rabbitmq/conf.d/10-defaults.conf <<CONF
loopback_users = none
listeners.tcp.default = 5672
log.console = true
log.console.level = info
default_user = ${RABBITMQ_DEFAULT_USER:-guest}
default_pass = ${RABBITMQ_DEFAULT_PASS:-guest}
default_vhost = ${RABBITMQ_DEFAULT_VHOST:-/}
CONF
  # Written before the server starts: a health check that comes first would make a cookie of its own.
  cookie=/var/lib/rabbitmq/.erlang.cookie
  [ -s "$cookie" ] || (umask 077 && od -An -v -N16 -tx1 /dev/urandom | tr -d ' \n' >"$cookie")
  chmod 400 "$cookie"
  chown -R rabbitmq:rabbitmq /etc/rabbitmq /var/lib/rabbitmq /var/log/rabbitmq
  unset RABBITMQ_DEFAULT_USER RABBITMQ_DEFAULT_PASS RABBITMQ_DEFAULT_VHOST
  export HOME=/var/lib/rabbitmq RABBITMQ_LOGS=-
  exec setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups -- /usr/lib/rabbitmq/bin/rabbitmq-server
fi
exec "$@"

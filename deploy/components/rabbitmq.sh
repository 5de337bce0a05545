# shellcheck shell=bash disable=SC2034,SC2154
# A private RabbitMQ node with its management API, see instance.sh. The distribution's start script insists on system
# paths, so the server's own script is called, with every path and port given. All acceptors are on 127.0.0.1.

program='rabbitmq-server|beam\.smp|epmd|erl_child_setup|inet_gethost|memsup|cpu_sup'
server=$(find /usr/lib/rabbitmq/lib -mindepth 2 -maxdepth 2 -path '*/rabbitmq_server-*/sbin' 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$server" ] || fail "RabbitMQ is not installed: run deploy/install.sh first."

initialise() {
  "${as_owner[@]}" mkdir -p "$home/mnesia" "$home/log" "$home/generated"
  owned "$home/.erlang.cookie" 400 < <(random_word)
  owned "$home/enabled_plugins" 600 <<<'[rabbitmq_management].'
  # The node is called …@localhost; do not depend on what this machine's resolver makes of that.
  owned "$home/inetrc" 600 <<<'{host, {127,0,0,1}, ["localhost"]}. {lookup, [file, native]}.'
  PLC_RABBITMQ_PASSWORD=$password
}

owned() { (umask 077 && cat >"$1") && chown "$owner" "$1" && chmod "$2" "$1"; }

choose_ports() {
  PLC_RABBITMQ_PORT=$(free_port)
  PLC_RABBITMQ_HTTP_PORT=$(free_port)
  PLC_RABBITMQ_EPMD_PORT=$(free_port)
  PLC_RABBITMQ_DISTRIBUTION_PORT=$(free_port)
}

write_env() {
  cat <<ENV
PLC_RABBITMQ_HOST=127.0.0.1
PLC_RABBITMQ_PORT=$PLC_RABBITMQ_PORT
PLC_RABBITMQ_USER=plc
PLC_RABBITMQ_PASSWORD=$PLC_RABBITMQ_PASSWORD
PLC_RABBITMQ_HTTP=http://127.0.0.1:$PLC_RABBITMQ_HTTP_PORT
PLC_RABBITMQ_HTTP_PORT=$PLC_RABBITMQ_HTTP_PORT
PLC_RABBITMQ_EPMD_PORT=$PLC_RABBITMQ_EPMD_PORT
PLC_RABBITMQ_DISTRIBUTION_PORT=$PLC_RABBITMQ_DISTRIBUTION_PORT
PLC_RABBITMQ=amqp://plc:$PLC_RABBITMQ_PASSWORD@127.0.0.1:$PLC_RABBITMQ_PORT/
ENV
}

write_configuration() {
  owned "$home/rabbitmq.conf" 600 <<CONF
listeners.tcp.1 = 127.0.0.1:$PLC_RABBITMQ_PORT
management.tcp.ip = 127.0.0.1
management.tcp.port = $PLC_RABBITMQ_HTTP_PORT
default_user = plc
default_pass = $PLC_RABBITMQ_PASSWORD
CONF
}

launch() {
  write_configuration
  cd "$home" || return
  # A node starts a shared epmd of its own if none answers, and never ends it; ours runs first, in our directory.
  in_background epmd -address 127.0.0.1 -port "$PLC_RABBITMQ_EPMD_PORT"
  # +sbwt none: an idle scheduler sleeps at once instead of spinning.
  in_background "$server/rabbitmq-server"
  cd "$dir" || return
}

in_background() {
  setsid "${as_owner[@]}" env -i PATH="$PATH" LANG=C.UTF-8 HOME="$home" RABBITMQ_HOME=/usr/lib/rabbitmq \
    ERL_EPMD_PORT="$PLC_RABBITMQ_EPMD_PORT" ERL_EPMD_ADDRESS=127.0.0.1 ERL_INETRC="$home/inetrc" \
    RABBITMQ_NODENAME=plc@localhost RABBITMQ_DIST_PORT="$PLC_RABBITMQ_DISTRIBUTION_PORT" \
    RABBITMQ_MNESIA_BASE="$home/mnesia" RABBITMQ_LOG_BASE="$home/log" RABBITMQ_GENERATED_CONFIG_DIR="$home/generated" \
    RABBITMQ_PID_FILE="$home/server.pid" RABBITMQ_CONFIG_FILE="$home/rabbitmq.conf" RABBITMQ_ENABLED_PLUGINS_FILE="$home/enabled_plugins" \
    RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_SERVER_START_ARGS='-kernel inet_dist_use_interface {127,0,0,1}' \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='+sbwt none +sbwtdcpu none +sbwtdio none' \
    "$@" </dev/null >>"$log" 2>&1 9>&- &
  pid=$!
  disown
}

answers() {
  curl -fs -o /dev/null --max-time 5 -u "plc:$PLC_RABBITMQ_PASSWORD" \
    "http://127.0.0.1:$PLC_RABBITMQ_HTTP_PORT/api/health/checks/port-listener/$PLC_RABBITMQ_PORT"
}

# The start script stays as the parent of the node and ends with it.
main_process() {
  local candidate
  for candidate in $(our_processes); do
    if grep -qx 'beam\.smp' "/proc/$candidate/comm"; then echo "$candidate"; fi
  done
}

# The data is removed after `down`, so nothing is worth the seconds of an orderly end.
end_signal() { if [ "$1" = stop ]; then echo TERM; else echo KILL; fi; }

clear_leftovers() { rm -f "$home/server.pid"; }

# shellcheck shell=bash disable=SC2034,SC2154
# What the two components have in common. Sourced by components.sh, which sets component, dir, home, env_file, pid_file
# and log. A component's own file gives:
#   program         regular expression for the process names of its own
#   main_process    print the id of the process whose end is the instance's end
#   initialise      make the data; runs once in an instance's life, with the password in $password
#   choose_ports    fill the component's port variables with free ports
#   write_env       print the env file
#   launch          start in the background, working directory below $home; $pid is gone when that failed
#   answers         succeed when the instance serves its clients
#   end_signal VERB the signal that ends the main process for `stop` and for `down`
#   clear_leftovers remove what a killed process leaves and a new one would trip over

fail() { echo "components.sh: $*" >&2; exit 1; }

# The component's own user for root; for anybody else, themselves.
if [ "$(id -u)" = 0 ]; then
  id -u "$component" >/dev/null 2>&1 || fail "there is no user '$component': run deploy/install.sh first, it installs $component."
  as_owner=(setpriv "--reuid=$component" "--regid=$component" --init-groups)
  owner=$component
else
  as_owner=()
  owner=$(id -un)
fi

# The data lives below DIR, unless the component's user cannot get there (DIR below /root, say): then in /var/tmp
# under a name made from DIR.
choose_home() {
  if [ "$(id -u)" != 0 ] || "${as_owner[@]}" test -x "$dir" 2>/dev/null; then
    echo "$dir/$component"
  else
    echo "/var/tmp/plc-$(printf %s "$dir" | sha256sum | cut -c1-12)-$component"
  fi
}

# In /var/tmp anybody could have made a directory of that name before us.
make_home() {
  [ ! -L "$home" ] || fail "$home is a symbolic link; remove it and try again."
  if [ -d "$home" ] && [ "$(stat -c %U "$home")" != "$owner" ]; then
    fail "$home belongs to $(stat -c %U "$home"), not to $owner; remove it or choose another directory."
  fi
  [ -d "$home" ] || install -d -m 700 -o "$owner" "$home"
}

# Our processes are those of the component's programs that work below our data directory. That stays true for a lost
# pid file, a reused process id and children whose parent was killed, and a zombie, having no directory, counts as dead.
our_processes() {
  # find complains of every process that ends under its eyes.
  { find /proc -maxdepth 2 -path '/proc/[0-9]*/cwd' -printf '%h %l\n' 2>/dev/null || true; } |
    while read -r proc cwd; do
      case $cwd in "$home" | "$home/"* | "$home (deleted)") ;; *) continue ;; esac
      if grep -qxE "$program" "$proc/comm" 2>/dev/null; then echo "${proc#/proc/}"; fi
    done
}

main_is_alive() {
  local recorded
  recorded=$(cat "$pid_file" 2>/dev/null) || return 1
  is_among_ours "$recorded"
}

is_among_ours() { case " $(our_processes | tr '\n' ' ') " in *" $1 "*) ;; *) return 1 ;; esac; }

# until_true SECONDS COMMAND…
until_true() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

nothing_runs() { [ -z "$(our_processes)" ]; }

signal_ours() {
  local pids
  pids=$(our_processes)
  # shellcheck disable=SC2086
  [ -z "$pids" ] || kill "-$1" $pids 2>/dev/null || true
}

random_word() { od -An -v -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# Ports below the range the kernel hands out to clients, so that no outgoing flow takes one between choice and use.
free_port() {
  local port
  for port in $(shuf -i 20000-29999 -n 50); do
    if [ -z "$(ss -Hltn "sport = :$port")" ]; then echo "$port"; return; fi
  done
  fail "found no free port between 20000 and 29999 on loopback."
}

ready_or_dead() { ! kill -0 "$pid" 2>/dev/null || is_zombie "$pid" || answers; }
is_zombie() { grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null; }

start_once() {
  clear_leftovers
  (umask 077 && write_env >"$env_file")
  launch
  until_true 90 ready_or_dead && answers && main_process >"$pid_file"
}

instance_up() {
  if main_is_alive && [ -r "$env_file" ]; then
    # shellcheck source=/dev/null
    . "$env_file"
    if until_true 30 answers; then return; fi
  fi
  signal_ours KILL
  until_true 10 nothing_runs || fail "processes of the former $component in $home cannot be ended: $(our_processes | tr '\n' ' ')."
  make_home
  if [ -e "$home/.initialised" ] && [ -r "$env_file" ]; then
    # shellcheck source=/dev/null
    . "$env_file"
  else
    rm -rf "${home:?}"
    make_home
    : >"$log"
    password=$(random_word)
    initialise
    touch "$home/.initialised"
    choose_ports
  fi
  # A port can be taken between two lives, or by somebody faster between choice and use: then other ports.
  local attempt
  for attempt in 1 2 3; do
    if start_once; then return; fi
    signal_ours KILL
    until_true 10 nothing_runs || true
    [ "$attempt" = 3 ] || choose_ports
  done
  tail -n 20 "$log" >&2
  fail "$component did not start in $home; the lines above end its log."
}

end_processes() {
  if main_is_alive; then
    kill "-$(end_signal "$1")" "$(cat "$pid_file")" 2>/dev/null || true
    until_true "$2" main_is_gone || true
  fi
  signal_ours KILL
  until_true 10 nothing_runs || fail "processes of $component in $home cannot be ended: $(our_processes | tr '\n' ' ')."
  clear_leftovers
  rm -f "$pid_file"
}
main_is_gone() { ! main_is_alive; }

instance_stop() { end_processes stop 30; }

instance_down() {
  end_processes down 5
  rm -rf "${home:?}" "$env_file" "$log" "$dir/.$component.lock"
}

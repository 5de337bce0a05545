#!/bin/sh
# launch.sh ROLE RECORDS LOG COMMAND…
#
# Becomes COMMAND, in a session of its own (a Ctrl-C meant for the lab does not reach it), with its output in LOG. Before that it
# appends "ROLE PID START" to RECORDS, so that nothing runs that is not on record, even if whoever started us is killed now. START
# is the process's start time in clock ticks since boot: with it, a process id that was used again is not mistaken for ours.
set -eu
role=$1 records=$2 log=$3
shift 3
read -r stat <"/proc/$$/stat"
start=$(echo "${stat##*) }" | cut -d ' ' -f 20)
echo "$role $$ $start" >>"$records"
exec setsid "$@" </dev/null >>"$log" 2>&1

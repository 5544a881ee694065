#!/bin/sh
# Runs the page's combined program and stops it after its last line.
#
# usage: run.sh PROGRAM [ARG...], such as: run.sh bin/combined
#
# PROGRAM is compiled already: the clock starts with it. It listens for ever, as
# servers do, so it never ends by itself. This script passes its lines on, sends
# SIGTERM after the tenth, waits, and ends with status 0 if all lines came and the
# program shut down in order (128 + 15). Its handlers then get the nil of a closed
# connection, which the page's program does not expect: what it says about that on
# standard error is shown only if the run has failed.
set -u
lines=10
patience=${PATIENCE:-60} # seconds, for a program that says less

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
mkfifo "$dir/out" || exit 1

"$@" >"$dir/out" 2>"$dir/err" &
program=$!
exec 3<"$dir/out" # open to the end: what the program still says must find a reader
(
    sleep "$patience" &
    trap 'kill $!' TERM
    wait $! && : >"$dir/late" && kill "$program"
) 2>/dev/null &
watchdog=$!

count=0
while [ $count -lt $lines ] && IFS= read -r line <&3; do
    printf '%s\n' "$line"
    count=$((count + 1))
done

kill -TERM "$program" 2>/dev/null
wait "$program"
status=$?
kill "$watchdog" 2>/dev/null

if [ $count -ne $lines ] || [ $status -ne 143 ]; then
    cat "$dir/err" >&2
    if [ -e "$dir/late" ]; then
        echo "run.sh: waited $patience s for line $((count + 1)) of $lines of $1" >&2
    else
        echo "run.sh: $1 printed $count of $lines lines and ended with status $status" >&2
    fi
    exit 1
fi

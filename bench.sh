#!/usr/bin/env bash
# Measures the hub beside what else could be used; leave the machine alone meanwhile. See docs/benchmarks.md.
#   ./bench.sh              every row; writes docs/benchmarks.md (about half an hour)
#   ./bench.sh quick        the most telling rows (three minutes); writes nothing
#   ./bench.sh CASE …       single rows, such as `wave` or `burst paced-1000`
#   ./bench.sh report       writes docs/benchmarks.md from the results that are there
#   ./bench.sh push | start | webhook | flood | greedy | notification | plan | scale [minutes] [seed]     figures of the hub alone
# Options for rows: --against DLL measures an earlier build of the server beside this one, --server DLL another than this one,
# --repeats N takes N samples of each figure.
set -euo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
benchmarks=tests/PresenceHub.Benchmarks
results=artifacts/bench

say() { printf '\n== %s\n' "$1"; }

need() {
  local command=$1 package=$2
  command -v "$command" >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing $package"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null
  else
    echo "$command is missing: install it (apt-get install $package) and start again" >&2
    exit 1
  fi
}

command -v dotnet >/dev/null || { echo "dotnet is missing: install the .NET 10 SDK and start again" >&2; exit 1; }
need redis-server redis-server
need taskset util-linux
[ "$(nproc)" -ge 2 ] || { echo "Two processor cores are needed: one for the servers, one for the load" >&2; exit 1; }

say "Build"
dotnet build "$benchmarks" -c Release --nologo -v quiet
run() { taskset -c 1 dotnet "$benchmarks/bin/Release/net10.0/PresenceHub.Benchmarks.dll" "$@"; }

rows=()
for argument in "$@"; do [[ $argument = --* || $argument = *.dll || $argument =~ ^[0-9]+$ ]] || rows+=("$argument"); done

case "${rows[*]:-}" in
  push | start | webhook | flood | greedy | notification | plan | scale) run "$@"; exit ;;
  report) run report "$results"; exit ;;
esac

# Socket.IO takes part in one row only, which a quick run leaves out.
if [ ${#rows[@]} = 0 ] || [[ " ${rows[*]} " = *" saturated "* ]]; then
  command -v npm >/dev/null || { echo "npm is missing: install Node.js 20 or later and start again" >&2; exit 1; }
  peer=$benchmarks/Peers/socketio
  [ "$peer/node_modules/.package-lock.json" -nt "$peer/package-lock.json" ] || (cd "$peer" && npm ci --no-audit --no-fund --silent)
fi

# The server as it ships: published, and so compiled ahead of time.
if [[ " $* " != *" --server "* ]]; then
  say "Publish the server"
  dotnet publish src/PresenceHub.Server -c Release --use-current-runtime --no-self-contained --nologo -v quiet \
    -p:IncludeSimulation=true -o artifacts/server
  set -- "$@" --server "$PWD/artifacts/server/PresenceHub.Server.dll"
fi

say "Measure"
status=0
if [ ${#rows[@]} = 0 ]; then
  rm -rf "$results"
  run compare --results "$results" "$@" || status=$?
  run report "$results"
else
  run compare --results "$results" "$@" || status=$?
fi
exit "$status"

#!/usr/bin/env bash
# The gate: builds, checks and tests what every change must pass. `./test.sh fast` leaves out what needs processes, and
# `./test.sh long` runs what the gate leaves out: many seeds, fault schedules, the published output, the samples and the
# packed npm and .NET packages. `./test.sh soak [minutes] [seed]` puts random faults on a whole hub for as long as
# asked. See docs/testing.md.
set -euo pipefail
cd "$(dirname "$0")"

mode=${1:-all}
case "$mode" in
  all | fast | long | soak) ;;
  *) echo "usage: ./test.sh [fast | long | soak [minutes] [seed]]" >&2; exit 2 ;;
esac

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Milliseconds (hexadecimal: 5 s) without new code before the runtime counts calls and compiles hot methods again. Tests
# run new code all the time; with the runtime's 100 ms the second compilation took a third of the processor time.
export DOTNET_TC_CallCountingDelayMs=1388
results=$(mktemp -d)
steps=()
end() {
  local step
  for step in "${steps[@]}"; do
    kill -- -"${step##*=}" 2>/dev/null || true
  done
  rm -rf "$results"
}
trap end EXIT

say() { printf '\n== %s\n' "$1"; }

need() {
  local command=$1 package=$2
  PATH="$PATH:/usr/sbin" command -v "$command" >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing $package"
    apt-get update -qq
    # A package must not start its service: the tests start processes of their own.
    local policy=/usr/sbin/policy-rc.d own_policy=
    [ -e "$policy" ] || { own_policy=1; printf '#!/bin/sh\nexit 101\n' >"$policy"; chmod +x "$policy"; }
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null
    [ -z "$own_policy" ] || rm -f "$policy"
  else
    echo "$command is missing: install it (apt-get install $package) and start again" >&2
    exit 1
  fi
}

# Totals are read from the result files, whatever the runners print.
count() {
  { grep -oh "$1=\"[0-9]*\"" "$results"/*.trx 2>/dev/null || true; } |
    grep -o '[0-9]*' | awk '{ sum += $1 } END { print sum + 0 }'
}

failed_steps=0

# Runs a step beside the others: most tests wait more than they compute. Its output is shown by `finish`.
start() {
  local name=$1
  shift
  set -m # a process group of its own, so that it can be ended as a whole
  ("$@") >"$results/$name.log" 2>&1 &
  steps+=("$name=$!")
  set +m
}

finish() {
  local step broken=()
  for step in "${steps[@]}"; do
    wait "${step##*=}" || broken+=("${step%=*}")
    say "${step%=*}"
    cat "$results/${step%=*}.log"
  done
  failed_steps=$((failed_steps + ${#broken[@]}))
  [ "${#broken[@]}" = 0 ] || say "Failed: $(IFS=,; echo "${broken[*]}")"
}

test_project() {
  local project=$1
  dotnet test "tests/$project" --no-build --nologo --filter "$filter" \
    --logger "trx;LogFileName=$project.trx" --results-directory "$results"
}

# Runs the unit tests, or those of another configuration.
test_typescript() {
  (
    cd clients/typescript
    npx vitest run "$@" --reporter=default --reporter=json --outputFile="$results/vitest.json"
  )
}
count_typescript() { node -p "try { require('$results/vitest.json').$1 } catch { 0 }"; }

command -v dotnet >/dev/null || { echo "dotnet is missing: install the .NET 10 SDK and start again" >&2; exit 1; }
command -v npm >/dev/null || { echo "npm is missing: install Node.js 20 or later and start again" >&2; exit 1; }
if [ "$mode" != fast ]; then
  need redis-server redis-server
  need faketime faketime
fi
if [ "$mode" = soak ]; then
  say "Build"
  dotnet build tests/PresenceHub.Verification --nologo -v quiet
  status=0
  dotnet run --project tests/PresenceHub.Verification --no-build -- "${@:2}" || status=$?
  exit "$status"
fi
if [ "$mode" = all ] || [ "$mode" = long ]; then
  need chromium chromium
fi
if [ "$mode" = all ]; then
  need nginx nginx-light
  need haproxy haproxy
fi

case "$mode" in
  all) filter="Category!=Long" ;;
  fast) filter="Category!=Functional&Category!=Long" ;;
  long) filter="Category=Long" ;;
esac

check_typescript() {
  (
    cd clients/typescript
    npm run --silent check:types && npm run --silent lint && npm run --silent format:check
  )
}

# The npm package as it is published: its form, types and sizes.
check_package() { (cd clients/typescript && npm run --silent check:package); }

# Types and builds of the sample pages; the build of the solution has installed their packages.
check_samples() { (cd clients/samples && npm run --silent check); }

# What needs no build: it uses the processor while the build waits for one project.
source_steps() {
  local failed=0
  if [ "$mode" = all ]; then
    say "C#: format" && dotnet csharpier check . || failed=1
    say "TypeScript: types, lint and format" && check_typescript || failed=1
    say "TypeScript: package" && check_package || failed=1
  fi
  say "TypeScript tests" && test_typescript || failed=1
  return "$failed"
}

# One after the other, so that the long projects have most of the processor.
short_projects() {
  local failed=0 project
  for project in GraphEmulator.Tests Client.Tests Fleet.Tests Verification; do
    say "PresenceHub.$project" && test_project "PresenceHub.$project" || failed=1
  done
  return "$failed"
}

say "Restore and build (warnings are errors)"
(
  cd clients/typescript
  [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund
)
dotnet tool restore >/dev/null
[ "$mode" = long ] || start "Sources" source_steps
dotnet build PresenceHub.sln -graph --nologo -v quiet

case "$mode" in
  long)
    for project in PresenceHub.Verification PresenceHub.FunctionalTests; do
      say "$project" && test_project "$project" || failed_steps=$((failed_steps + 1))
    done
    say "Samples" && check_samples || failed_steps=$((failed_steps + 1))
    say "npm package in fresh projects" && test_typescript --config vitest.package.config.ts ||
      failed_steps=$((failed_steps + 1))
    ;;
  *)
    start "PresenceHub.Server.Tests" test_project PresenceHub.Server.Tests
    [ "$mode" = fast ] || start "PresenceHub.FunctionalTests" test_project PresenceHub.FunctionalTests
    start "Short projects" short_projects
    finish
    ;;
esac

passed=$(($(count passed) + $(count_typescript numPassedTests)))
failed=$(($(count failed) + $(count_typescript numFailedTests)))
# The counters of a result file leave skipped tests out.
skipped=$({ grep -oh 'outcome="NotExecuted"' "$results"/*.trx || true; } | wc -l)
# A step that broke without a failed test of its own still fails the gate.
[ "$failed_steps" -gt 0 ] && [ "$failed" = 0 ] && failed=$failed_steps
echo
summary="$passed passed, $failed failed"
[ "$skipped" = 0 ] || summary+=", $skipped skipped"
echo "$summary"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]

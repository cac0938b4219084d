# shellcheck shell=bash
# shellcheck disable=SC2154 # cache and repository come from environment.sh
# Running tests and counting them. Sourced after environment.sh.

passed=0
failed=0
failures="$(mktemp)"
section_name=
section_began_s=
sections=
load=()

# section NAME: what follows belongs to it; "" ends the last one and prints the time of each.
section() {
  local now_s
  now_s="$(date +%s)"
  [ -z "$section_name" ] || sections+="$(printf '%6s  %s' "$(minutes $((now_s - section_began_s)))" "$section_name")"$'\n'
  section_name="$1" section_began_s="$now_s"
  if [ -n "$1" ]; then say "$1"; else printf '%s' "$sections"; fi
}

# show_failure NAME: what a failed test wrote, from standard input: now, and again at the end.
show_failure() {
  { echo "FAIL $1"; tail -n 80; } | tee -a "$failures"
}

# judge NAME STATUS LOG: counts a test and shows what a failed one wrote.
judge() {
  [ ! -t 1 ] || printf '\r\033[K'
  if [ "$2" = 0 ]; then
    passed=$((passed + 1)); echo "ok   $1"
  else
    failed=$((failed + 1)); show_failure "$1" <"$3"
  fi
  rm -f "$3"
}

# conclude: what failed, in one place, and the counts. Fails where a test did.
conclude() {
  [ "$failed" = 0 ] || { say "what failed"; cat "$failures"; }
  rm -f "$failures"
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}

# check NAME COMMAND...: one test that passes when the command does.
check() {
  local name="$1" log status=0
  shift
  log="$(mktemp)"
  "$@" >"$log" 2>&1 || status=$?
  judge "$name" "$status" "$log"
}

# begin_check NAME COMMAND...: the same beside others, until end_check. One at a time.
begin_check() {
  begun_name="$1" begun_log="$(mktemp)"
  shift
  "$@" >"$begun_log" 2>&1 &
  begun=$!
}
end_check() {
  local status=0
  [ -n "${begun:-}" ] || return 0
  wait "$begun" || status=$?
  judge "$begun_name" "$status" "$begun_log"
  begun=
}

# check_each PRESET: the tests that CTest knows, each counted.
check_each() {
  local name
  while read -r name; do
    check "$1 $name" ctest --test-dir "build/$1" --output-on-failure -R "^${name//./\\.}\$"
  done < <(ctest --test-dir "build/$1" -N | sed -n 's/^ *Test *#[0-9]*: //p')
}

# check_node NAME COMMAND...: tests that Node's runner knows, each counted.
check_node() {
  local name="$1" log failures_here status=0
  shift
  log="$(mktemp)"
  "$@" >"$log" 2>&1 || status=$?
  sed -n -E "s/^ *(not )?ok [0-9]+ - /\1ok   $name: /p" "$log" | sed 's/^not ok  /FAIL/'
  passed=$((passed + $(sed -n 's/^# pass //p' "$log" | paste -sd+ - | sed 's/^$/0/')))
  failures_here=$(($(sed -n -E 's/^# (fail|cancelled) //p' "$log" | paste -sd+ - | sed 's/^$/0/')))
  [ "$status" = 0 ] || [ "$failures_here" != 0 ] || failures_here=1
  failed=$((failed + failures_here))
  if grep -q -E '^ *not ok' "$log"; then
    # Each failed test with its reasons, which end in "...".
    sed -n -E '/^ *not ok/,/^ *\.\.\.$/p' "$log" | show_failure "$name"
  elif [ "$status" != 0 ]; then
    show_failure "$name" <"$log"
  fi
  rm -f "$log"
}

# Of the service and of speech a run takes some milliseconds, of the others some microseconds.
runs_of() {
  case $1 in
    */server/* | *fuzz_speech | *fuzz_listen | *fuzz_align | *fuzz_performance | *fuzz_avatar) echo 2000 ;;
    *) echo 50000 ;;
  esac
}

# check_fuzzer PROGRAM SECONDS: for so long from a random seed; SECONDS empty: a number of
# runs from one seed.
check_fuzzer() {
  local leaks=1 amount=(-runs="$(runs_of "$1")" -seed=1)
  [ -z "$2" ] || amount=(-max_total_time="$2" -seed=0)
  # The service renders now and then: Mesa's driver is unloaded before leaks are
  # counted, and what it kept has no name any more.
  case $1 in */server/*) leaks=0 ;; esac
  ASAN_OPTIONS="detect_leaks=$leaks" check "$(basename "$1")" "$1" \
    "${amount[@]}" -timeout=60 -rss_limit_mb=2048 -verbosity=0 -artifact_prefix=build/asan/
}

# keep_busy: endless loops beside what follows, one for each core.
keep_busy() {
  local core
  for ((core = 0; core < $(nproc); ++core)); do
    (while :; do :; done) &
    load+=($!)
  done
  trap 'kill "${load[@]}" 2>/dev/null; end_progress' EXIT
}

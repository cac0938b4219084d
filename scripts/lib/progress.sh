# shellcheck shell=bash
# Jobs that run at once, and one line that tells how far each is: written over and over
# where a person watches, a line every half minute where the output is a file.
# Sourced after environment.sh.
# shellcheck disable=SC2154 # cache comes from environment.sh

progress_folder=
reporter=

# begin_progress: from here on `tracked` jobs are shown.
begin_progress() {
  mkdir -p "$cache/logs"
  find "$cache/logs" -mindepth 1 -maxdepth 1 -mtime +7 -exec rm -rf {} +
  progress_folder="$(mktemp -d -p "$cache/logs")"
  report_progress &
  reporter=$!
  trap end_progress EXIT
}

end_progress() {
  [ -n "$reporter" ] || return 0
  kill "$reporter" 2>/dev/null || true
  wait "$reporter" 2>/dev/null || true
  reporter=
  [ ! -t 2 ] || printf '\r\033[K' >&2
  rm -rf "$progress_folder"
}

# fail_job JOB WORDS...: ends with WORDS and the last line of JOB's log, which is kept.
fail_job() {
  local job="$1" folder="$progress_folder"
  shift
  progress_folder="$(mktemp -u)"
  end_progress
  fail "$* ($(tail -n 1 "$folder/$job.log" 2>/dev/null); see $folder/$job.log)"
}

# The last line of every job that runs.
progress_line() {
  local job line=
  for job in "$progress_folder"/*.now; do
    [ -s "$job" ] || continue
    line+="${line:+ · }$(basename "$job" .now): $(head -c 60 "$job")"
  done
  printf '%s' "$line"
}

report_progress() {
  local line waited_s=0
  trap 'exit 0' TERM
  while sleep 1; do
    line="$(progress_line)"
    if [ -t 2 ]; then
      printf '\r\033[K  %.*s' "$(($(tput cols 2>/dev/null || echo 80) - 4))" "$line" >&2
    elif [ $((++waited_s % 30)) = 0 ] && [ -n "$line" ]; then
      printf '          %s\n' "$line" >&2
    fi
  done
}

# tracked JOB COMMAND...: runs it, its output in a log and its last line on show; says
# afterwards how long it took, if that was worth waiting for.
tracked() {
  local job="$1" line status=0 began_s took_s
  shift
  began_s="$(date +%s)"
  "$@" 2>&1 | while IFS= read -r line; do
    printf '%s\n' "$line" >>"$progress_folder/$job.log"
    # dpkg and debootstrap write a line's parts one over another; of ninja's, the count says enough.
    line="${line##*$'\r'}"
    case $line in
      "-- "*) continue ;;
      *" of "*" steps "*) line="${line%% steps *} steps" ;;
    esac
    printf '%s' "$line" >"$progress_folder/$job.now"
  done || status=$?
  rm -f "$progress_folder/$job.now"
  took_s=$(($(date +%s) - began_s))
  if [ "$status" = 0 ] && [ "$took_s" -ge 2 ]; then
    [ ! -t 2 ] || printf '\r\033[K' >&2
    printf '    %s  %s\n' "$(minutes "$took_s")" "$job" >&2
  fi
  return "$status"
}

# Sourced by deploy/demo and tests/run: runs the parts of a long command one after another, shows how far it is,
# keeps each part's output in build/logs/, and ends with a table. Needs bash; the current folder is the root.

steps_rows=()      # "name|ok, failed or skipped|seconds|what it said"
steps_failed=0
steps_began=$SECONDS
steps_child=       # process group of the step that runs
steps_logs=build/logs
steps_skip_code=77 # a step that returns this was not run; the last line of its log says why

steps_clock() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

# steps_run NAME TITLE COMMAND... : returns 0 when it was done or skipped. A failure shows the tail of the log.
# COMMAND may be a function of the script. It runs in a bash of its own with -euo pipefail, since bash forgets -e in
# whatever is called from a condition; so it sees exported variables only.
steps_run() {
  local name=$1 title=$2 log=$steps_logs/$1.log began=$SECONDS every=30 beat rc=0 now last
  shift 2
  [ ! -t 1 ] || every=10 # seconds between two signs of life
  beat=$every
  mkdir -p "$steps_logs"
  printf '%s  %s ...\n' "$(steps_clock $((SECONDS - steps_began)))" "$title"
  # shellcheck disable=SC2046 # one word for each function
  export -f $(compgen -A function)
  set -m # its own process group, so that an interrupt can end all of it
  bash -euo pipefail -c '"$@"' step "$@" >"$log" 2>&1 </dev/null 9>&- &
  steps_child=$!
  set +m
  while kill -0 "$steps_child" 2>/dev/null; do
    sleep 0.2
    now=$((SECONDS - began))
    if [ "$now" -ge "$beat" ]; then
      beat=$((now + every))
      last=$(tail -c 2000 "$log" | tr '\r' '\n' | grep -v '^[[:space:]]*$' | tail -n 1 | cut -c1-90 || true)
      printf '%s    %s, for %s: %s\n' "$(steps_clock $((SECONDS - steps_began)))" "$name" "$(steps_clock "$now")" "$last"
    fi
  done
  wait "$steps_child" || rc=$?
  steps_child=
  steps_end "$name" "$rc" $((SECONDS - began)) "$log"
}

steps_end() {  # steps_end NAME RC SECONDS LOG : one row of the table
  local name=$1 rc=$2 took=$3 log=$4 said
  if [ "$rc" = 0 ]; then # what the programs called say in sum: ctest, unittest, the gates
    said=$(grep -aE '^([0-9]+% tests passed|Ran [0-9]+ tests|[a-z_]+: [0-9]+ )' "$log" | tail -n 1 | cut -c1-100 || true)
    steps_rows+=("$name|ok|$took|$said")
  elif [ "$rc" = "$steps_skip_code" ]; then
    said=$(grep -v '^[[:space:]]*$' "$log" | tail -n 1 | cut -c1-100 || true)
    steps_rows+=("$name|skipped|$took|$said")
    printf '        skipped: %s\n' "$said"
  else
    steps_rows+=("$name|failed|$took|$log")
    steps_failed=$((steps_failed + 1))
    printf '        FAILED after %s (exit %s); the end of %s:\n' "$(steps_clock "$took")" "$rc" "$log"
    tail -n 40 "$log" | sed 's/^/        | /'
    return 1
  fi
}

# steps_not_run NAME WHY : a step that was due and could not run. It counts as failed.
steps_not_run() {
  steps_rows+=("$1|failed|0|$2")
  steps_failed=$((steps_failed + 1))
  printf '        FAILED: %s\n' "$2"
}

# steps_table : the last lines of a run; returns 1 when something failed.
steps_table() {
  local row name state took said passed=0 skipped=0
  printf '\n%-22s %-8s %8s\n' step result seconds
  for row in "${steps_rows[@]}"; do
    IFS='|' read -r name state took said <<<"$row"
    printf '%-22s %-8s %8s  %s\n' "$name" "$state" "$took" "$said"
    case "$state" in ok) passed=$((passed + 1)) ;; skipped) skipped=$((skipped + 1)) ;; esac
  done
  printf '%s in all\n' "$(steps_clock $((SECONDS - steps_began)))"
  printf 'steps: %d passed, %d failed, %d skipped\n' "$passed" "$steps_failed" "$skipped"
  [ "$steps_failed" = 0 ]
}

# steps_stop : ends the step that runs, if any; for a trap.
steps_stop() {
  [ -z "$steps_child" ] || kill -TERM -- "-$steps_child" 2>/dev/null || true
  steps_child=
}

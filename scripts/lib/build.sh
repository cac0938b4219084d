# shellcheck shell=bash
# Building, for the scripts that run what was built. Sourced after environment.sh.

export CCACHE_DIR="$cache/ccache"

# build PRESET [TARGET...]: configures once and builds; quiet unless it fails.
build() {
  local preset="$1" log="$repository/build/$1.log"
  shift
  mkdir -p "$repository/build"
  if ! { [ -e "$repository/build/$preset/build.ninja" ] || (cd "$repository" && cmake --preset "$preset"); } >"$log" 2>&1 ||
    ! (cd "$repository" && cmake --build "build/$preset" ${1:+--target "$@"}) >>"$log" 2>&1; then
    tail -n 60 "$log" >&2
    fail "the $preset build failed: the whole log is in $log"
  fi
}

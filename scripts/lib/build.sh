# shellcheck shell=bash source=environment.sh
# shellcheck disable=SC2154 # cache and repository come from environment.sh
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

# build_web: the web app in build/web, when anything it is made of has changed.
build_web() {
  local inputs stamp="$repository/build/web/.built-from" log="$repository/build/web.log"
  inputs="$(cd "$repository" && { git ls-files -s web shared package-lock.json; git diff -- web shared; sha256sum build/wasm/wasm/*.wasm build/wasm/wasm/*.js; } | sha256sum)"
  [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$inputs" ] && return 0
  (cd "$repository" && npm run --silent build) >"$log" 2>&1 || { tail -n 40 "$log" >&2; fail "the web app did not build: the whole log is in $log"; }
  echo "$inputs" >"$stamp"
}

# shellcheck shell=bash
# shellcheck disable=SC2154 # cache and repository come from environment.sh
# Setting up and building, for the scripts that run what was built. Sourced after
# environment.sh, inside Debian 13.

# shellcheck source=scripts/lib/progress.sh
. "$repository/scripts/lib/progress.sh"
# shellcheck source=scripts/lib/announce.sh
. "$repository/scripts/lib/announce.sh"
# shellcheck source=scripts/lib/packages.sh
. "$repository/scripts/lib/packages.sh"
# shellcheck source=scripts/lib/dependencies.sh
. "$repository/scripts/lib/dependencies.sh"

# step JOB WORDS COMMAND...: a job that is shown; where it fails, the script ends with WORDS.
step() {
  local job="$1" words="$2"
  shift 2
  tracked "$job" "$@" || fail_job "$job" "$words"
}

# alone LOCK COMMAND...: what two clones, or two starts, must not do at once.
alone() {
  local lock="$1"
  shift
  mkdir -p "$(dirname "$lock")"
  (
    flock -n 9 || { echo "waiting for another one"; flock 9; }
    "$@" 9>&-
  ) 9>"$lock"
}

# packages LIST
packages() {
  [ -e "$(stamp_of_packages "$1")" ] || step "packages ($1)" "the Debian packages could not be installed" \
    alone "$cache/packages.lock" install_packages "$1"
}

# dependency NAME PLATFORM
dependency() {
  step "$1 ($2)" "$1 could not be built" alone "$cache/built/$1-$2.lock" build_dependency "$1" "$2"
}

# What the WebAssembly modules are linked with.
wasm_dependencies() {
  local name
  for name in espeak-ng filament draco libwebp meshoptimizer; do dependency "$name" wasm; done
}

# build PRESET TESTS(ON or OFF) [TARGET...]: TESTS says whether tests are configured, too.
build() {
  local preset="$1" tests="$2"
  shift 2
  mkdir -p "$repository/build"
  step "$preset" "the $preset build failed" alone "$repository/build/$preset.lock" run_build "$preset" "$tests" "$@"
}

run_build() {
  local preset="$1" tests="$2" folder="$repository/build/$1"
  shift 2
  # Tests once configured stay so: scripts/start need not configure anew after scripts/test.
  if [ ! -e "$folder/build.ninja" ] || { [ "$tests" = ON ] && grep -qs '^BUILD_TESTING:BOOL=OFF' "$folder/CMakeCache.txt"; }; then
    (cd "$repository" && cmake --preset "$preset" -DBUILD_TESTING="$tests") || return 1
  fi
  NINJA_STATUS='%f of %t steps ' cmake --build "$folder" -j "$(nproc)" ${1:+--target "$@"} 2>&1 | tee "$folder.log"
}

# The web app in build/web, when anything it is made of has changed.
run_web_build() {
  local inputs stamp="$repository/build/web/.built-from"
  inputs="$(cd "$repository" && { git ls-files -s web shared package-lock.json; git diff -- web shared; sha256sum build/wasm/wasm/*.wasm build/wasm/wasm/*.js; } | sha256sum)"
  [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$inputs" ] && return 0
  (cd "$repository" && npm run --silent build) && echo "$inputs" >"$stamp"
}
build_web() {
  step "web app" "the web app could not be built" alone "$repository/build/web.lock" run_web_build
}

# npm_packages WHICH: "app" or "all".
npm_packages() {
  step "npm" "the npm packages could not be installed" alone "$repository/build/npm.lock" install_npm_packages "$1"
}

# is_ready LIST...: whether nothing of these lists, and of what is built once, is missing.
is_ready() {
  local list
  for list in "$@"; do [ -e "$(stamp_of_packages "$list")" ] || return 1; done
  [ -e "$(built_folder espeak-ng native)/.complete" ] && [ -e "$(built_folder filament wasm)/.complete" ]
}

# The native program; TESTS as in `build`.
prepare_native() {
  packages native
  dependency espeak-ng native
  build native "$@"
}

# All that `scripts/start` serves: the native program is compiled while the packages of
# the web's are unpacked.
prepare_app() {
  local native
  is_ready native web || announce
  say "setting up and building"
  begin_progress
  packages native
  { dependency espeak-ng native && build native OFF vivavox; } &
  native=$!
  packages web
  link_portable_headers
  npm_packages app
  wasm_dependencies
  build wasm OFF modules
  build_web
  wait "$native" || exit 1
  end_progress
}

# The command line tool and what it runs with.
prepare_tool() {
  is_ready native web || announce
  say "setting up and building"
  begin_progress
  packages native
  packages web
  npm_packages app
  dependency espeak-ng native
  build native OFF vivavox
  end_progress
}

# What makes the documentation.
prepare_docs() {
  say "setting up"
  begin_progress
  packages native
  packages web
  link_portable_headers
  npm_packages all
  wasm_dependencies
  build wasm OFF modules
  build_web
  end_progress
}

# All that is built for the tests, but not the tests themselves.
prepare_tests() {
  is_ready native web || announce
  say "setting up and building"
  begin_progress
  packages native
  packages web
  packages test
  link_portable_headers
  npm_packages all
  dependency espeak-ng native
  dependency espeak-ng asan
  wasm_dependencies
  end_progress
}

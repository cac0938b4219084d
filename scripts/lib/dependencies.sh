# shellcheck shell=bash
# shellcheck disable=SC2154 # cache and repository come from environment.sh
# What is built from other people's source, once, in the cache; npm packages.
# Sourced after packages.sh.

recipes="$repository/scripts/dependencies"

# Host headers that are safe to compile for WebAssembly, apart from /usr/include.
link_portable_headers() {
  local include="$cache/dependencies/wasm/include" name
  mkdir -p "$include"
  for name in boost stb tsl; do ln -sfn "/usr/include/$name" "$include/$name"; done
}

# built_folder NAME PLATFORM: where it is, one for each state of its recipe.
built_folder() {
  echo "$cache/built/$1-$2-$(find "$recipes/$1" -type f | sort | xargs -d '\n' cat | sha256sum | cut -c1-16)"
}

# build_dependency NAME PLATFORM: builds the recipe NAME, once, and links
# dependencies/PLATFORM/NAME to it.
build_dependency() {
  local name="$1" platform="$2" built
  built="$(built_folder "$name" "$platform")"
  if [ ! -e "$built/.complete" ]; then
    mkdir -p "$cache/built" && source_of "$name" && make_dependency "$name" "$platform" "$built" || return 1
  fi
  mkdir -p "$cache/dependencies/$platform" && ln -sfn "$built" "$cache/dependencies/$platform/$name"
}

make_dependency() {
  local name="$1" platform="$2" built="$3" compilers
  case $platform in
    native) compilers=(-DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++) ;;
    asan) compilers=(-DCMAKE_C_COMPILER=clang "-DCMAKE_C_FLAGS=-fsanitize=address,fuzzer-no-link -g") ;;
    wasm) compilers=(-DCMAKE_TOOLCHAIN_FILE=/usr/share/emscripten/cmake/Modules/Platform/Emscripten.cmake) ;;
  esac
  rm -rf "$built" "$built.build"
  cmake -S "$recipes/$name" -B "$built.build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_COMPILER_LAUNCHER="$repository/scripts/lib/compile" -DCMAKE_CXX_COMPILER_LAUNCHER="$repository/scripts/lib/compile" \
    -DSOURCE="$cache/sources/$name" -DCMAKE_INSTALL_PREFIX="$built" "${compilers[@]}" &&
    NINJA_STATUS='%f of %t steps ' cmake --build "$built.build" -j "$(nproc)" --target install || return 1
  rm -rf "$built.build"
  touch "$built/.complete"
}

# install_npm_packages WHICH: "app", what the app is built of, or "all", what only tests
# and lint need, too.
install_npm_packages() {
  local key omitted=()
  key="$(sha256sum <"$repository/package-lock.json" | cut -c1-16)"
  [ ! -e "$repository/node_modules/.vivavox-all-$key" ] || return 0
  [ "$1" = all ] || { [ ! -e "$repository/node_modules/.vivavox-app-$key" ] || return 0; omitted=(--omit=dev); }
  (cd "$repository" && retry npm ci "${omitted[@]}" --ignore-scripts --no-audit --no-fund --loglevel=error --cache "$cache/npm") &&
    touch "$repository/node_modules/.vivavox-$1-$key"
}

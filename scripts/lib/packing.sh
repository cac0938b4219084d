# shellcheck shell=bash
# shellcheck disable=SC2154 # cache and repository come from environment.sh
# What scripts/package makes of what was built. Sourced after build.sh.

# shellcheck source=scripts/lib/bare.sh
. "$repository/scripts/lib/bare.sh"

packing="$repository/build/package"

version_of_all() { node -p "require('$repository/web/vivavox/package.json').version"; }

# The project that installs, of the program without its symbols. The date in what it makes is
# the last commit's.
configure_packing() {
  mkdir -p "$packing" && strip -o "$packing/vivavox" "$repository/build/native/server/vivavox" || return 1
  SOURCE_DATE_EPOCH="$(git -C "$repository" log -1 --format=%ct)"
  export SOURCE_DATE_EPOCH
  cmake -S "$repository/server/deploy" -B "$packing/cmake" -G Ninja -DVIVAVOX_PROGRAM="$packing/vivavox"
}

pack_debian() {
  configure_packing && rm -rf "$packing/debian" &&
    cpack --config "$packing/cmake/CPackConfig.cmake" -B "$packing/debian" &&
    mv "$packing/debian"/*.deb "$1"
}

# The libraries that a program is linked with, as files; not those of glibc and of the compiler,
# which every system has and which must be its own.
libraries_of() {
  ldd "$1" | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p' |
    grep -vE '/(libc|libm|libdl|librt|libpthread|libresolv|libstdc\+\+|libgcc_s|ld-linux[^/]*)\.so[.0-9]*$'
}

# The Debian package that a library comes from; its files may be called by their folder's other name.
package_of() { dpkg -S "$(readlink -f "$1")" | head -n 1 | cut -d: -f1; }

pack_archive() {
  local name library package root
  name="vivavox-$(version_of_all)-linux-amd64"
  root="$packing/archive/$name"
  rm -rf "$packing/archive"
  configure_packing && cmake --install "$packing/cmake" --component program --prefix "$root" || return 1
  cp -r /usr/lib/*/espeak-ng-data "$root/share/vivavox/espeak-ng-data" || return 1
  mkdir "$root/share/doc/vivavox/libraries"
  for library in $(libraries_of "$packing/vivavox"); do
    package="$(package_of "$library")" &&
      install -m 644 "$(readlink -f "$library")" "$root/lib/vivavox/$(basename "$library")" &&
      cp "/usr/share/doc/$package/copyright" "$root/share/doc/vivavox/libraries/$package" || return 1
  done
  cp "$repository/server/deploy/archive.md" "$root/README.md" && cp "$repository"/LICENSE* "$root" || return 1
  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$packing/archive" -c "$name" |
    xz -T0 >"$1/$name.tar.xz"
}

# Those of web's packages that are not private.
pack_npm() {
  local package
  for package in "$repository"/web/*/package.json; do
    [ "$(node -p "require('$package').private === true")" = false ] || continue
    (cd "$(dirname "$package")" && npm pack --silent --pack-destination "$1") || return 1
  done
}

# Where the machine has no network: all packages, their index, and what installs them.
pack_dependencies() {
  mkdir "$1/debian" && fetch_dependencies "$1" "$1/debian" &&
    (cd "$1" && dpkg-scanpackages --multiversion . >Packages) &&
    install -m 755 "$repository/server/deploy/install.sh" "$1"
}

write_checksums() {
  (cd "$1" && find . -type f ! -name 'SHA256SUMS*' -printf '%P\0' | sort -z | xargs -0 sha256sum >SHA256SUMS.new &&
    mv SHA256SUMS.new SHA256SUMS)
}

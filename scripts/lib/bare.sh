# shellcheck shell=bash
# shellcheck disable=SC2154 # cache and repository come from environment.sh
# A bare Debian 13, as a new machine has it: to know what it lacks, and to install in.
# Sourced after packages.sh, inside Debian 13.

bare_archive="$cache/bare-debian13.tar"
days_kept=7

make_bare_archive() {
  local root="$cache/bare-debian13"
  [ -z "$(find "$bare_archive" -mtime -"$days_kept" 2>/dev/null)" ] || return 0
  rm -rf --one-file-system "$root"
  # The mirror is an optional last argument.
  # shellcheck disable=SC2046
  "$repository/scripts/lib/own_mounts" debootstrap --variant=minbase trixie "$root" $(debian_mirror_inside) &&
    tar --numeric-owner --xattrs -C "$root" -cf "$bare_archive.new" . && mv "$bare_archive.new" "$bare_archive" || return 1
  rm -rf --one-file-system "$root"
}

# unpack_bare FOLDER: a bare Debian 13 in FOLDER, which is not there yet.
unpack_bare() {
  alone "$cache/bare.lock" make_bare_archive && mkdir -p "$1" && tar --numeric-owner --xattrs -C "$1" -xpf "$bare_archive"
}

# fetch_dependencies PACKAGES FOLDER: what the .deb files in PACKAGES need beyond a bare Debian 13;
# and that itself, so that machines with an older state of it are brought to this one.
fetch_dependencies() {
  local root="$cache/bare-for-dependencies" apt
  apt=(chroot "$root" apt-get -qq -y --no-install-recommends -o APT::Sandbox::User=root -o Dpkg::Use-Pty=0)
  rm -rf --one-file-system "$root"
  unpack_bare "$root" || return 1
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  printf 'deb %s %s main\n' "$(debian_mirror_inside)" trixie "$(debian_mirror_inside)" trixie-backports >"$root/etc/apt/sources.list"
  cp "$1"/*.deb "$root/tmp" && retry "${apt[@]}" update || return 1
  # shellcheck disable=SC2016,SC2046
  retry "${apt[@]}" --download-only install $(cd "$root/tmp" && printf '/tmp/%s ' *.deb) &&
    retry "${apt[@]}" --download-only --reinstall install $(chroot "$root" dpkg-query -W -f '${Package} ') || return 1
  rm -f "$root"/var/cache/apt/archives/vivavox*
  mv "$root"/var/cache/apt/archives/*.deb "$2" && rm -rf --one-file-system "$root"
}

# shellcheck shell=bash source=scripts/lib/environment.sh
# shellcheck disable=SC2154 # cache and tree come from environment.sh
# A tree of Debian 13 in the cache, for machines that are something else. Sourced
# after environment.sh.

# shellcheck source=scripts/lib/progress.sh
. "$repository/scripts/lib/progress.sh"
# shellcheck source=scripts/lib/announce.sh
. "$repository/scripts/lib/announce.sh"

missing_for_tree() {
  [ "$(uname -s)" = Linux ] || { echo "it needs Linux (this is $(uname -s))"; return; }
  [ "$(id -u)" = 0 ] || { echo "it needs root: repeat with sudo"; return; }
  command -v unshare >/dev/null || { echo "the program unshare is missing: install util-linux"; return; }
  command -v chroot >/dev/null || { echo "the program chroot is missing: install coreutils"; return; }
  unshare --mount true 2>/dev/null || echo "mounts are not allowed here: use a machine of your own, or a container with --privileged"
}

install_debootstrap() {
  command -v debootstrap >/dev/null && return 0
  if command -v apt-get >/dev/null; then
    retry apt-get update -qq && DEBIAN_FRONTEND=noninteractive retry apt-get install -y -qq --no-install-recommends debootstrap
  elif command -v dnf >/dev/null; then
    retry dnf install -y -q debootstrap
  elif command -v pacman >/dev/null; then
    retry pacman -S --noconfirm debootstrap
  else
    echo "there is no apt-get, dnf or pacman" >&2
    return 1
  fi
}

# The mirror that this machine already uses for Debian, else debootstrap's own.
debian_mirror() {
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } |
    grep -v '^#' | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ' || true
}

bootstrap() {
  rm -rf --one-file-system "$tree"
  # In a namespace of its own: what debootstrap mounts is gone when it is killed.
  # The mirror is an optional last argument.
  # shellcheck disable=SC2046
  unshare --mount debootstrap --variant=minbase --include=ca-certificates trixie "$tree" $(debian_mirror)
}

# Only what the programs need is unpacked, and the disk need not be waited for: a
# tree that is cut short is made again.
hasten_packages() {
  cat >"$tree/etc/dpkg/dpkg.cfg.d/vivavox" <<'SETTINGS'
force-unsafe-io
path-exclude=/usr/share/doc/*
path-include=/usr/share/doc/*/copyright
path-exclude=/usr/share/man/*
path-exclude=/usr/share/locale/*
path-exclude=/usr/share/info/*
path-exclude=/usr/share/emscripten/cache/sysroot/lib/wasm32-emscripten/lto/*
path-exclude=/usr/share/emscripten/cache/sysroot/lib/wasm32-emscripten/lto-pic/*
path-exclude=/usr/share/emscripten/cache/sysroot/lib/wasm32-emscripten/pic/*
SETTINGS
}

make_tree() {
  local missing
  missing="$(missing_for_tree)"
  [ -z "$missing" ] || fail "this is not Debian 13, so a tree of it is made to work in: $missing"
  mkdir -p "$cache"
  exec 8>"$cache/tree.lock"
  flock -n 8 || { say "waiting for another set-up"; flock 8; }
  if [ ! -e "$tree/.vivavox-complete" ]; then
    announce
    say "a tree of Debian 13"
    begin_progress
    tracked "debootstrap" install_debootstrap ||
      fail_job "debootstrap" "debootstrap could not be installed: is there a network? Or install it with this system's package manager, then repeat"
    tracked "Debian 13" retry bootstrap ||
      fail_job "Debian 13" "the tree could not be made: is there a network? Then repeat"
    end_progress
    hasten_packages
    touch "$tree/.vivavox-complete"
  fi
  exec 8>&-
}

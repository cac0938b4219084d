# shellcheck shell=bash
# The environment that every script runs in: Debian 13, either this machine or
# a tree of it kept in the cache. Sourced, not run.

set -euo pipefail

repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
cache="${VIVAVOX_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vivavox}"
tree="$cache/debian13"
export VIVAVOX_CACHE="$cache"
export VIVAVOX_STARTED_S="${VIVAVOX_STARTED_S:-$(date +%s)}"

minutes() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

# say WORDS...: what begins now, with the time since the command was called.
say() { printf '\033[1m==>\033[0m %s  %s\n' "$(minutes $(($(date +%s) - VIVAVOX_STARTED_S)))" "$*" >&2; }

# fail WORDS...: ends with one line; a full disk is named, because what it breaks says so badly.
fail() {
  local free_mb
  free_mb="$(df -Pm "$cache" 2>/dev/null | awk 'NR == 2 { print $4 }')"
  [ "${free_mb:-1000}" -gt 50 ] || set -- "the disk of $cache is full: free 5 GB or set VIVAVOX_CACHE to a folder elsewhere, then repeat ($*)"
  printf 'vivavox: %s\n' "$*" >&2
  exit 1
}

is_debian_13() {
  # shellcheck source=/dev/null
  [ -r /etc/os-release ] && (. /etc/os-release && [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 13 ])
}

# A few seconds of a package server's bad mood must not end a set-up of minutes.
retry() {
  local attempt
  for attempt in 1 2 3 4; do
    "$@" && return 0
    [ "$attempt" = 4 ] || sleep $((attempt * 5))
  done
  return 1
}

# run_in_tree COMMAND...: runs it in the Debian 13 tree with the host's other
# folders in place, so that the caller's paths mean the same inside. The mounts
# live in a namespace of their own and vanish with the command.
run_in_tree() {
  # The script in single quotes expands its own variables, not ours.
  # shellcheck disable=SC2016
  exec unshare --mount --propagation private -- bash -c '
    tree=$1 directory=$2; shift 2
    for entry in /*; do
      name=${entry#/}
      case $name in
        bin|boot|etc|lib*|proc|sbin|sys|usr|var|lost+found) continue ;;
      esac
      [ -d "$entry" ] && [ ! -L "$entry" ] || continue
      mkdir -p "$tree/$name"
      mount --rbind "$entry" "$tree/$name"
    done
    mount -t proc proc "$tree/proc" 2>/dev/null || mount --rbind /proc "$tree/proc"
    mount --rbind /sys "$tree/sys" 2>/dev/null || true
    for certificates in /etc/ssl/certs /etc/pki /usr/local/share/ca-certificates; do
      [ -d "$certificates" ] || continue
      mkdir -p "$tree$certificates"
      mount --rbind "$certificates" "$tree$certificates"
    done
    cp -L /etc/resolv.conf "$tree/etc/resolv.conf" 2>/dev/null || true
    cp -L /etc/hosts "$tree/etc/hosts" 2>/dev/null || true
    exec chroot "$tree" /usr/bin/env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      VIVAVOX_IN_TREE=1 bash -c '\''cd "$1" || exit 1; shift; exec "$@"'\'' bash "$directory" "$@"
  ' bash "$tree" "$PWD" "$@"
}

# enter SCRIPT ARGUMENTS...: returns where this already is Debian 13; else makes
# the tree if it is missing, and runs SCRIPT in it.
enter() {
  is_debian_13 && return 0
  if [ ! -e "$tree/.vivavox-complete" ]; then
    # shellcheck source=scripts/lib/tree.sh
    . "$repository/scripts/lib/tree.sh"
    make_tree
  fi
  run_in_tree "$@"
}

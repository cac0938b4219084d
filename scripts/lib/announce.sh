# shellcheck shell=bash source=scripts/lib/environment.sh
# shellcheck disable=SC2154 # cache comes from environment.sh
# What a newcomer is told before anything is done. Sourced after environment.sh.

needed_mb=5000

announce() {
  [ "${VIVAVOX_ANNOUNCED:-}" != 1 ] || return 0
  export VIVAVOX_ANNOUNCED=1
  local free_mb
  mkdir -p "$cache" || fail "the folder $cache cannot be made: set VIVAVOX_CACHE to one that can"
  free_mb="$(df -Pm "$cache" | awk 'NR == 2 { print $4 }')"
  [ "$free_mb" -ge "$needed_mb" ] ||
    fail "set-up needs $needed_mb MB in $cache, and $free_mb MB are free: free some, or set VIVAVOX_CACHE to a folder elsewhere"
  cat >&2 <<WORDS
Vivavox sets itself up, once for this machine:
  - a tree of Debian 13 with compilers and libraries, where this is not Debian 13
  - espeak-ng, Filament and decoders of packed avatars, and then Vivavox, built from source
About 1 GB is fetched, 3 GB are kept in $cache
(delete that folder and node_modules to be rid of it). Two cores take about six minutes.
WORDS
}

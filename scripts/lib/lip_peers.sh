# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # cache and repository come from environment.sh
# Other projects' lip-sync, which scripts/lipbench compares with: npm packages in the cache, outside
# the project's own. Sourced after environment.sh and packages.sh.

lip_peers="$cache/lip-peers-$(sha256sum <"$repository/tests/bench/lips/package.json" | cut -c1-16)"

fetch_lip_peers() {
  [ ! -e "$lip_peers/.complete" ] || return 0
  mkdir -p "$lip_peers" && cp "$repository/tests/bench/lips/package.json" "$lip_peers/" || return 1
  (cd "$lip_peers" && retry npm install --ignore-scripts --no-audit --no-fund --loglevel=error --cache "$cache/npm") || return 1
  touch "$lip_peers/.complete"
}

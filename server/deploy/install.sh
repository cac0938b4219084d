#!/bin/sh
# Installs Vivavox from this folder on Debian 13, without a network; as root.
#   ./install.sh            server and kiosk
#   ./install.sh vivavox    the server alone
# A newer folder's brings what is installed up to it.
set -eu

folder=$(cd "$(dirname "$0")" && pwd)
[ "$(id -u)" = 0 ] || { echo "install.sh: it needs root: repeat with sudo, or as root" >&2; exit 1; }
(cd "$folder" && sha256sum --quiet -c SHA256SUMS) ||
  { echo "install.sh: files of this folder are damaged or missing: copy it again" >&2; exit 1; }

lists=$(mktemp -d)
trap 'rm -rf "$lists"' EXIT
mkdir -p "$lists/lists/partial" "$lists/cache/archives/partial"
echo "deb [trusted=yes] file:$(printf '%s' "$folder" | sed 's/ /%20/g') ./" >"$lists/sources.list"

# apt with this folder as all that there is.
apt() {
  apt-get -qq -o Dir::Etc::SourceList="$lists/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State::Lists="$lists/lists" -o Dir::Cache="$lists/cache" -o APT::Sandbox::User=root \
    -o Dpkg::Use-Pty=0 "$@"
}
export DEBIAN_FRONTEND=noninteractive
apt update
[ $# -gt 0 ] || set -- vivavox vivavox-kiosk
# Settings that were changed here stay.
apt -y --no-install-recommends -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install "$@"

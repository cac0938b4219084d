# shellcheck shell=bash
# shellcheck disable=SC2154 # cache and repository come from environment.sh
# Debian packages, by the lists in scripts/lib/packages. Sourced after environment.sh.

# names_in LIST: as apt-get takes them, NAME or NAME/SUITE.
names_in() { sed -e '/^#/d' -e '/^$/d' -e 's/ .*//' "$repository/scripts/lib/packages/$1.txt"; }

stamp_of_packages() { echo "$cache/packages-$1-$(sha256sum <"$repository/scripts/lib/packages/$1.txt" | cut -c1-16)"; }

missing_packages() {
  local name
  names_in "$1" | cut -d/ -f1 | while read -r name; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || echo "$name"
  done
}

debian_mirror_inside() {
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
    grep -v '^#' | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ' || true
}

# Backports beside what is there already, once.
add_backports() {
  local list=/etc/apt/sources.list.d/vivavox.sources mirror
  [ ! -e "$list" ] || return 0
  mirror="$(debian_mirror_inside)"
  [ -n "$mirror" ] || { echo "no Debian mirror is named in /etc/apt: add one, then repeat"; return 1; }
  cat >"$list.new" <<SOURCES
Types: deb
URIs: $mirror
Suites: trixie-backports
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
  mv "$list.new" "$list"
}

update_lists() {
  local fresh
  fresh="$(find /var/lib/apt/lists -maxdepth 1 -name '*trixie-backports*Packages*' -mmin -60 2>/dev/null | head -n 1)"
  [ -n "$fresh" ] || retry apt-get update -qq
}

# install_packages LIST: what is missing of it. Prints what happens, and why it cannot go on.
install_packages() {
  local stamp missing
  stamp="$(stamp_of_packages "$1")"
  [ ! -e "$stamp" ] || return 0
  missing="$(missing_packages "$1")"
  if [ -n "$missing" ]; then
    [ "$(id -u)" = 0 ] || {
      echo "these Debian packages are missing (libcpp-httplib-dev is to come from trixie-backports): ${missing//$'\n'/ }"
      return 1
    }
    add_backports && update_lists || return 1
    # What a killed set-up left half done is finished first.
    dpkg --configure -a </dev/null || return 1
    # A script's output is no place for questions.
    # shellcheck disable=SC2046
    DEBIAN_FRONTEND=noninteractive retry apt-get install -y -qq --no-install-recommends \
      -o Dpkg::Progress-Fancy=0 -o Dpkg::Use-Pty=0 $(names_in "$1") </dev/null || return 1
    [ "${VIVAVOX_IN_TREE:-}" != 1 ] || apt-get clean
  fi
  check_versions "$1" || return 1
  rm -f "$cache/packages-$1"-*
  touch "$stamp"
}

check_versions() {
  local name version found
  while read -r name version; do
    case $name in '#'* | '') continue ;; esac
    name="${name%%/*}"
    found="$(dpkg-query -W -f '${Version}' "$name" 2>/dev/null)" || { echo "package $name could not be installed"; return 1; }
    case $found in
      "$version"*) ;;
      *) echo "package $name is $found, but $version is needed: see scripts/lib/packages/$1.txt"; return 1 ;;
    esac
  done <"$repository/scripts/lib/packages/$1.txt"
}

# source_of PACKAGE: unpacks its upstream source in the cache's sources/PACKAGE. Needs no
# root: the lists of sources are kept in the cache too.
source_of() {
  local package="$1" folder="$cache/sources/$1" apt="$cache/apt" options
  [ ! -e "$folder/.complete" ] || return 0
  mkdir -p "$apt/lists/partial" "$apt/archives/partial"
  cat >"$apt/sources.list" <<SOURCES
deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(debian_mirror_inside) trixie main
SOURCES
  options=(-qq -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt" -o APT::Sandbox::User=root)
  if [ ! -e "$apt/.updated" ]; then
    retry apt-get "${options[@]}" update || return 1
    touch "$apt/.updated"
  fi
  rm -rf "$folder" && mkdir -p "$folder" &&
    (cd "$folder" && retry apt-get source "${options[@]}" --download-only --tar-only "$package" &&
      tar --strip-components=1 -xf ./*.orig.tar.* && rm -f ./*.orig.tar.*) &&
    touch "$folder/.complete"
}

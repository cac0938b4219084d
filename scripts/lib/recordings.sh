# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # cache comes from environment.sh
# People's recordings with their texts, and what they are compared with: Debian's packages,
# unpacked in the cache and not installed. Sourced after environment.sh and packages.sh.

recordings="$cache/recordings"

recording_packages=(flite pocketsphinx pocketsphinx-en-us)
for language in en es fr it ru; do
  recording_packages+=("asterisk-core-sounds-$language" "asterisk-core-sounds-$language-g722")
done

fetch_recordings() {
  [ ! -e "$recordings/.complete" ] || return 0
  rm -rf "$recordings" && mkdir -p "$recordings/debs" || return 1
  (cd "$recordings/debs" && retry apt-get download -qq "${recording_packages[@]}") || return 1
  local package
  for package in "$recordings/debs"/*.deb; do
    dpkg -x "$package" "$recordings" || return 1
  done
  rm -rf "$recordings/debs"
  touch "$recordings/.complete"
}

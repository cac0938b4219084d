# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # cache comes from environment.sh
# People's recordings with their texts, and what they are compared with: Debian's packages,
# unpacked in the cache and not installed. Sourced after environment.sh and packages.sh.

recordings="$cache/recordings"

recording_packages=(flite pocketsphinx pocketsphinx-en-us)
for language in en es fr it ru; do
  recording_packages+=("asterisk-core-sounds-$language" "asterisk-core-sounds-$language-g722")
done

# More people, and texts for voices to read.
ear_recording_packages=(tuxpaint-stamps-default fortunes fortunes-min)
for language in br cs de es it pl ru; do ear_recording_packages+=("fortunes-$language"); done

fetch_recordings() {
  [ ! -e "$recordings/.complete" ] || return 0
  rm -rf "$recordings"
  unpack_recordings "${recording_packages[@]}" && touch "$recordings/.complete"
}

fetch_ear_recordings() {
  [ -e "$recordings/.ear-complete" ] ||
    { unpack_recordings "${ear_recording_packages[@]}" && touch "$recordings/.ear-complete"; }
}

# unpack_recordings PACKAGE...
unpack_recordings() {
  local package
  mkdir -p "$recordings/debs" || return 1
  (cd "$recordings/debs" && retry apt-get download -qq "$@") || return 1
  for package in "$recordings/debs"/*.deb; do
    dpkg -x "$package" "$recordings" || return 1
  done
  rm -rf "$recordings/debs"
}

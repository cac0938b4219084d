#include "engine/speech/espeak_voices.h"

#include <algorithm>
#include <ranges>

namespace vivavox {

namespace {

constexpr std::string_view espeak_prefix = "espeak:";

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_') c = '-';
  }
  return lower;
}

const EspeakVoice* by_language(std::string_view language) {
  const auto found = std::ranges::find(espeak_voices(), language, &EspeakVoice::language);
  return found == espeak_voices().end() ? nullptr : &*found;
}

/// Languages that share their first two letters with what was asked for.
std::string alike(std::string_view language) {
  std::string list;
  for (const EspeakVoice& voice : espeak_voices()) {
    if (voice.language.substr(0, 2) != language.substr(0, 2)) continue;
    list += (list.empty() ? "" : ", ") + std::string(voice.language);
  }
  return list.empty() ? "try espeak:en-us" : "there are: " + list;
}

}  // namespace

Result<EspeakVoice> find_espeak_voice(std::string_view language) {
  const std::string wanted = lower_case(language);
  if (const EspeakVoice* voice = by_language(wanted)) return *voice;
  const auto alias = std::ranges::find(espeak_aliases(), wanted, &EspeakAlias::alias);
  if (alias != espeak_aliases().end()) return *by_language(alias->language);
  return fail(ErrorCode::unknown_voice,
              "espeak-ng has no language \"" + std::string(language) + "\"; " + alike(wanted));
}

Result<EspeakVoice> find_voice(std::string_view voice) {
  if (!voice.starts_with(espeak_prefix)) {
    return fail(ErrorCode::unknown_voice, "there is no voice \"" + std::string(voice) +
                                              "\"; a voice is espeak:LANGUAGE, e.g. espeak:en-us, "
                                              "or a Piper voice's .onnx file");
  }
  return find_espeak_voice(voice.substr(espeak_prefix.size()));
}

std::vector<std::string> dictionaries(const EspeakVoice& voice) {
  std::vector<std::string> names;
  for (const auto name : std::views::split(voice.dictionaries, ' ')) {
    names.emplace_back(std::string_view(name));
  }
  return names;
}

std::vector<std::string> data_files(const EspeakVoice& voice) {
  std::vector<std::string> files = {"phontab", "phonindex", "phondata", "intonations",
                                    "lang/" + std::string(voice.file)};
  for (const std::string& name : dictionaries(voice)) files.push_back(name + "_dict");
  return files;
}

}  // namespace vivavox

// The voices of espeak-ng by name, and the data files that each needs.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"

namespace vivavox {

/// A language that espeak-ng speaks.
struct EspeakVoice {
  std::string_view language;      ///< espeak-ng's identifier, e.g. "en-us"
  std::string_view name;          ///< for people, e.g. "English (America)"
  std::string_view file;          ///< voice file below lang/, e.g. "gmw/en-US"
  std::string_view dictionaries;  ///< own first, then those of foreign words; by spaces
};

/// Another name of a language: "fr" is "fr-fr".
struct EspeakAlias {
  std::string_view alias;
  std::string_view language;
};

/// All voices, by language.
std::span<const EspeakVoice> espeak_voices();
std::span<const EspeakAlias> espeak_aliases();

/// The voice of a language, whatever its case or alias ("en-US", "zh").
/// Errors: unknown_voice, naming languages that are alike.
Result<EspeakVoice> find_espeak_voice(std::string_view language);

/// The language of "espeak:en-us". Errors: unknown_voice.
Result<EspeakVoice> find_voice(std::string_view voice);

std::vector<std::string> dictionaries(const EspeakVoice& voice);

/// Paths below espeak-ng's data folder of all files that speaking needs.
std::vector<std::string> data_files(const EspeakVoice& voice);

}  // namespace vivavox

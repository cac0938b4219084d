// A Piper voice's settings: the .onnx.json beside its model.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"
#include "engine/speech/espeak_voices.h"

namespace vivavox {

/// What a voice's symbols stand for.
enum class PhonemeType : std::uint8_t {
  espeak,  ///< code points of espeak-ng's IPA
  text,    ///< the text's own characters
};

struct PiperConfig {
  std::int32_t sample_rate_hz = 22050;
  std::int32_t hop_length_samples = 256;  ///< samples of one frame
  EspeakVoice espeak_voice;
  PhonemeType phoneme_type = PhonemeType::espeak;
  /// Symbols that stand for others, before ids are looked up.
  std::map<char32_t, std::u32string> phoneme_map;
  std::map<char32_t, std::vector<std::int64_t>> phoneme_ids;
  std::int32_t num_speakers = 1;
  std::map<std::string, std::int32_t> speakers;  ///< names, if they have any
  double noise_scale = 0.667;
  double length_scale = 1;
  double noise_w = 0.8;
};

/// Reads a voice's settings. Errors: invalid_voice, naming the member that is
/// missing or wrong.
Result<PiperConfig> piper_config_from_json(std::string_view text);

/// Ids of "_" (pad), "^" (begin) and "$" (end), and of a text's symbols.
struct PhonemeIds {
  std::vector<std::int64_t> ids;
  std::vector<std::int32_t> symbol_of_id;  ///< index into the symbols; −1 begin, −2 end
  std::u32string unknown;                  ///< symbols that the voice has no id for, once each
};

/// Piper's scheme: begin, every symbol's ids, end, and a pad after each but the
/// end; a pad belongs to the symbol before it. Unknown symbols are skipped.
PhonemeIds phoneme_ids(const PiperConfig& config, std::u32string_view symbols);

}  // namespace vivavox

#include "engine/align/align.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "engine/align/confidence.h"
#include "engine/align/placement.h"
#include "engine/align/way.h"
#include "engine/prosody/delivery.h"

namespace vivavox {

namespace {

constexpr double least_confidence = 0.5;
/// Of the words; beyond, the text is another one.
constexpr double most_left_out = 0.4;

Result<void> check_length(const SoundLevels& sound) {
  const auto length = static_cast<double>(sound.length_samples());
  if (length > 0 && length <= longest_aligned_s * sound.sample_rate_hz()) return {};
  return fail(ErrorCode::invalid_audio, "a recording to align has up to " +
                                            std::to_string(static_cast<int>(longest_aligned_s)) +
                                            " s, and is not empty");
}

/// Of the levels only the voice is left.
Result<Features> hear(SoundLevels& sound) {
  if (auto checked = check_length(sound); !checked) return std::unexpected(checked.error());
  Features features(sound.frames());
  sound.drop_frames();
  if (features.loud_frames() > 0) return features;
  return fail(ErrorCode::invalid_audio, "nothing can be heard in the recording");
}

/// On one line.
std::string with_spaces(std::string text) {
  std::ranges::replace_if(text, [](char byte) { return byte == '\n' || byte == '\r'; }, ' ');
  return text;
}

/// The words between two moments as they are written, the middle of many left out.
std::string words_between(const Timeline& timeline, double from_s, double to_s) {
  constexpr std::size_t most_bytes = 60, kept_bytes = 24;
  const Word *first = nullptr, *last = nullptr;
  for (const Word& word : timeline.words) {
    const double start_s = timeline.seconds(word.start_samples);
    if (start_s < from_s || start_s >= to_s) continue;
    if (!first) first = &word;
    last = &word;
  }
  if (!first) return "";
  std::string text = timeline.text.substr(first->begin_bytes, last->end_bytes - first->begin_bytes);
  if (text.size() <= most_bytes) return text;
  const std::size_t head = text.rfind(' ', kept_bytes);
  const std::size_t tail = text.find(' ', text.size() - kept_bytes);
  if (head == text.npos || tail == text.npos || head >= tail) return text;
  return text.substr(0, head) + " …" + text.substr(tail);
}

/// With one decimal.
std::string in_tenths(double value) {
  const long tenths = std::lround(value * 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::unexpected<Error> mismatch(const Timeline& timeline, double from_s, double to_s) {
  return fail(ErrorCode::text_mismatch,
              "the recording does not say the text from " + in_tenths(from_s) + " to " +
                  in_tenths(to_s) + " s (\"" + with_spaces(words_between(timeline, from_s, to_s)) +
                  "\"): send what is said in it, or leave the text out");
}

/// How the phones of the chain sound, in the reading and of people.
Result<SoundModel> model_of(const Chain& chain, const Timeline& reading, SoundLevels read) {
  const auto features = hear(read);
  if (!features) return std::unexpected(features.error());
  return model_of_reading(chain, reading, *features, phone_sounds());
}

}  // namespace

Result<Alignment> align(const Timeline& reading, SoundLevels read, SoundLevels said_levels) {
  const Chain chain = chain_of(reading);
  auto model = model_of(chain, reading, std::move(read));
  if (!model) return std::unexpected(model.error());
  const auto said = hear(said_levels);
  if (!said) return std::unexpected(said.error());
  model->pause = pause_of(*said);
  const Way way = find_way(chain, *model, *said);
  Placement placement = placed(reading, chain, way.states, said_levels.sample_rate_hz(),
                               said_levels.length_samples());

  const double whole_s = placement.timeline.duration_s();
  const std::vector<float> gains = advantages(chain, *model, *said, way);
  const double confidence = confidence_of(gains);
  const auto left_out = static_cast<double>(placement.left_out.size());
  if (confidence < least_confidence ||
      left_out > most_left_out * static_cast<double>(reading.words.size())) {
    return mismatch(placement.timeline, 0, whole_s);
  }
  constexpr double frame_s = double(hop_length_samples) / spectrum_hz;
  if (const auto stretch = unlike_stretch(chain, way, gains)) {
    return mismatch(placement.timeline, double(stretch->begin) * frame_s,
                    double(stretch->end) * frame_s);
  }
  UsualVoice().describe(placement.timeline, said_levels.voice());
  return Alignment{std::move(placement.timeline), confidence, std::move(placement.left_out),
                   std::move(placement.repeated)};
}

}  // namespace vivavox

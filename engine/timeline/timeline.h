// What was said, and when: the value that speech hands to the face.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/timeline/mouth.h"

namespace vivavox {

enum class Stress : std::uint8_t { none, secondary, primary };

/// Where the times come from. `exact`: the synthesiser's own durations.
/// `estimated`: a duration model spread over the known length of the sound.
enum class Timing : std::uint8_t { exact, estimated };

/// How a vowel is said, beside what is usual in the speech around it; 0: as usual, not known, or
/// no vowel: a syllable's loudness and pitch are its vowel's.
struct Delivery {
  std::int16_t loudness_db = 0;
  std::int16_t pitch_cents = 0;  ///< hundredths of a semitone

  bool operator==(const Delivery&) const = default;
};

/// One speech sound, or a pause. Times are samples at Timeline::sample_rate_hz
/// from the start of the Timeline; phones are contiguous and in order.
struct Phone {
  std::string ipa;  ///< UTF-8, without stress marks; empty is a pause
  Stress stress = Stress::none;
  std::int64_t start_samples = 0;
  std::int64_t end_samples = 0;
  std::int32_t word = -1;  ///< index into Timeline::words, or -1 (pauses)
  Delivery delivery = {};

  bool operator==(const Phone&) const = default;
};

/// One word of the source text as it is written there ("100", "Dr.").
struct Word {
  std::uint32_t begin_bytes = 0;  ///< offset into Timeline::text (UTF-8)
  std::uint32_t end_bytes = 0;    ///< one past the last byte
  std::int64_t start_samples = 0;
  std::int64_t end_samples = 0;

  bool operator==(const Word&) const = default;
};

/// A spoken text. A clause's Timeline holds the whole source text, so that
/// offsets stay true, and times from the clause's own start.
struct Timeline {
  std::string text;
  std::string voice;     ///< e.g. "espeak:en-us"
  std::string language;  ///< BCP 47, as the voice names it
  std::int32_t sample_rate_hz = 22050;
  std::int64_t length_samples = 0;
  Timing timing = Timing::exact;
  std::vector<Word> words;
  std::vector<Phone> phones;
  /// The mouth itself where it was heard, in order of time: there the phones move no mouth.
  std::vector<MouthMoment> mouth;

  double seconds(std::int64_t samples) const {
    return static_cast<double>(samples) / sample_rate_hz;
  }
  double duration_s() const { return seconds(length_samples); }

  bool operator==(const Timeline&) const = default;
};

/// Appends a later clause of the same voice: its times move by the length so
/// far. A clause that holds another text than the Timeline's, its own alone,
/// brings it along. Estimated timing anywhere marks the whole.
void append(Timeline& timeline, const Timeline& clause);

/// What a stretch says that was only heard so far, known now: between the two times its phones take
/// the place of those that are there, and of the mouth that was heard.
/// `known` begins at start_samples of the Timeline, at the same rate; what of it lies before
/// from_samples, or after the Timeline's end, is left out.
void revise(Timeline& timeline, const Timeline& known, std::int64_t start_samples,
            std::int64_t from_samples);

/// The Timeline as one line of JSON, byte for byte the same on every platform.
/// Times are seconds with six decimals; `begin` and `end` of a word are UTF-16
/// code units, so that JavaScript's `text.slice(begin, end)` is the word. A phone's
/// `loudness_db` and `pitch_cents` are left out where they are 0. `mouth`, where it was heard, is
/// rows of a time and the channels in hundredths.
std::string to_json(const Timeline& timeline);

/// Reads what to_json wrote (times return to the nearest sample).
/// Errors: invalid_json, naming the member that is missing or wrong.
Result<Timeline> timeline_from_json(std::string_view json);

}  // namespace vivavox

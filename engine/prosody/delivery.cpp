#include "engine/prosody/delivery.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/phonetics/articulation.h"

namespace vivavox {

namespace {

/// How much of what was heard of vowels counts beside what is heard now.
constexpr double remembered_s = 4;
/// Stretches end at pauses of this length.
constexpr double stretch_pause_s = 0.2;
constexpr double most_loudness_db = 30, most_pitch_cents = 2400;
constexpr double cents_step = 50;

/// How one vowel sounds.
struct Sounding {
  double duration_s = 0;
  double level_db = 0;
  double pitch_octaves = 0;  ///< above 1 Hz
  bool is_voiced = false;
};

std::span<const VoiceFrame> frames_of(const Phone& phone, const Timeline& timeline,
                                      std::span<const VoiceFrame> frames) {
  const auto frame_at = [&](std::int64_t samples) {
    const auto frame = std::lround(timeline.seconds(samples) * voice_frames_per_s);
    return std::clamp<std::ptrdiff_t>(frame, 0, std::ssize(frames));
  };
  const std::ptrdiff_t from = frame_at(phone.start_samples), to = frame_at(phone.end_samples);
  return frames.subspan(std::size_t(from), std::size_t(std::max<std::ptrdiff_t>(0, to - from)));
}

/// Its loudness is that of its louder half, so that a late boundary does not make it quiet; its
/// pitch is the median.
Sounding sounding(std::span<const VoiceFrame> frames) {
  Sounding result{.duration_s = double(frames.size()) / voice_frames_per_s};
  if (frames.empty()) return result;
  std::vector<double> levels_db, octaves;
  for (const VoiceFrame& frame : frames) {
    levels_db.push_back(double(frame.level_db));
    if (frame.pitch_hz > 0) octaves.push_back(std::log2(double(frame.pitch_hz)));
  }
  std::ranges::sort(levels_db);
  const std::size_t half = (levels_db.size() + 1) / 2;
  for (std::size_t i = levels_db.size() - half; i < levels_db.size(); ++i) {
    result.level_db += levels_db[i] / double(half);
  }
  result.is_voiced = 2 * octaves.size() >= frames.size();
  std::ranges::sort(octaves);
  if (result.is_voiced) result.pitch_octaves = octaves[octaves.size() / 2];
  return result;
}

bool is_vowel(const Phone& phone) {
  const Articulations parsed = parse_ipa(phone.ipa);
  return !parsed.sequence.empty() && is_vowel(parsed.sequence.front());
}

/// A mean that forgets.
void remember(double& mean, double& weight_s, double heard, double heard_s) {
  if (heard_s <= 0) return;
  mean = (mean * weight_s + heard * heard_s) / (weight_s + heard_s);
  weight_s = std::min(weight_s + heard_s, remembered_s);
}

std::int16_t in_steps(double value, double most, double step) {
  return static_cast<std::int16_t>(std::round(std::clamp(value, -most, most) / step) * step);
}

}  // namespace

void UsualVoice::describe(Timeline& timeline, const VoiceTrack& sound) {
  const std::span<Phone> phones = timeline.phones;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < phones.size(); ++i) {
    const bool pauses =
        phones[i].ipa.empty() &&
        timeline.seconds(phones[i].end_samples - phones[i].start_samples) >= stretch_pause_s;
    if (!pauses && i + 1 < phones.size()) continue;
    describe_stretch(phones.subspan(begin, i + 1 - begin), timeline, sound.frames());
    begin = i + 1;
  }
}

void UsualVoice::describe_stretch(std::span<Phone> phones, const Timeline& timeline,
                                  std::span<const VoiceFrame> frames) {
  std::vector<std::pair<Phone*, Sounding>> vowels;
  double level_db = 0, octaves = 0, heard_s = 0, voiced_s = 0;
  for (Phone& phone : phones) {
    if (!is_vowel(phone)) continue;
    const Sounding one = sounding(frames_of(phone, timeline, frames));
    if (one.duration_s == 0) continue;
    vowels.emplace_back(&phone, one);
    level_db += one.duration_s * one.level_db;
    heard_s += one.duration_s;
    if (!one.is_voiced) continue;
    octaves += one.duration_s * one.pitch_octaves;
    voiced_s += one.duration_s;
  }
  remember(level_db_, level_weight_s_, level_db / std::max(heard_s, 1e-9), heard_s);
  remember(pitch_octaves_, pitch_weight_s_, octaves / std::max(voiced_s, 1e-9), voiced_s);
  for (const auto& [phone, one] : vowels) {
    phone->delivery.loudness_db = in_steps(one.level_db - level_db_, most_loudness_db, 1);
    if (!one.is_voiced) continue;
    constexpr double cents_per_octave = 1200;
    phone->delivery.pitch_cents = in_steps(cents_per_octave * (one.pitch_octaves - pitch_octaves_),
                                           most_pitch_cents, cents_step);
  }
}

}  // namespace vivavox

#include "engine/align/loudness_timeline.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/align/resample.h"
#include "engine/align/spectrum.h"

namespace vivavox {

namespace {

constexpr float dip_db = 2.5F;             ///< between two syllables
constexpr std::size_t least_syllable = 9;  ///< frames
constexpr std::size_t least_pause = 12;

std::vector<float> smoothed(const std::vector<float>& levels) {
  std::vector<float> smooth(levels.size());
  for (std::size_t i = 0; i < levels.size(); ++i) {
    float sum = 0, weights = 0;
    for (std::ptrdiff_t k = -3; k <= 3; ++k) {
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(i) + k;
      if (at < 0 || at >= std::ssize(levels)) continue;
      const float weight = 4.0F - static_cast<float>(std::abs(k));
      sum += weight * levels[static_cast<std::size_t>(at)];
      weights += weight;
    }
    smooth[i] = sum / weights;
  }
  return smooth;
}

/// Frames [begin, end).
struct Span {
  std::size_t begin = 0, end = 0;
};

/// Where something is heard; short silences (closures of stops) are bridged.
std::vector<Span> loud_spans(const std::vector<float>& levels, float threshold_db) {
  std::vector<Span> spans;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (levels[i] <= threshold_db) continue;
    if (!spans.empty() && i < spans.back().end + least_pause) {
      spans.back().end = i + 1;
    } else {
      spans.push_back({i, i + 1});
    }
  }
  return spans;
}

/// Cuts a span at the dips between its peaks.
std::vector<Span> syllables(const std::vector<float>& levels, Span span) {
  std::vector<Span> cut;
  std::size_t begin = span.begin, lowest = span.begin;
  float peak_db = levels[span.begin], lowest_db = peak_db;
  for (std::size_t i = span.begin; i < span.end; ++i) {
    if (levels[i] < lowest_db) {
      lowest_db = levels[i];
      lowest = i;
    }
    const bool rose = levels[i] > lowest_db + dip_db, fell = lowest_db < peak_db - dip_db;
    if (rose && fell && lowest >= begin + least_syllable && span.end - lowest >= least_syllable) {
      cut.push_back({begin, lowest});
      begin = lowest;
      peak_db = levels[i];
      lowest_db = levels[i];
      lowest = i;
    } else if (levels[i] > peak_db) {
      peak_db = lowest_db = levels[i];
      lowest = i;
    }
  }
  cut.push_back({begin, span.end});
  return cut;
}

/// The power's centre within a band.
double centroid_hz(const PowerSpectrum& spectrum, double from_hz, double to_hz) {
  double sum = 0, weighted = 0;
  for (auto bin = static_cast<std::size_t>(from_hz / bin_hz); double(bin) * bin_hz < to_hz; ++bin) {
    sum += spectrum[bin];
    weighted += spectrum[bin] * static_cast<double>(bin) * bin_hz;
  }
  return sum > 0 ? weighted / sum : from_hz;
}

PowerSpectrum mean_of(const std::vector<PowerSpectrum>& spectra, Span span) {
  PowerSpectrum mean{};
  for (std::size_t frame = span.begin; frame < span.end; ++frame) {
    for (std::size_t bin = 0; bin < mean.size(); ++bin) mean[bin] += spectra[frame][bin];
  }
  return mean;
}

struct Vowel {
  const char* ipa;
  double first_hz, second_hz;  ///< formants
};
/// Hillenbrand et al., "Acoustic characteristics of American English vowels",
/// 1995: means of men and women, rounded.
constexpr std::array vowels{Vowel{"i", 390, 2550}, Vowel{"ɛ", 650, 1930}, Vowel{"ɑ", 850, 1430},
                            Vowel{"o", 530, 970}, Vowel{"u", 420, 1050}};

std::string vowel_of(const PowerSpectrum& spectrum) {
  const double first = centroid_hz(spectrum, 200, 1000);
  const double second = centroid_hz(spectrum, 900, 3200);
  return std::ranges::min_element(vowels, {},
                                  [&](const Vowel& vowel) {
                                    return std::abs(std::log(first / vowel.first_hz)) +
                                           std::abs(std::log(second / vowel.second_hz));
                                  })
      ->ipa;
}

std::string consonant_of(const PowerSpectrum& spectrum) {
  constexpr double hiss_hz = 3000;
  return centroid_hz(spectrum, 100, 7500) > hiss_hz ? "s" : "d";
}

}  // namespace

Result<void> check_followed(const Recording& recording) {
  const auto length = static_cast<double>(recording.samples.size());
  if (length > 0 && recording.sample_rate_hz > 0 &&
      length <= longest_followed_s * recording.sample_rate_hz) {
    return {};
  }
  return fail(ErrorCode::invalid_audio,
              "a recording of unknown words has up to 600 s, and is not empty");
}

Result<Timeline> loudness_timeline(const Recording& recording) {
  if (auto checked = check_followed(recording); !checked) return std::unexpected(checked.error());
  const std::vector<float> sound =
      resampled(recording.samples, recording.sample_rate_hz, spectrum_hz);
  const std::vector<float> levels = smoothed(levels_db(sound));
  const std::vector<PowerSpectrum> spectra = power_spectra(sound);
  constexpr float least_db = -60;
  const float threshold_db = std::max(least_db, silence_threshold_db(levels));

  Timeline timeline{.sample_rate_hz = recording.sample_rate_hz,
                    .length_samples = std::ssize(recording.samples),
                    .timing = Timing::estimated};
  std::int64_t at = 0;
  const auto add = [&](std::string ipa, std::int64_t end) {
    end = std::clamp(end, at, timeline.length_samples);
    if (end > at) {
      timeline.phones.push_back({.ipa = std::move(ipa), .start_samples = at, .end_samples = end});
    }
    at = end;
  };
  const auto samples_at = [&](std::size_t frame) {
    return static_cast<std::int64_t>(frame) * hop_length_samples * recording.sample_rate_hz /
           spectrum_hz;
  };
  for (const Span& span : loud_spans(levels, threshold_db)) {
    add("", samples_at(span.begin));
    for (const Span& syllable : syllables(levels, span)) {
      const std::size_t onset = syllable.begin + (syllable.end - syllable.begin) * 3 / 10;
      add(consonant_of(mean_of(spectra, {syllable.begin, onset})), samples_at(onset));
      add(vowel_of(mean_of(spectra, {onset, syllable.end})), samples_at(syllable.end));
    }
  }
  add("", timeline.length_samples);
  return timeline;
}

}  // namespace vivavox

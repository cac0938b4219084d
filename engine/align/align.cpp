#include "engine/align/align.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/align/resample.h"
#include "engine/align/spectrum.h"

namespace vivavox {

namespace {

/// The heard part of a sound as frames.
struct Heard {
  std::size_t first = 0;  ///< frame of the whole sound
  std::vector<Cepstrum> frames;
};

Result<Heard> hear(std::span<const float> samples, std::int32_t sample_rate_hz) {
  constexpr float least_db = -70;
  const std::vector<float> sound = resampled(samples, sample_rate_hz, spectrum_hz);
  const std::vector<float> levels = levels_db(sound);
  const float threshold_db = std::max(least_db, silence_threshold_db(levels));
  const auto is_heard = [&](float level_db) { return level_db > threshold_db; };
  const auto first = std::ranges::find_if(levels, is_heard);
  if (first == levels.end()) {
    return fail(ErrorCode::invalid_audio, "nothing can be heard in the recording");
  }
  auto last = levels.end();
  while (!is_heard(*std::prev(last))) --last;
  const std::vector<PowerSpectrum> spectra = power_spectra(sound);
  const auto from = static_cast<std::size_t>(first - levels.begin());
  const auto count = static_cast<std::size_t>(last - first);
  return Heard{from, cepstra(std::span(spectra).subspan(from, count))};
}

float distance(const Cepstrum& a, const Cepstrum& b) {
  float sum = 0;
  // The first coefficient is loudness, which differs most between speakers.
  for (std::size_t k = 0; k < cepstrum_size; ++k) {
    const float difference = a[k] - b[k];
    sum += (k == 0 ? 0.5F : 1.0F) * difference * difference;
  }
  return std::sqrt(sum);
}

enum class Step : std::uint8_t { both, reference, recording };

/// For each frame of the reference the middle of the recording's frames that it
/// was matched with.
struct Path {
  std::vector<double> frames;
  double mean_distance = 0;
};

class Warping {
 public:
  Warping(const std::vector<Cepstrum>& reference, const std::vector<Cepstrum>& recording)
      : reference_(reference), recording_(recording) {
    const auto rows = std::ssize(reference_), columns = std::ssize(recording_);
    half_band_ = std::clamp<std::ptrdiff_t>(std::max(rows, columns) / 5, 60, 800);
    // The band's centre moves by more than one column a row for longer recordings.
    half_band_ += columns / std::max<std::ptrdiff_t>(1, rows) + 1;
    steps_.resize(static_cast<std::size_t>(rows * width()));
  }

  Path find() {
    accumulate();
    return trace_back();
  }

 private:
  std::ptrdiff_t width() const { return 2 * half_band_ + 1; }
  std::ptrdiff_t centre(std::ptrdiff_t row) const {
    return row * std::ssize(recording_) / std::ssize(reference_);
  }
  Step& step(std::ptrdiff_t row, std::ptrdiff_t column) {
    return steps_[static_cast<std::size_t>(row * width() + column - centre(row) + half_band_)];
  }
  float local(std::ptrdiff_t row, std::ptrdiff_t column) const {
    return distance(reference_[std::size_t(row)], recording_[std::size_t(column)]);
  }

  void accumulate() {
    constexpr float never = std::numeric_limits<float>::infinity();
    const auto columns = std::ssize(recording_);
    std::vector<float> above(static_cast<std::size_t>(columns) + 1, never), row_costs(above);
    for (std::ptrdiff_t row = 0; row < std::ssize(reference_); ++row) {
      const std::ptrdiff_t from = std::max<std::ptrdiff_t>(0, centre(row) - half_band_);
      const std::ptrdiff_t to = std::min(columns - 1, centre(row) + half_band_);
      std::ranges::fill(row_costs, never);
      for (std::ptrdiff_t column = from; column <= to; ++column) {
        const auto at = static_cast<std::size_t>(column);
        const float cost = local(row, column);
        // Twice the cost on the diagonal: all paths then have the same weight.
        float best = row == 0 && column == 0 ? 0 : column > 0 ? above[at - 1] + 2 * cost : never;
        Step chosen = Step::both;
        if (above[at] + cost < best) {
          best = above[at] + cost;
          chosen = Step::reference;
        }
        if (column > 0 && row_costs[at - 1] + cost < best) {
          best = row_costs[at - 1] + cost;
          chosen = Step::recording;
        }
        row_costs[at] = best;
        step(row, column) = chosen;
      }
      std::swap(above, row_costs);
    }
  }

  Path trace_back() {
    Path path;
    std::ptrdiff_t row = std::ssize(reference_) - 1, column = std::ssize(recording_) - 1;
    path.frames.resize(reference_.size());
    std::vector<std::ptrdiff_t> firsts(reference_.size()), lasts(reference_.size(), -1);
    std::size_t count = 0;
    while (true) {
      const auto at = static_cast<std::size_t>(row);
      if (lasts[at] < 0) lasts[at] = column;
      firsts[at] = column;
      path.mean_distance += local(row, column);
      ++count;
      if (row == 0 && column == 0) break;
      const Step back = step(row, column);
      if (back != Step::recording && row > 0) --row;
      if (back != Step::reference && column > 0) --column;
    }
    path.mean_distance /= static_cast<double>(count);
    for (std::size_t i = 0; i < path.frames.size(); ++i) {
      path.frames[i] = static_cast<double>(firsts[i] + lasts[i]) / 2;
    }
    return path;
  }

  const std::vector<Cepstrum>& reference_;
  const std::vector<Cepstrum>& recording_;
  std::ptrdiff_t half_band_ = 0;
  std::vector<Step> steps_;
};

/// The distance of frames that have nothing to do with each other.
double chance_distance(const std::vector<Cepstrum>& a, const std::vector<Cepstrum>& b) {
  constexpr std::size_t samples = 2000;
  double sum = 0;
  for (std::size_t i = 0; i < samples; ++i) {
    sum += distance(a[i * 7919 % a.size()], b[(i * 104729 + 17) % b.size()]);
  }
  return sum / samples;
}

/// Times of the reference as times of the recording.
class Clock {
 public:
  Clock(const Heard& reference, const Heard& recording, const Path& path, double recording_s)
      : reference_first_(double(reference.first)),
        recording_first_(double(recording.first)),
        recording_frames_(double(recording.frames.size())),
        recording_s_(recording_s),
        path_(path) {}

  double map(double reference_s) const {
    const double frame = reference_s / frame_s - reference_first_ - 0.5;
    const auto count = static_cast<double>(path_.frames.size());
    double mapped = 0;
    if (frame <= 0) {
      // Too quiet to be heard: as long before the first sound as in the reading.
      mapped = frame < -0.5 ? frame + 0.5 : 2 * (frame + 0.5) * (path_.frames.front() + 0.5);
    } else if (frame >= count - 1) {
      const double past = 2 * (frame - (count - 1));
      const double rest = recording_frames_ - path_.frames.back() - 0.5;
      mapped = past > 1 ? recording_frames_ + frame - count + 0.5
                        : path_.frames.back() + 0.5 + past * rest;
    } else {
      const auto below = static_cast<std::size_t>(frame);
      const double share = frame - static_cast<double>(below);
      mapped = 0.5 + path_.frames[below] * (1 - share) + path_.frames[below + 1] * share;
    }
    return std::clamp((recording_first_ + mapped) * frame_s, 0.0, recording_s_);
  }

 private:
  static constexpr double frame_s = double(hop_length_samples) / spectrum_hz;
  double reference_first_, recording_first_, recording_frames_, recording_s_;
  const Path& path_;
};

/// The reference with its times carried over, and pauses where the recording is
/// silent before and after.
Timeline carried_over(const Timeline& reference, const Clock& clock, const Recording& recording) {
  Timeline timeline = reference;
  timeline.sample_rate_hz = recording.sample_rate_hz;
  timeline.length_samples = std::ssize(recording.samples);
  timeline.timing = Timing::estimated;
  const auto carry = [&](std::int64_t& at) {
    at = std::min<std::int64_t>(
        timeline.length_samples,
        std::llround(clock.map(reference.seconds(at)) * recording.sample_rate_hz));
  };
  for (Phone& phone : timeline.phones) {
    carry(phone.start_samples);
    carry(phone.end_samples);
  }
  for (Word& word : timeline.words) {
    carry(word.start_samples);
    carry(word.end_samples);
  }
  auto& phones = timeline.phones;
  if (!phones.empty() && phones.front().ipa.empty()) phones.front().start_samples = 0;
  if (!phones.empty() && phones.back().ipa.empty()) {
    phones.back().end_samples = timeline.length_samples;
  }
  if (phones.empty() || phones.front().start_samples > 0) {
    const std::int64_t end =
        phones.empty() ? timeline.length_samples : phones.front().start_samples;
    phones.insert(phones.begin(), Phone{.ipa = {}, .start_samples = 0, .end_samples = end});
  }
  if (phones.back().end_samples < timeline.length_samples) {
    phones.push_back({.ipa = {},
                      .start_samples = phones.back().end_samples,
                      .end_samples = timeline.length_samples});
  }
  return timeline;
}

Result<void> check_length(std::size_t samples, std::int32_t sample_rate_hz) {
  if (samples > 0 && sample_rate_hz > 0 &&
      static_cast<double>(samples) <= longest_aligned_s * sample_rate_hz) {
    return {};
  }
  return fail(ErrorCode::invalid_audio, "a recording to align has up to 600 s, and is not empty");
}

}  // namespace

Result<Alignment> align(const Timeline& reference, std::span<const float> reference_samples,
                        const Recording& recording) {
  for (auto checked : {check_length(reference_samples.size(), reference.sample_rate_hz),
                       check_length(recording.samples.size(), recording.sample_rate_hz)}) {
    if (!checked) return std::unexpected(checked.error());
  }
  const auto read = hear(reference_samples, reference.sample_rate_hz);
  if (!read) return std::unexpected(read.error());
  const auto said = hear(recording.samples, recording.sample_rate_hz);
  if (!said) return std::unexpected(said.error());
  const Path path = Warping(read->frames, said->frames).find();
  const double recording_s =
      static_cast<double>(recording.samples.size()) / recording.sample_rate_hz;
  const double chance = chance_distance(read->frames, said->frames);
  return Alignment{carried_over(reference, Clock(*read, *said, path, recording_s), recording),
                   chance > 0 ? std::clamp(1 - path.mean_distance / chance, 0.0, 1.0) : 0};
}

}  // namespace vivavox

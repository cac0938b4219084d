#include "engine/align/spectrum_stream.h"

#include <algorithm>
#include <numeric>

namespace vivavox {

namespace {

/// From a frame's first sample to the end of its window.
constexpr std::int64_t window_end_samples = (hop_length_samples + window_samples) / 2;

template <class Value>
void drop_front(std::vector<Value>& values, std::int64_t count) {
  const auto most = static_cast<std::int64_t>(values.size());
  values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(std::min(count, most)));
}

}  // namespace

SpectrumStream::SpectrumStream(std::int32_t sample_rate_hz)
    : resampler_(sample_rate_hz, spectrum_hz) {
  const std::int32_t common = std::gcd(sample_rate_hz, spectrum_hz);
  period_in_ = sample_rate_hz / common;
  period_out_ = spectrum_hz / common;
}

void SpectrumStream::push(std::span<const float> samples, const SpectrumReceiver& receive) {
  constexpr std::size_t most_samples = 1 << 16;
  for (; samples.size() > most_samples; samples = samples.subspan(most_samples)) {
    push(samples.first(most_samples), receive);
  }
  given_.insert(given_.end(), samples.begin(), samples.end());
  // What the filters reach from waits for its neighbours.
  const std::int64_t certain = given_from_ + std::ssize(given_) - resampler_.reach_samples();
  extend_sound(std::max<std::int64_t>(0, certain) * period_out_ / period_in_);
  take_frames(receive);
}

void SpectrumStream::finish(const SpectrumReceiver& receive) {
  extend_sound(given_from_ / period_in_ * period_out_ +
               static_cast<std::int64_t>(resampler_.size_of(given_.size())));
  const std::size_t over = sound_.size() % hop_length_samples;
  const std::size_t to_whole_frame = over == 0 ? 0 : hop_length_samples - over;
  sound_.resize(sound_.size() + to_whole_frame + window_end_samples - hop_length_samples);
  take_frames(receive);
}

/// Resamples up to there.
void SpectrumStream::extend_sound(std::int64_t until) {
  const std::int64_t from = sound_from_ + std::ssize(sound_);
  if (until <= from) return;
  const std::int64_t offset = given_from_ / period_in_ * period_out_;
  const std::vector<float> more = resampler_.part(given_, static_cast<std::size_t>(from - offset),
                                                  static_cast<std::size_t>(until - from));
  sound_.insert(sound_.end(), more.begin(), more.end());
}

void SpectrumStream::take_frames(const SpectrumReceiver& receive) {
  const std::int64_t end = sound_from_ + std::ssize(sound_);
  for (; next_frame_ * hop_length_samples + window_end_samples <= end; ++next_frame_) {
    const std::int64_t frame = next_frame_ - sound_from_ / hop_length_samples;
    receive(power_spectrum(sound_, static_cast<std::size_t>(frame)));
  }
  forget_old();
}

void SpectrumStream::forget_old() {
  // The next window begins within the frame before.
  const std::int64_t kept_from = std::max<std::int64_t>(0, next_frame_ - 1) * hop_length_samples;
  drop_front(sound_, kept_from - sound_from_);
  sound_from_ = kept_from;
  const std::int64_t place = (sound_from_ + std::ssize(sound_)) * period_in_ / period_out_;
  const std::int64_t needed = std::max<std::int64_t>(0, place - resampler_.reach_samples());
  const std::int64_t whole_periods = needed / period_in_ * period_in_;
  if (whole_periods <= given_from_) return;
  drop_front(given_, whole_periods - given_from_);
  given_from_ = whole_periods;
}

}  // namespace vivavox

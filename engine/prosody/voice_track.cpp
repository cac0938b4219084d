#include "engine/prosody/voice_track.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace vivavox {

namespace {

/// Pitch is sought in sound of about this rate, and where it is louder than this.
constexpr double slow_hz = 4000;
constexpr float heard_from_db = -70;
constexpr double lowest_hz = 60, highest_hz = 500;
constexpr double window_s = 0.025;
/// From the beginning of a frame to that of its window, so that both windows lie around it.
constexpr double window_before_s = 0.015;
constexpr double silent = 1e-10;
/// How alike a period and the next must be, of 1.
constexpr double voiced_from = 0.55;
/// A shorter period that is nearly as alike is the pitch, not its octave below.
constexpr double nearly = 0.87;

double decibels(double energy, std::int32_t samples) {
  return 10 * std::log10(std::max(energy / samples, silent));
}

/// The sum of products. Four sums side by side take a quarter of the time.
double product(std::span<const float> a, std::span<const float> b) {
  std::array<float, 4> sums{};
  std::size_t i = 0;
  for (; i + sums.size() <= a.size(); i += sums.size()) {
    for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += a[i + k] * b[i + k];
  }
  for (; i < a.size(); ++i) sums[0] += a[i] * b[i];
  return double(sums[0]) + double(sums[1]) + double(sums[2]) + double(sums[3]);
}

/// How alike a window of the sound is to itself so many samples later, −1…1, for every lag.
std::vector<double> likeness(std::span<const float> sound, std::size_t window) {
  const auto now = sound.first(window);
  const double now_energy = product(now, now);
  double later_energy = now_energy;
  std::vector<double> alike;
  for (std::size_t lag = 0; lag + window <= sound.size(); ++lag) {
    const double energy = now_energy * std::max(later_energy, silent);
    alike.push_back(energy > silent * silent
                        ? product(now, sound.subspan(lag, window)) / std::sqrt(energy)
                        : 0);
    if (lag + window == sound.size()) break;
    const double comes = double(sound[lag + window]), goes = double(sound[lag]);
    later_energy += comes * comes - goes * goes;
  }
  return alike;
}

/// Where the peak lies between three neighbours, in −0.5…0.5 of their distance.
double peak_offset(double before, double at, double after) {
  const double curve = before - 2 * at + after;
  return curve < 0 ? std::clamp((before - after) / (2 * curve), -0.5, 0.5) : 0;
}

/// The pitch of a sound that holds a window and the longest period. 0: it has none.
double pitch_of(std::span<const float> sound, double rate_hz) {
  const auto window = static_cast<std::size_t>(window_s * rate_hz);
  const auto shortest = static_cast<std::size_t>(rate_hz / highest_hz);
  const std::vector<double> alike = likeness(sound, window);
  const double most = std::ranges::max(std::span(alike).subspan(shortest));
  if (most < voiced_from) return 0;
  for (std::size_t lag = shortest; lag + 1 < alike.size(); ++lag) {
    const bool is_peak = alike[lag] >= alike[lag - 1] && alike[lag] > alike[lag + 1];
    if (!is_peak || alike[lag] < nearly * most) continue;
    return rate_hz / (double(lag) + peak_offset(alike[lag - 1], alike[lag], alike[lag + 1]));
  }
  return 0;
}

}  // namespace

VoiceTrack::VoiceTrack(std::int32_t sample_rate_hz)
    : sample_rate_hz_(sample_rate_hz),
      samples_per_slow_(
          std::max(1, static_cast<std::int32_t>(std::lround(sample_rate_hz / slow_hz)))) {}

VoiceTrack::VoiceTrack(std::span<const float> samples, std::int32_t sample_rate_hz)
    : VoiceTrack(sample_rate_hz) {
  push(samples);
  finish();
}

void VoiceTrack::push(std::span<const float> samples) {
  for (const float sample : samples) add(sample);
}

void VoiceTrack::add(float sample) {
  sum_ += sample;
  energy_ += double(sample) * double(sample);
  ++energy_samples_;
  ++length_samples_;
  if (length_samples_ % samples_per_slow_ == 0) {
    slow_.push_back(sum_ / static_cast<float>(samples_per_slow_));
    sum_ = 0;
  }
  const auto frame_at = [&](std::int64_t at) { return at * voice_frames_per_s / sample_rate_hz_; };
  if (frame_at(length_samples_) == frame_at(length_samples_ - 1)) return;
  levels_db_.push_back(static_cast<float>(decibels(energy_, energy_samples_)));
  energy_ = 0;
  energy_samples_ = 0;
  take_frames();
}

std::int64_t VoiceTrack::slow_samples_until(double time_s) const {
  return static_cast<std::int64_t>(time_s * sample_rate_hz_ / samples_per_slow_);
}

/// The frames whose windows are whole.
void VoiceTrack::take_frames() {
  const double rate_hz = double(sample_rate_hz_) / samples_per_slow_;
  const auto reach = static_cast<std::int64_t>(window_s * rate_hz) +
                     static_cast<std::int64_t>(rate_hz / lowest_hz) + 1;
  std::size_t taken = 0;
  for (; taken < levels_db_.size(); ++taken) {
    const double start_s = double(frames_.size()) / voice_frames_per_s;
    const std::int64_t from =
        std::max<std::int64_t>(0, slow_samples_until(start_s - window_before_s)) - slow_from_;
    if (from + reach > std::ssize(slow_)) break;
    const auto heard = std::span(slow_).subspan(std::size_t(from), std::size_t(reach));
    const float level_db = levels_db_[taken];
    const double pitch_hz = level_db > heard_from_db ? pitch_of(heard, rate_hz) : 0;
    frames_.push_back({level_db, static_cast<float>(pitch_hz)});
    if (from > reach) {
      slow_.erase(slow_.begin(), slow_.begin() + static_cast<std::ptrdiff_t>(from));
      slow_from_ += from;
    }
  }
  levels_db_.erase(levels_db_.begin(), levels_db_.begin() + static_cast<std::ptrdiff_t>(taken));
}

void VoiceTrack::finish() {
  if (energy_samples_ > 0) {
    levels_db_.push_back(static_cast<float>(decibels(energy_, energy_samples_)));
  }
  energy_ = 0;
  energy_samples_ = 0;
  // Silence follows.
  const auto most = static_cast<std::size_t>(slow_samples_until(window_s + 1 / lowest_hz)) + 2;
  slow_.resize(slow_.size() + most);
  take_frames();
}

}  // namespace vivavox

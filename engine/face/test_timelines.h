// Timelines made by hand, for the tests of this room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/timeline/timeline.h"

namespace vivavox {

struct SpokenPhone {
  std::string_view ipa;  ///< empty: a pause
  double duration_s;
  Stress stress = Stress::none;
};

/// A Timeline of these phones, one word each.
inline Timeline spoken(const std::vector<SpokenPhone>& phones) {
  constexpr std::int32_t rate_hz = 22050;
  Timeline timeline{.text = "?", .voice = "test", .language = "en", .sample_rate_hz = rate_hz};
  std::int64_t at = 0;
  for (const SpokenPhone& phone : phones) {
    const auto end = at + static_cast<std::int64_t>(phone.duration_s * rate_hz);
    timeline.phones.push_back({std::string(phone.ipa), phone.stress, at, end, -1});
    at = end;
  }
  timeline.length_samples = at;
  return timeline;
}

inline double middle_s(const Timeline& timeline, const Phone& phone) {
  return timeline.seconds(phone.start_samples + phone.end_samples) / 2;
}

/// From `start_s` up to `end_s` in steps.
inline std::vector<double> times(double start_s, double end_s, double step_s) {
  std::vector<double> result;
  const auto count = static_cast<int>((end_s - start_s) / step_s);
  for (int i = 0; i < count; ++i) result.push_back(start_s + i * step_s);
  return result;
}

}  // namespace vivavox

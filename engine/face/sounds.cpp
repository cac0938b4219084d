#include "engine/face/sounds.h"

#include <algorithm>
#include <span>

namespace vivavox {

std::size_t first_phone_at(const Timeline& timeline, double time_s) {
  const auto first = std::ranges::partition_point(timeline.phones, [&](const Phone& phone) {
    return timeline.seconds(phone.end_samples) < time_s;
  });
  return static_cast<std::size_t>(first - timeline.phones.begin());
}

std::vector<Sound> sounds(const Timeline& timeline, double from_s) {
  std::vector<Sound> result;
  const auto phones = std::span(timeline.phones).subspan(first_phone_at(timeline, from_s));
  for (const Phone& phone : phones) {
    const Articulations parsed = parse_ipa(phone.ipa);
    double total = 0;
    for (const Articulation& made : parsed.sequence) total += static_cast<double>(made.length);
    double start_s = timeline.seconds(phone.start_samples);
    const double duration_s = timeline.seconds(phone.end_samples) - start_s;
    for (const Articulation& made : parsed.sequence) {
      const double end_s = start_s + duration_s * static_cast<double>(made.length) / total;
      result.push_back({made, phone.stress, start_s, end_s, phone.delivery});
      start_s = end_s;
    }
  }
  return result;
}

}  // namespace vivavox

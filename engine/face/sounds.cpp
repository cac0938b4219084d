#include "engine/face/sounds.h"

namespace vivavox {

std::vector<Sound> sounds(const Timeline& timeline) {
  std::vector<Sound> result;
  for (const Phone& phone : timeline.phones) {
    const Articulations parsed = parse_ipa(phone.ipa);
    double total = 0;
    for (const Articulation& made : parsed.sequence) total += static_cast<double>(made.length);
    double start_s = timeline.seconds(phone.start_samples);
    const double duration_s = timeline.seconds(phone.end_samples) - start_s;
    for (const Articulation& made : parsed.sequence) {
      const double end_s = start_s + duration_s * static_cast<double>(made.length) / total;
      result.push_back({made, phone.stress, start_s, end_s});
      start_s = end_s;
    }
  }
  return result;
}

}  // namespace vivavox

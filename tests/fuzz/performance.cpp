// Any bytes as an IPA symbol are read without harm; any Timeline that reads from
// JSON gives finite weights within 0 and 1.
#include "engine/face/performance.h"

#include <cstdlib>

#include "engine/phonetics/arpabet.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (vivavox::arpabet(bytes).empty()) std::abort();
  vivavox::Timeline timeline{.text = "?", .sample_rate_hz = 1000};
  if (const auto read = vivavox::timeline_from_json(bytes)) {
    timeline = *read;
  } else {
    // Each line a phone: two bytes of timing, then its IPA.
    for (std::size_t at = 0; at + 2 < size && timeline.phones.size() < 200;) {
      const std::size_t end = std::min(bytes.find('\n', at + 2), size);
      const std::int64_t start = timeline.length_samples + static_cast<std::int8_t>(data[at]) / 2;
      timeline.length_samples = std::max<std::int64_t>(start, 0) + data[at + 1];
      timeline.phones.push_back({std::string(bytes.substr(at + 2, end - at - 2)),
                                 static_cast<vivavox::Stress>(data[at] % 3),
                                 std::max<std::int64_t>(start, 0), timeline.length_samples, 0});
      at = end + 1;
    }
  }
  const auto performance = vivavox::Performance::create(timeline);
  for (int i = -5; i < 40; ++i) {
    const double t_s = i * performance->duration_s() / 35;
    for (const float weight : performance->pose(t_s).weights.values()) {
      if (!(weight >= 0 && weight <= 1)) std::abort();
    }
    float total = 0;
    for (const float weight : performance->visemes(t_s)) total += weight;
    if (!(total > 0.999F && total < 1.001F)) std::abort();
  }
  return 0;
}

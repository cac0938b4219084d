// Sounds of any kind against each other: aligned whole, or refused.
#include "engine/align/align.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

using namespace vivavox;

namespace {

void check_whole(const Timeline& timeline) {
  std::int64_t at = 0;
  for (const Phone& phone : timeline.phones) {
    if (phone.start_samples != at || phone.end_samples < at) std::abort();
    at = phone.end_samples;
  }
  if (at != timeline.length_samples) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most_samples = 20000;
  if (size < 4) return 0;
  const std::int32_t rates_hz[] = {8000, 16000, 22050, 44100, 48000, 11025};
  const std::int32_t said_hz = rates_hz[data[0] % 6];
  std::vector<float> recording;
  Timeline reference{.sample_rate_hz = rates_hz[data[1] % 6]};
  std::vector<float> reading;
  const std::size_t split = 3 + (size - 3) * data[2] / 256;
  for (std::size_t i = 3; i < size && i < most_samples; ++i) {
    (i < split ? reading : recording).push_back((float(data[i]) - 128) / 128);
  }
  reference.length_samples = static_cast<std::int64_t>(reading.size());
  for (std::int64_t start = 0; start < reference.length_samples; start += 500) {
    reference.phones.push_back(
        {.ipa = "a",
         .start_samples = start,
         .end_samples = std::min<std::int64_t>(start + 500, reference.length_samples)});
  }
  if (const auto aligned =
          align({std::move(reference), std::move(reading)}, {said_hz, std::move(recording)})) {
    check_whole(aligned->timeline);
  }
  return 0;
}

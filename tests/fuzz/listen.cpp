// Sound of any kind, rate and cut: heard whole, and alike however it is cut.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "engine/listen/listener.h"

using namespace vivavox;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most_samples = 20000;
  if (size < 3) return 0;
  const std::int32_t rates_hz[] = {3000, 8000, 16000, 22050, 44100, 48000, 11025, 44099};
  Recording recording{.sample_rate_hz = rates_hz[data[0] % 8], .samples = {}};
  const std::size_t piece = 1 + data[1] * 16;
  for (std::size_t i = 2; i < std::min(size, most_samples); ++i) {
    recording.samples.push_back((static_cast<float>(data[i]) - 128) / 128);
  }
  const auto whole = heard_timeline(recording);
  if (!whole) std::abort();
  Listener listener(recording.sample_rate_hz);
  Timeline joined{.sample_rate_hz = recording.sample_rate_hz};
  for (std::size_t at = 0; at < recording.samples.size(); at += piece) {
    const std::size_t length = std::min(piece, recording.samples.size() - at);
    append(joined, listener.push(std::span(recording.samples).subspan(at, length)));
  }
  append(joined, listener.finish());
  if (joined.mouth != whole->mouth || joined.length_samples != whole->length_samples) std::abort();
  return 0;
}

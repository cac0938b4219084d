// Any text is either spoken, clause by clause without a gap, or refused.
#include <cstdlib>

#include "engine/speech/espeak_request.h"

namespace {

vivavox::EspeakEngine& engine() {
  static const auto opened = vivavox::EspeakEngine::open(VIVAVOX_ESPEAK_DATA);
  if (!opened) std::abort();
  return **opened;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // The first byte chooses a language.
  const auto voices = vivavox::espeak_voices();
  const std::string voice = "espeak:" + std::string(voices[data[0] % voices.size()].language);
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  auto request = vivavox::EspeakRequest::create(engine(), text, voice, {.rate = 2});
  if (!request) return 0;
  for (auto clause = request->next(); clause && *clause; clause = request->next()) {
    std::int64_t end = 0;
    for (const vivavox::Phone& phone : (*clause)->timeline.phones) {
      if (phone.start_samples != end || phone.end_samples <= end) std::abort();
      end = phone.end_samples;
    }
    if (end != (*clause)->timeline.length_samples) std::abort();
  }
  return 0;
}

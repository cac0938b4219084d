// Any bytes either are a voice's settings, which make ids of any symbols, or are refused.
#include "engine/speech/piper_config.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto config = vivavox::piper_config_from_json({reinterpret_cast<const char*>(data), size});
  if (!config) return 0;
  const vivavox::PhonemeIds ids = vivavox::phoneme_ids(*config, U"^həlˈoʊ wˈɜːld.");
  if (ids.ids.size() != ids.symbol_of_id.size()) std::abort();
  return 0;
}

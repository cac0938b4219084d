// The one EspeakEngine of a test program.
#pragma once

#include <stdexcept>

#include "engine/speech/espeak_engine.h"

namespace vivavox {

inline EspeakEngine& test_engine() {
  static const Result<std::unique_ptr<EspeakEngine>> engine =
      EspeakEngine::open(VIVAVOX_ESPEAK_DATA);
  if (!engine) throw std::runtime_error(engine.error().message);
  return **engine;
}

}  // namespace vivavox

// Opening the graphics device.
#pragma once

#include "engine/error.h"

namespace filament {
class Engine;
}

namespace vivavox {

/// Filament's engine on this platform's device. The caller destroys it.
/// Errors: renderer_unavailable.
Result<filament::Engine*> open_gpu();

}  // namespace vivavox

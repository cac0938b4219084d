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

/// Waits until the device has done what was asked of it so far, and reads nobody's memory for that
/// any more. A browser's device cannot be waited for: it has taken copies, and goes on by itself.
void finish_gpu_work(filament::Engine& engine);

}  // namespace vivavox

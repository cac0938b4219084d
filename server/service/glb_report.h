// What an uploaded GLB holds.
#pragma once

#include <boost/json.hpp>
#include <filesystem>

#include "engine/error.h"

namespace vivavox {

/// {"showable": true, "rig": …} with the engine's rig report, or {"showable":
/// false, "reason": …} for a sound file that this engine cannot show as an
/// avatar. Errors: invalid_avatar (no sound glTF 2.0 binary),
/// too_large.
Result<boost::json::object> glb_report(const std::filesystem::path& path);

}  // namespace vivavox

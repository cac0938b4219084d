// What the service needs, looked at one after the other.
#pragma once

#include <string>
#include <vector>

#include "engine/error.h"
#include "server/service/settings.h"

namespace vivavox {

struct Finding {
  std::string what;  ///< "database"
  Result<void> is_well;
  std::string note;       ///< where it is well: what was found
  bool is_needed = true;  ///< the service does not start without
};

/// Settings, database, folders, port, voices, ffmpeg and Vulkan, by the code that the
/// service starts with. Changes nothing that a start would not.
std::vector<Finding> check_up(const Settings& settings);

}  // namespace vivavox

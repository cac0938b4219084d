// The configuration that steers rendering.
#pragma once

#include <boost/json.hpp>

#include "server/store/store.h"

namespace vivavox {

/// All settings: {quality, fps, shading, resolution, antialiasing}.
Result<boost::json::object> read_config(Store& store);

/// Stores those that are given, fps clamped to 1…120; others are ignored.
Result<void> write_config(Store& store, const boost::json::object& given);

}  // namespace vivavox

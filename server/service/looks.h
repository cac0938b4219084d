// What an avatar's stored traits and animations do to its pictures.
#pragma once

#include <boost/json.hpp>
#include <string_view>

#include "engine/error.h"

namespace vivavox {

struct Scene;

/// Errors: invalid_argument, where a trait has no effect on anything this service
/// shows or speaks, or a value that it cannot have. Known are emotion, intensity,
/// voice, background, camera, shading and quality.
Result<void> check_traits(const boost::json::object& traits);

/// Traits that are part of the state, which speaks and shows by itself.
boost::json::object state_of_traits(const boost::json::object& traits);

/// Errors: invalid_argument, where these words name no movement that can be shown.
/// "idle" is none.
Result<void> check_movement(std::string_view words);

/// Gives the scene what the avatar's traits and state say of its looks; what the
/// request itself says comes later.
void take_looks(const boost::json::object& traits, const boost::json::object& state, Scene& scene);

}  // namespace vivavox

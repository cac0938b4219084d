// What an avatar's stored traits and animations do to its pictures.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"
#include "engine/stage/avatar.h"

namespace vivavox {

struct Scene;

/// Finds what can be changed about the model that is meant.
using TraitsOfModel = std::function<Result<std::shared_ptr<const AvatarTraits>>()>;

/// Errors: invalid_argument, where a trait has no effect on anything this service
/// shows or speaks, or a value that it cannot have; those of `model`. Known are emotion,
/// intensity, voice, background, camera, shading, lighting, quality, model and those of the model's
/// file, which is asked for these alone.
Result<void> check_traits(const boost::json::object& traits, const TraitsOfModel& model);

/// The model that the traits name, else the other one.
std::string model_named(const boost::json::object& traits, std::string otherwise);

/// Whether a trait of this name is one of a model's file.
bool is_models_trait(std::string_view name);

/// The traits of the model's file.
std::vector<TraitChoice> models_traits(const boost::json::object& traits);

/// Traits that are part of the state, which speaks and shows by itself.
boost::json::object state_of_traits(const boost::json::object& traits);

/// Errors: invalid_argument, where these words name no movement that can be shown.
/// "idle" is none.
Result<void> check_movement(std::string_view words);

/// Gives the scene what the avatar's traits and state say of its looks; what the
/// request itself says comes later.
void take_looks(const boost::json::object& traits, const boost::json::object& state, Scene& scene);

}  // namespace vivavox

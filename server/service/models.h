// The 3D models that avatars can wear: built-in and uploaded ones.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/stage/avatar.h"
#include "server/store/records.h"
#include "server/store/viewer.h"

namespace vivavox {

class Service;

struct Model {
  std::string model_id;
  std::string name;
  std::string quality;  ///< "low", "medium" or "high", by the size of the file
  std::string url;
  std::int64_t size_bytes = 0;
  std::filesystem::path path;  ///< of a built-in one its name: see open_avatar()
};

/// The built-in models first, then those of the assets. Errors: of the store.
Result<Listed<Model>> available_models(Service& service, const Viewer& viewer, const Page& page);

/// A model by its id: also an older version of a file, which avatars go on wearing.
/// Errors: not_found (there is none, or none any more), those of the store.
Result<Model> model_of(Service& service, const Viewer& viewer, const std::string& model_id);

/// What can be changed about the model of that id. Errors: of model_of(), of open_avatar().
Result<std::shared_ptr<const AvatarTraits>> traits_of_model(Service& service, const Viewer& viewer,
                                                            const std::string& model_id);

/// The looks of the built-in avatars, as presets.
std::vector<Preset> look_presets(Service& service);

/// A stored preset, else a look of a built-in avatar. Errors: not_found, those of the store.
Result<Preset> preset_of(Service& service, const Viewer& viewer, const std::string& preset_id);

}  // namespace vivavox

// The 3D models that avatars can wear: the built-in one and uploaded ones.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/error.h"
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
  std::filesystem::path path;  ///< empty: built in
};

/// The built-in model first, then those of the assets. Errors: of the store.
Result<Listed<Model>> available_models(Service& service, const Viewer& viewer, const Page& page);

/// A model by its id: also an older version of a file, which avatars go on wearing.
/// Errors: not_found (there is none, or none any more), those of the store.
Result<Model> model_of(Service& service, const Viewer& viewer, const std::string& model_id);

}  // namespace vivavox

// What can be changed about the models that avatars wear.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>

#include "engine/error.h"
#include "engine/stage/avatar.h"
#include "server/service/models.h"

namespace vivavox {

/// The traits of models, each read once: its file takes long to read. From any thread.
class ModelTraits {
 public:
  /// Errors: those of open_avatar().
  Result<std::shared_ptr<const AvatarTraits>> of(const Model& model);

 private:
  struct Known {
    std::filesystem::file_time_type changed;
    std::shared_ptr<const AvatarTraits> traits;
  };
  std::mutex mutex_;  ///< also while a file is read: one at a time, for its memory
  std::map<std::filesystem::path, Known> known_;
};

}  // namespace vivavox

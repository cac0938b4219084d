#include "server/service/model_traits.h"

#include "server/avatar_file.h"

namespace vivavox {

Result<std::shared_ptr<const AvatarTraits>> ModelTraits::of(const Model& model) {
  /// Traits of as many models are some megabytes at most.
  constexpr std::size_t most_known = 64;
  std::error_code error;
  const auto changed = std::filesystem::last_write_time(model.path, error);
  const std::lock_guard lock(mutex_);
  const auto known = known_.find(model.path);
  if (known != known_.end() && known->second.changed == changed) return known->second.traits;
  auto avatar = open_avatar(model.path.string(), most_served_texture_pixels);
  if (!avatar) return std::unexpected(avatar.error());
  auto traits = std::make_shared<const AvatarTraits>(std::move(avatar->traits));
  if (known_.size() >= most_known) known_.clear();
  known_[model.path] = {changed, traits};
  return traits;
}

}  // namespace vivavox

#include "server/service/models.h"

#include <algorithm>
#include <cctype>

#include "engine/stage/traits.h"
#include "server/built_in_avatars.h"
#include "server/service/service.h"

namespace vivavox {

namespace {

std::string quality_of_size(std::int64_t bytes) {
  constexpr std::int64_t mb = 1 << 20;
  return bytes < mb ? "low" : bytes < 10 * mb ? "medium" : "high";
}

Model built_in_model(const BuiltInAvatar& avatar) {
  const std::string id(avatar.name);
  std::string name = id;
  name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  const auto size = static_cast<std::int64_t>(avatar.file.size());
  return {id, name, quality_of_size(size), "/avatars/" + id + ".glb", size, id};
}

Model model_of_asset(const Service& service, const Asset& asset) {
  return {asset.asset_id,
          asset.name,
          quality_of_size(asset.file_size),
          "/assets/" + asset.file_path,
          asset.file_size,
          service.assets.folder() / asset.file_path};
}

bool is_model(const Asset& asset) {
  return asset.mime_type == "model/gltf-binary";
}

}  // namespace

Result<Listed<Model>> available_models(Service& service, const Viewer& viewer, const Page& page) {
  const auto assets = service.store.assets(page, "model", "", viewer);
  if (!assets) return std::unexpected(assets.error());
  Listed<Model> models{.entries = {}, .next = assets->next};
  if (!page.after) {
    for (const BuiltInAvatar& avatar : built_in_avatars())
      models.entries.push_back(built_in_model(avatar));
  }
  for (const Asset& asset : assets->entries) {
    if (is_model(asset)) models.entries.push_back(model_of_asset(service, asset));
  }
  return models;
}

Result<Model> model_of(Service& service, const Viewer& viewer, const std::string& model_id) {
  if (const BuiltInAvatar* avatar = built_in_avatar(model_id)) return built_in_model(*avatar);
  const auto asset = service.store.asset(model_id, viewer);
  if (!asset && asset.error().code != ErrorCode::not_found) return std::unexpected(asset.error());
  if (asset && is_model(*asset)) return model_of_asset(service, *asset);
  return fail(ErrorCode::not_found,
              "there is no model " + model_id + ": /api/v1/avatars/models lists what there is");
}

Result<std::shared_ptr<const AvatarTraits>> traits_of_model(Service& service, const Viewer& viewer,
                                                            const std::string& model_id) {
  const auto model = model_of(service, viewer, model_id);
  if (!model) return std::unexpected(model.error());
  return service.model_traits.of(*model);
}

std::vector<Preset> look_presets(Service& service) {
  std::vector<Preset> presets;
  for (const BuiltInAvatar& avatar : built_in_avatars()) {
    const Model model = built_in_model(avatar);
    const auto traits = service.model_traits.of(model);
    if (!traits) continue;
    for (const AvatarLook& look : (*traits)->looks) {
      presets.push_back({.preset_id = look.name,
                         .name = look.name,
                         .description = "A look of the model " + model.name,
                         .category = "look",
                         .values = {{"model", model.model_id}, {look_trait, look.name}}});
    }
  }
  return presets;
}

Result<Preset> preset_of(Service& service, const Viewer& viewer, const std::string& preset_id) {
  auto stored = service.store.preset(preset_id, viewer);
  if (stored || stored.error().code != ErrorCode::not_found) return stored;
  auto looks = look_presets(service);
  const auto look = std::ranges::find(looks, preset_id, &Preset::preset_id);
  if (look == looks.end()) return stored;
  return std::move(*look);
}

}  // namespace vivavox

#include "server/service/models.h"

#include "server/avatar_file.h"
#include "server/service/service.h"

namespace vivavox {

namespace {

std::string quality_of_size(std::int64_t bytes) {
  constexpr std::int64_t mb = 1 << 20;
  return bytes < mb ? "low" : bytes < 10 * mb ? "medium" : "high";
}

Model built_in_model() {
  const auto size = static_cast<std::int64_t>(vivi_file().size());
  return {"vivi", "Vivi", quality_of_size(size), "/avatars/vivi.glb", size, {}};
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
  if (!page.after) models.entries.push_back(built_in_model());
  for (const Asset& asset : assets->entries) {
    if (is_model(asset)) models.entries.push_back(model_of_asset(service, asset));
  }
  return models;
}

Result<Model> model_of(Service& service, const Viewer& viewer, const std::string& model_id) {
  if (model_id == "vivi") return built_in_model();
  const auto asset = service.store.asset(model_id, viewer);
  if (!asset && asset.error().code != ErrorCode::not_found) return std::unexpected(asset.error());
  if (asset && is_model(*asset)) return model_of_asset(service, *asset);
  return fail(ErrorCode::not_found,
              "there is no model " + model_id + ": /api/v1/avatars/models lists what there is");
}

}  // namespace vivavox

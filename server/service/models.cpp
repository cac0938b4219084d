#include "server/service/models.h"

#include "server/avatar_file.h"
#include "server/service/service.h"

namespace vivavox {

namespace {

std::string quality_of_size(std::int64_t bytes) {
  constexpr std::int64_t mb = 1 << 20;
  return bytes < mb ? "low" : bytes < 10 * mb ? "medium" : "high";
}

}  // namespace

Result<std::vector<Model>> available_models(Service& service) {
  std::vector<Model> models;
  const auto size = static_cast<std::int64_t>(vivi_file().size());
  models.push_back({"vivi", "Vivi", quality_of_size(size), "/avatars/vivi.glb", size, {}});
  const auto assets = service.store.assets({.limit = 1000}, "model", "");
  if (!assets) return std::unexpected(assets.error());
  for (const Asset& asset : *assets) {
    if (asset.mime_type != "model/gltf-binary") continue;
    models.push_back({asset.asset_id, asset.name, quality_of_size(asset.file_size),
                      "/assets/" + asset.file_path, asset.file_size,
                      service.assets.folder() / asset.file_path});
  }
  return models;
}

}  // namespace vivavox

#include "server/service/folders.h"

#include <algorithm>

#include "server/assets/folder_mark.h"

namespace vivavox {

namespace fs = std::filesystem;

namespace {

/// "0123….png": renders and audios are named by their ids.
bool is_id_name(std::string_view name) {
  return is_hex_name(name, 32);
}

/// "ab/abcd….glb": by the content's digest, and by what tells equal ones apart.
bool is_asset_name(std::string_view name) {
  constexpr std::size_t prefix = 3, digest = 64, own = 1 + 16;
  if (name.size() < prefix + digest || name[2] != '/' ||
      name.substr(0, 2) != name.substr(prefix, 2)) {
    return false;
  }
  const std::string_view file = name.substr(prefix);
  return is_hex_name(file, digest) ||
         (is_hex_name(file.substr(0, digest), digest) && file[digest] == '-' &&
          file.size() >= digest + own && is_hex_name(file.substr(digest + 1), own - 1));
}

}  // namespace

Result<Folders> open_folders(const Settings& settings, Store& store) {
  auto database_id = store.database_id();
  if (!database_id) return std::unexpected(database_id.error());
  const auto claimed = store.claimed_folders();
  if (!claimed) return std::unexpected(claimed.error());
  const auto known = store.known_files();
  if (!known) return std::unexpected(known.error());
  const auto reserved = store.reserved_ids();
  if (!reserved) return std::unexpected(reserved.error());
  // Below folders of their own: what people put into ASSETS_DIR themselves is no orphan.
  const fs::path assets = settings.assets_dir;
  struct Claim {
    const char* kind;
    const char* setting;
    fs::path folder;
    const std::vector<std::string>& known;
  };
  for (const Claim& one : {Claim{"renders", "RENDERS_DIR", settings.renders_dir, known->renders},
                           Claim{"audios", "AUDIOS_DIR", settings.audios_dir, known->audios},
                           Claim{"assets", "ASSETS_DIR", assets / "stored", known->assets},
                           Claim{"parts", "ASSETS_DIR", assets / "parts", *reserved}}) {
    const bool in_use = std::ranges::contains(*claimed, one.kind);
    if (auto owned =
            claim_folder(one.folder, one.setting, {one.kind, *database_id}, in_use, one.known);
        !owned) {
      return std::unexpected(owned.error());
    }
    if (in_use) continue;
    if (auto noted = store.note_claimed_folder(one.kind); !noted) {
      return std::unexpected(noted.error());
    }
  }
  auto renders = FileStore::open(settings.renders_dir, is_id_name);
  if (!renders) return std::unexpected(renders.error());
  auto audios = FileStore::open(settings.audios_dir, is_id_name);
  if (!audios) return std::unexpected(audios.error());
  auto stored = FileStore::open(assets / "stored", is_asset_name);
  if (!stored) return std::unexpected(stored.error());
  return Folders{*std::move(renders), *std::move(audios), *std::move(stored),
                 PartFiles::open_folder(assets / "parts")};
}

}  // namespace vivavox

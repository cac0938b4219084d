#include "server/assets/asset_kind.h"

#include <array>

#include "server/http/served_file.h"

namespace vivavox {

namespace {

struct Signature {
  std::size_t offset;
  std::string_view bytes;
  AssetKind kind;
};

using namespace std::string_view_literals;

constexpr std::array signatures = {
    Signature{0, "glTF"sv, {"model/gltf-binary", "model"}},
    Signature{0, "Kaydara FBX Binary"sv, {"application/octet-stream", "model"}},
    Signature{0, "\x89PNG\r\n\x1a\n"sv, {"image/png", "image"}},
    Signature{0, "\xff\xd8\xff"sv, {"image/jpeg", "image"}},
    Signature{0, "GIF8"sv, {"image/gif", "image"}},
    Signature{8, "WEBP"sv, {"image/webp", "image"}},
    Signature{8, "WAVE"sv, {"audio/wav", "audio"}},
    Signature{0, "OggS"sv, {"audio/ogg", "audio"}},
    Signature{0, "ID3"sv, {"audio/mpeg", "audio"}},
    Signature{4, "ftyp"sv, {"video/mp4", "video"}},
    Signature{0, "\x1a\x45\xdf\xa3"sv, {"video/webm", "video"}},
};

}  // namespace

AssetKind kind_of_asset(std::string_view head, std::string_view name) {
  for (const Signature& one : signatures) {
    if (head.size() > one.offset && head.substr(one.offset).starts_with(one.bytes)) return one.kind;
  }
  if (name.ends_with(".fbx")) return {"application/octet-stream", "model"};
  if (name.ends_with(".anim") || name.ends_with(".bvh"))
    return {"application/octet-stream", "animation"};
  return {"application/octet-stream", "file"};
}

std::string_view served_mime_type(std::string_view name, std::string_view sniffed) {
  const std::string_view by_name = mime_type_of_name(name);
  for (const std::string_view harmless : {"image/", "audio/", "video/", "model/", "font/"}) {
    if (by_name.starts_with(harmless) && by_name != "image/svg+xml") return by_name;
  }
  return by_name == "application/octet-stream" ? by_name : sniffed;
}

}  // namespace vivavox

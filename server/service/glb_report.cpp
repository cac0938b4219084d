#include "server/service/glb_report.h"

#include <cstdint>
#include <cstring>
#include <mutex>

#include "engine/stage/rig.h"
#include "engine/unpack/packed_avatar.h"
#include "server/avatar_file.h"
#include "server/files.h"

namespace vivavox {

namespace json = boost::json;

namespace {

constexpr std::uintmax_t most_file_bytes = std::uintmax_t{128} << 20;
/// A tree of values takes many times the text's size.
constexpr std::uint32_t most_json_bytes = std::uint32_t{8} << 20;

std::uint32_t word_at(std::span<const std::byte> file, std::size_t offset) {
  std::uint32_t word = 0;
  std::memcpy(&word, file.data() + offset, sizeof word);
  return word;
}

/// The container as glTF 2.0, chapter 4 ("GLB File Format") defines it.
Result<void> check_container(std::span<const std::byte> file) {
  constexpr std::uint32_t magic = 0x46546C67, json_chunk = 0x4E4F534A;
  constexpr std::size_t header_bytes = 12, chunk_header_bytes = 8;
  const auto wrong = [](const std::string& what) {
    return fail(ErrorCode::invalid_avatar, "this is no glTF 2.0 binary: " + what);
  };
  if (file.size() < header_bytes + chunk_header_bytes) return wrong("it is too short");
  if (word_at(file, 0) != magic) return wrong("it does not begin with \"glTF\"");
  if (word_at(file, 4) != 2) return wrong("its version is not 2");
  if (word_at(file, 8) != file.size()) return wrong("its header gives another length than it has");
  const std::uint32_t length = word_at(file, 12);
  if (length > most_json_bytes) return wrong("its JSON has more than 8 MiB");
  if (word_at(file, 16) != json_chunk) return wrong("its first chunk is not JSON");
  if (length > file.size() - header_bytes - chunk_header_bytes) {
    return wrong("its JSON is longer than the file");
  }
  const auto text = file.subspan(header_bytes + chunk_header_bytes, length);
  boost::system::error_code error;
  const json::value document =
      json::parse({reinterpret_cast<const char*>(text.data()), text.size()}, error,
                  json::make_shared_resource<json::monotonic_resource>());
  if (error || !document.is_object() || !document.as_object().contains("asset")) {
    return wrong("its JSON cannot be read");
  }
  return {};
}

}  // namespace

Result<json::object> glb_report(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::file_size(path, error) > most_file_bytes) {
    return fail(ErrorCode::too_large, "an avatar's file may have at most 128 MiB");
  }
  // One at a time: what is read of it takes several times its size.
  static std::mutex inspecting;
  const std::lock_guard lock(inspecting);
  const auto file = read_file(path);
  if (!file) return std::unexpected(file.error());
  if (auto sound = check_container(*file); !sound) return std::unexpected(sound.error());
  const auto avatar = read_packed_avatar(*file, most_served_texture_pixels);
  if (!avatar) return json::object{{"showable", false}, {"reason", avatar.error().message}};
  const Rig rig(*avatar);
  return json::object{{"showable", true}, {"rig", json::parse(rig_report_json(*avatar, rig))}};
}

}  // namespace vivavox

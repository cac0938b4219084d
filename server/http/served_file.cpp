#include "server/http/served_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "server/lower_case.h"

namespace vivavox {

Result<std::shared_ptr<const ServedFile>> ServedFile::open(const std::filesystem::path& path,
                                                           std::string content_type,
                                                           std::string etag, bool immutable) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return fail(ErrorCode::not_found, "there is no such file");
  struct stat status{};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    return fail(ErrorCode::not_found, "there is no such file");
  }
  return std::shared_ptr<const ServedFile>(
      new ServedFile(descriptor, static_cast<std::size_t>(status.st_size), std::move(content_type),
                     std::move(etag), immutable));
}

std::string ServedFile::cache_control(bool shared) const {
  if (!immutable_) return "no-cache";
  return std::string(shared ? "public" : "private") + ", max-age=31536000, immutable";
}

std::string ServedFile::read(std::size_t offset, std::size_t length) const {
  std::string bytes(std::min(length, size_bytes_ - std::min(offset, size_bytes_)), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::pread(descriptor_, bytes.data() + done, bytes.size() - done,
                                  static_cast<off_t>(offset + done));
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

bool matches_etag(std::string_view if_none_match, std::string_view etag) {
  while (!if_none_match.empty()) {
    const std::size_t comma = if_none_match.find(',');
    std::string_view one = if_none_match.substr(0, comma);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == "*" || one == etag) return true;
    if (comma == if_none_match.npos) break;
    if_none_match.remove_prefix(comma + 1);
  }
  return false;
}

std::string_view mime_type_of_name(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 28> types{{
      {"css", "text/css; charset=utf-8"},
      {"data", "application/octet-stream"},
      {"glb", "model/gltf-binary"},
      {"gltf", "model/gltf+json"},
      {"gif", "image/gif"},
      {"html", "text/html; charset=utf-8"},
      {"ico", "image/x-icon"},
      {"jpeg", "image/jpeg"},
      {"jpg", "image/jpeg"},
      {"js", "text/javascript; charset=utf-8"},
      {"json", "application/json"},
      {"ktx", "image/ktx"},
      {"map", "application/json"},
      {"md", "text/markdown; charset=utf-8"},
      {"mjs", "text/javascript; charset=utf-8"},
      {"mp3", "audio/mpeg"},
      {"mp4", "video/mp4"},
      {"ogg", "audio/ogg"},
      {"onnx", "application/octet-stream"},
      {"png", "image/png"},
      {"svg", "image/svg+xml"},
      {"txt", "text/plain; charset=utf-8"},
      {"wasm", "application/wasm"},
      {"wav", "audio/wav"},
      {"webm", "video/webm"},
      {"webmanifest", "application/manifest+json"},
      {"webp", "image/webp"},
      {"woff2", "font/woff2"},
  }};
  const std::size_t dot = name.rfind('.');
  const std::string ending = lower_case(dot == name.npos ? "" : name.substr(dot + 1));
  const auto found = std::ranges::find(types, ending, &decltype(types)::value_type::first);
  return found == types.end() ? "application/octet-stream" : found->second;
}

}  // namespace vivavox

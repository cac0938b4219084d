#include "server/files.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace vivavox {

namespace fs = std::filesystem;

namespace {

Error io_error(std::string_view what, const fs::path& path) {
  return {ErrorCode::io_failed,
          std::string(what) + " " + path.string() + ": " + std::strerror(errno)};
}

template <class Bytes>
Result<Bytes> read_whole(const fs::path& path, std::size_t limit_bytes) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) {
    return fail(ErrorCode::not_found, "there is no file " + path.string());
  }
  if (status.type() == fs::file_type::directory) {
    return fail(ErrorCode::io_failed, path.string() + " is a folder, not a file");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::unexpected(io_error("cannot open", path));
  Bytes bytes;
  char buffer[1 << 16];
  while (file.read(buffer, sizeof buffer), file.gcount() > 0) {
    const auto count = static_cast<std::size_t>(file.gcount());
    if (bytes.size() + count > limit_bytes) {
      return fail(ErrorCode::io_failed, path.string() + " is larger than the " +
                                            std::to_string(limit_bytes) + " bytes allowed");
    }
    const auto* begin = reinterpret_cast<const typename Bytes::value_type*>(buffer);
    bytes.insert(bytes.end(), begin, begin + count);
  }
  if (file.bad()) return std::unexpected(io_error("cannot read", path));
  return bytes;
}

}  // namespace

Result<std::vector<std::byte>> read_file(const fs::path& path, std::size_t limit_bytes) {
  return read_whole<std::vector<std::byte>>(path, limit_bytes);
}

Result<std::string> read_text_file(const fs::path& path, std::size_t limit_bytes) {
  return read_whole<std::string>(path, limit_bytes);
}

fs::path temporary_beside(const fs::path& path) {
  static std::atomic<unsigned> count = 0;
  const std::string name = "." + path.stem().string() + "." + std::to_string(::getpid()) + "-" +
                           std::to_string(count++) + path.extension().string();
  return path.parent_path() / name;
}

Result<void> write_file(const fs::path& path, std::span<const std::byte> bytes) {
  const fs::path temporary = temporary_beside(path);
  std::ofstream file(temporary, std::ios::binary);
  if (!file) return std::unexpected(io_error("cannot write", path));
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code error;
  if (file) fs::rename(temporary, path, error);
  if (!file || error) {
    const Error failure = io_error("cannot write", path);
    fs::remove(temporary, error);
    return std::unexpected(failure);
  }
  return {};
}

Result<void> write_file(const fs::path& path, std::string_view text) {
  return write_file(path, std::as_bytes(std::span(text)));
}

}  // namespace vivavox

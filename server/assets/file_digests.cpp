#include "server/assets/file_digests.h"

#include <sys/stat.h>

#include <fstream>

#include "server/assets/sha256.h"

namespace vivavox {

namespace {

constexpr std::size_t most_known = 10000;

Result<std::string> digest_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorCode::not_found, "there is no such file");
  Sha256 digest;
  std::string part(256 * 1024, '\0');
  while (file.read(part.data(), static_cast<std::streamsize>(part.size())) || file.gcount() > 0) {
    digest.add(std::string_view(part).substr(0, static_cast<std::size_t>(file.gcount())));
  }
  return digest.hex();
}

}  // namespace

Result<std::string> FileDigests::of(const std::filesystem::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    return fail(ErrorCode::not_found, "there is no such file");
  }
  const std::int64_t changed_ns =
      std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(path.string());
    if (found != known_.end() && found->second.size_bytes == status.st_size &&
        found->second.changed_ns == changed_ns) {
      return found->second.digest;
    }
  }
  auto digest = digest_of(path);
  if (!digest) return digest;
  const std::lock_guard lock(mutex_);
  if (known_.size() >= most_known) known_.clear();
  known_[path.string()] = {status.st_size, changed_ns, *digest};
  return digest;
}

}  // namespace vivavox

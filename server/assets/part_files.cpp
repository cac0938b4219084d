#include "server/assets/part_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "server/assets/quarantine.h"

namespace vivavox {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view asset_prefix = "asset-";
constexpr std::size_t id_digits = 24;
constexpr double unused_s = 3600;

std::unexpected<Error> disk_error() {
  return fail(ErrorCode::unavailable,
              errno == ENOSPC || errno == EDQUOT
                  ? "the disk is full: make room and try again"
                  : std::string("storing a part of a file failed: ") + std::strerror(errno));
}

}  // namespace

Result<PartFiles::Part> PartFiles::open(const std::string& id) {
  {
    const std::lock_guard lock(in_use_->mutex);
    if (!in_use_->ids.insert(id).second) {
      return fail(ErrorCode::unavailable, "another request is uploading this asset: wait for it");
    }
  }
  const int descriptor =
      ::open((folder_ / id).c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  struct stat status{};
  Part part(*this, id, descriptor, 0);
  if (descriptor < 0 || ::fstat(descriptor, &status) != 0) return disk_error();
  part.size_bytes_ = static_cast<std::uint64_t>(status.st_size);
  return part;
}

PartFiles::Part::Part(Part&& other) noexcept
    : folder_(std::exchange(other.folder_, nullptr)),
      id_(std::move(other.id_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_bytes_(other.size_bytes_) {}

PartFiles::Part::~Part() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!folder_) return;
  const std::lock_guard lock(folder_->in_use_->mutex);
  folder_->in_use_->ids.erase(id_);
}

Result<void> PartFiles::Part::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return disk_error();
    size_bytes_ += static_cast<std::uint64_t>(count);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> PartFiles::Part::copy_to(StagedFile& file) const {
  std::string piece(256 * 1024, '\0');
  for (std::uint64_t at = 0; at < size_bytes_;) {
    const ssize_t count = ::pread(descriptor_, piece.data(), piece.size(), static_cast<off_t>(at));
    if (count <= 0) return disk_error();
    const auto length = static_cast<std::size_t>(count);
    if (auto added = file.append(std::string_view(piece).substr(0, length)); !added) return added;
    at += length;
  }
  return {};
}

void PartFiles::Part::remove() const {
  ::unlink((folder_->folder_ / id_).c_str());
}

std::uint64_t PartFiles::size_bytes() const {
  std::uint64_t sum = 0;
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    if (entry->is_regular_file(gone)) sum += entry->file_size(gone);
  }
  return sum;
}

void PartFiles::sweep(const std::vector<std::string>& reserved) const {
  const Quarantine quarantine(folder_);
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string id = entry->path().filename().string();
    const bool is_own = id.starts_with(asset_prefix) &&
                        is_hex_name(std::string_view(id).substr(asset_prefix.size()), id_digits);
    const auto age_s = age_of_file_s(entry->path());
    const std::lock_guard lock(in_use_->mutex);
    if (!is_own || !age_s || *age_s < unused_s || in_use_->ids.contains(id) ||
        std::ranges::contains(reserved, id)) {
      continue;
    }
    quarantine.take(id);
  }
  quarantine.empty();
}

}  // namespace vivavox

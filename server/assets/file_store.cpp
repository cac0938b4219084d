#include "server/assets/file_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unordered_set>
#include <utility>

#include "server/assets/quarantine.h"

namespace vivavox {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view staging_folder = ".staging";
constexpr std::size_t staged_digits = 24;
constexpr std::size_t head_bytes = 4096;

std::unexpected<Error> disk_error(std::string_view what) {
  const bool full = errno == ENOSPC || errno == EDQUOT;
  return fail(ErrorCode::unavailable, full
                                          ? "the disk is full: make room and try again"
                                          : std::string(what) + " failed: " + std::strerror(errno));
}

bool sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool synced = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return synced;
}

}  // namespace

StagedFile::StagedFile(StagedFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_bytes_(other.size_bytes_),
      head_(std::move(other.head_)),
      digest_(std::move(other.digest_)) {}

StagedFile::~StagedFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(path_.c_str());
}

Result<void> StagedFile::append(std::string_view bytes) {
  digest_.add(bytes);
  size_bytes_ += bytes.size();
  head_ += bytes.substr(0, head_bytes - std::min(head_bytes, head_.size()));
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0) return disk_error("writing a file");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

bool is_hex_name(std::string_view name, std::size_t digits) {
  if (name.size() < digits || name.size() > digits + 12) return false;
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  const std::string_view ending = name.substr(digits);
  return std::ranges::all_of(name.substr(0, digits), is_hex) &&
         (ending.empty() ||
          (ending.starts_with('.') && std::ranges::all_of(ending.substr(1), is_plain)));
}

Result<FileStore> FileStore::open(const fs::path& folder, IsOwnName is_own_name) {
  std::error_code error;
  fs::create_directories(folder / staging_folder, error);
  if (error) {
    return fail(ErrorCode::io_failed,
                "cannot make the folder " + folder.string() + ": " + error.message());
  }
  return FileStore(fs::absolute(folder), is_own_name);
}

Result<StagedFile> FileStore::stage(std::string_view ending) const {
  fs::path path = folder_ / staging_folder / (random_hex(staged_digits / 2) + std::string(ending));
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor < 0) return disk_error("making a file");
  return StagedFile(std::move(path), descriptor);
}

Result<void> FileStore::put(StagedFile file, const std::string& name) const {
  const fs::path place = folder_ / name;
  std::error_code error;
  const bool is_new_folder = fs::create_directories(place.parent_path(), error);
  // Another program may have replaced the file that is open here: sync what
  // stands under the name.
  const int descriptor = ::open(file.path_.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (!synced || ::rename(file.path_.c_str(), place.c_str()) != 0) {
    return disk_error("storing a file");
  }
  if (!sync_folder(place.parent_path()) || (is_new_folder && !sync_folder(folder_))) {
    return disk_error("storing a file");
  }
  return {};
}

bool FileStore::link(const std::string& name, const std::string& second_name) const {
  std::error_code error;
  fs::create_directories((folder_ / second_name).parent_path(), error);
  fs::create_hard_link(folder_ / name, folder_ / second_name, error);
  return !error && sync_folder((folder_ / second_name).parent_path());
}

void FileStore::remove(const std::vector<std::string>& names) const {
  // One that stays behind is swept at the next start.
  std::error_code error;
  for (const std::string& name : names) fs::remove(folder_ / name, error);
}

Result<fs::path> FileStore::resolve(std::string_view name) const {
  return resolve_below(folder_, name);
}

Result<fs::path> resolve_below(const fs::path& folder, std::string_view name) {
  const auto nothing = [] { return fail(ErrorCode::not_found, "there is no such file"); };
  if (name.empty() || name.size() > 1024) return nothing();
  for (std::string_view rest = name;;) {
    const std::size_t slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    const bool plain = std::ranges::none_of(segment, [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == '\\' || c == 0x7F;
    });
    if (segment.empty() || segment.starts_with('.') || !plain) return nothing();
    if (slash == rest.npos) break;
    rest.remove_prefix(slash + 1);
  }
  std::error_code error;
  const fs::path root = fs::canonical(folder, error);
  if (error) return nothing();
  fs::path real = fs::canonical(root / name, error);
  if (error || !fs::is_regular_file(real, error)) return nothing();
  const auto [end_of_root, rest] = std::ranges::mismatch(root, real);
  if (end_of_root != root.end()) return nothing();
  return real;
}

Swept FileStore::sweep(const std::vector<std::string>& known, int min_age_s) const {
  std::unordered_set<std::string> missing(known.begin(), known.end());
  const Quarantine quarantine(folder_);
  std::vector<std::string> orphans;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder_, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().lexically_relative(folder_).string();
    if (name.starts_with('.')) {
      entry.disable_recursion_pending();
      continue;
    }
    const auto age_s = age_of_file_s(entry->path());
    if (!age_s || missing.erase(name) > 0) continue;
    if (*age_s >= min_age_s && is_own_name_(name)) orphans.push_back(name);
  }
  Swept swept;
  for (const std::string& name : orphans) {
    if (quarantine.take(name)) swept.quarantined.push_back(name);
  }
  for (const std::string& name : missing) {
    (quarantine.give_back(name) ? swept.given_back : swept.missing).push_back(name);
  }
  quarantine.empty();
  remove_left_behind(min_age_s);
  return swept;
}

/// Files in the making whose maker is gone, and what ffmpeg laid beside them. Nobody
/// was told of them.
void FileStore::remove_left_behind(int min_age_s) const {
  std::error_code error;
  for (fs::directory_iterator entry(folder_ / staging_folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::string name = entry->path().filename().string();
    const auto age_s = age_of_file_s(entry->path());
    const bool is_own =
        is_hex_name(name, staged_digits) ||
        (name.starts_with('.') && is_hex_name(name.substr(1, staged_digits), staged_digits));
    std::error_code gone;
    if (age_s && *age_s >= min_age_s && is_own) fs::remove(entry->path(), gone);
  }
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= 200 && !name.starts_with('.') &&
         std::ranges::none_of(name, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == '/' || c == '\\' || c == 0x7F;
         });
}

}  // namespace vivavox

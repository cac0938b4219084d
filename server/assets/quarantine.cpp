#include "server/assets/quarantine.h"

#include <sys/stat.h>

#include <chrono>

namespace vivavox {

namespace fs = std::filesystem;

namespace {

constexpr double kept_s = 7 * 24 * 3600;

}  // namespace

bool Quarantine::take(const std::string& name) const {
  std::error_code error;
  fs::create_directories((kept_ / name).parent_path(), error);
  fs::rename(folder_ / name, kept_ / name, error);
  return !error;
}

bool Quarantine::give_back(const std::string& name) const {
  std::error_code error;
  if (!fs::is_regular_file(kept_ / name, error)) return false;
  fs::create_directories((folder_ / name).parent_path(), error);
  fs::rename(kept_ / name, folder_ / name, error);
  return !error;
}

void Quarantine::empty() const {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(kept_, error), end; !error && entry != end;
       entry.increment(error)) {
    // Renaming was the last thing that happened to it.
    const auto age_s = age_of_file_s(entry->path());
    std::error_code gone;
    if (age_s && *age_s >= kept_s) fs::remove(entry->path(), gone);
  }
}

std::optional<double> age_of_file_s(const fs::path& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  const auto changed = std::chrono::seconds(status.st_ctim.tv_sec) +
                       std::chrono::nanoseconds(status.st_ctim.tv_nsec);
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch() -
                                       changed)
      .count();
}

}  // namespace vivavox

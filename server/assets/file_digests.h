// SHA-256 of files that others may replace: remembered until the file changes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <unordered_map>

#include "engine/error.h"

namespace vivavox {

class FileDigests {
 public:
  /// The digest of the file's content in hexadecimal digits. Errors: not_found.
  Result<std::string> of(const std::filesystem::path& path);

 private:
  struct Known {
    std::int64_t size_bytes = 0, changed_ns = 0;
    std::string digest;
  };
  std::mutex mutex_;
  std::unordered_map<std::string, Known> known_;
};

}  // namespace vivavox

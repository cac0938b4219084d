// Files that arrive in pieces, over several requests.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "server/assets/file_store.h"

namespace vivavox {

/// A folder of unfinished files by id.
class PartFiles {
 public:
  /// One of them, open to one request at a time.
  class Part {
   public:
    Part(Part&& other) noexcept;
    Part& operator=(Part&&) = delete;
    ~Part();

    std::uint64_t size_bytes() const { return size_bytes_; }
    /// Errors: unavailable (the disk is full).
    Result<void> append(std::string_view bytes);
    Result<void> copy_to(StagedFile& file) const;
    void remove() const;

   private:
    friend class PartFiles;
    Part(PartFiles& folder, std::string id, int descriptor, std::uint64_t size_bytes)
        : folder_(&folder), id_(std::move(id)), descriptor_(descriptor), size_bytes_(size_bytes) {}

    PartFiles* folder_;
    std::string id_;
    int descriptor_;
    std::uint64_t size_bytes_;
  };

  /// In a folder that is the service's own (see claim_folder()).
  static PartFiles open_folder(const std::filesystem::path& folder) {
    return PartFiles(std::filesystem::absolute(folder));
  }

  /// `id` was made by the server. Errors: unavailable (another request is
  /// writing it, the disk is full).
  Result<Part> open(const std::string& id);

  /// Of all of them together.
  std::uint64_t size_bytes() const;

  /// Moves those whose id is not in `reserved` and that nothing was added to for an
  /// hour to the quarantine.
  void sweep(const std::vector<std::string>& reserved) const;

 private:
  struct InUse {
    std::mutex mutex;
    std::unordered_set<std::string> ids;
  };
  explicit PartFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path folder_;
  std::unique_ptr<InUse> in_use_ = std::make_unique<InUse>();
};

}  // namespace vivavox

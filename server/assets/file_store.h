// A folder of stored files that appear whole or not at all.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"
#include "server/assets/sha256.h"

namespace vivavox {

/// A file in the making: hidden until it is put in place, gone if it is not.
class StagedFile {
 public:
  StagedFile(StagedFile&& other) noexcept;
  StagedFile& operator=(StagedFile&&) = delete;
  ~StagedFile();

  const std::filesystem::path& path() const { return path_; }

  /// Errors: unavailable (the disk is full).
  Result<void> append(std::string_view bytes);
  std::size_t size_bytes() const { return size_bytes_; }

  /// The first bytes, by which the kind of file is recognised.
  const std::string& head() const { return head_; }

  /// SHA-256 of all that was appended. Once.
  std::string sha256() { return digest_.hex(); }

 private:
  friend class FileStore;
  StagedFile(std::filesystem::path path, int descriptor)
      : path_(std::move(path)), descriptor_(descriptor) {}

  std::filesystem::path path_;
  int descriptor_;
  std::size_t size_bytes_ = 0;
  std::string head_;
  Sha256 digest_;
};

/// Whether the service gives files such a name; it touches no others.
using IsOwnName = bool (*)(std::string_view name);

/// "0123….ending": so many hexadecimal digits, and an ending of letters and digits
/// or none.
bool is_hex_name(std::string_view name, std::size_t digits);

/// What a sweep found.
struct Swept {
  std::vector<std::string> quarantined;  ///< nobody's
  std::vector<std::string> given_back;   ///< known after all
  std::vector<std::string> missing;      ///< known, but not there
};

class FileStore {
 public:
  /// A store in a folder that is the service's own (see claim_folder()). Errors: io_failed.
  static Result<FileStore> open(const std::filesystem::path& folder, IsOwnName is_own_name);

  const std::filesystem::path& folder() const { return folder_; }

  /// `ending` with its dot, for programs that go by it. Errors: unavailable.
  Result<StagedFile> stage(std::string_view ending = "") const;

  /// Puts the file in its place under `name` ("ab/cd.png", made by the server
  /// itself), on the disk when this returns. A file that is there stays: same
  /// names have same contents. Errors: unavailable.
  Result<void> put(StagedFile file, const std::string& name) const;

  /// Gives a file a second name; both are removed by themselves. False: it is gone.
  bool link(const std::string& name, const std::string& second_name) const;

  void remove(const std::vector<std::string>& names) const;

  /// Where a name that came from a client lies; not_found for anything that is
  /// no file below the folder, by whatever trick (.., symbolic links).
  Result<std::filesystem::path> resolve(std::string_view name) const;

  /// Moves files of the service's naming that are not in `known` and are older than
  /// `min_age_s` to the quarantine, whence known ones that are missing come back;
  /// removes staged ones left behind and what was in quarantine for a week.
  Swept sweep(const std::vector<std::string>& known, int min_age_s) const;

 private:
  FileStore(std::filesystem::path folder, IsOwnName is_own_name)
      : folder_(std::move(folder)), is_own_name_(is_own_name) {}
  void remove_left_behind(int min_age_s) const;
  std::filesystem::path folder_;
  IsOwnName is_own_name_;
};

/// Resolves `name`, segments joined by "/", below `folder`; see FileStore::resolve.
Result<std::filesystem::path> resolve_below(const std::filesystem::path& folder,
                                            std::string_view name);

/// Whether a client may call a file so: no path, nothing hidden, no control bytes,
/// at most 200 bytes.
bool is_plain_name(std::string_view name);

}  // namespace vivavox

// A file as HTTP serves it: type, validator and bytes.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "engine/error.h"

namespace vivavox {

/// An open file. It stays readable although it may be deleted meanwhile.
class ServedFile {
 public:
  /// `etag` (without quotes) and `content_type` as known to the caller.
  /// `immutable`: the bytes under this URL never change.
  /// Errors: not_found (also for folders), io_failed.
  static Result<std::shared_ptr<const ServedFile>> open(const std::filesystem::path& path,
                                                        std::string content_type, std::string etag,
                                                        bool immutable);
  ~ServedFile() { ::close(descriptor_); }
  ServedFile(const ServedFile&) = delete;
  ServedFile& operator=(const ServedFile&) = delete;

  std::size_t size_bytes() const { return size_bytes_; }
  const std::string& content_type() const { return content_type_; }
  std::string etag() const { return "\"" + etag_ + "\""; }
  std::string cache_control(bool shared) const;

  /// Reads up to `length` bytes at `offset`; fewer only at the end or on failure.
  std::string read(std::size_t offset, std::size_t length) const;

 private:
  ServedFile(int descriptor, std::size_t size_bytes, std::string content_type, std::string etag,
             bool immutable)
      : descriptor_(descriptor),
        size_bytes_(size_bytes),
        content_type_(std::move(content_type)),
        etag_(std::move(etag)),
        immutable_(immutable) {}
  int descriptor_;
  std::size_t size_bytes_;
  std::string content_type_;
  std::string etag_;
  bool immutable_;
};

/// Whether an If-None-Match header's value names this ETag (RFC 9110 §13.1.2).
bool matches_etag(std::string_view if_none_match, std::string_view etag);

/// The MIME type that a file name's ending stands for; application/octet-stream
/// where it is unknown.
std::string_view mime_type_of_name(std::string_view name);

}  // namespace vivavox

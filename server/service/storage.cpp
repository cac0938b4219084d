#include "server/service/storage.h"

namespace vivavox {

Result<void> Storage::refresh() {
  const auto bytes = store_.stored_bytes();
  if (!bytes) return std::unexpected(bytes.error());
  kept_ = static_cast<std::uint64_t>(bytes->assets + bytes->audios) + parts_.size_bytes();
  renders_ = static_cast<std::uint64_t>(bytes->renders);
  return {};
}

Result<void> Storage::admit(std::uint64_t more_bytes) {
  const std::uint64_t most = settings_.max_storage_bytes;
  if (kept_ + more_bytes > most) {
    // Some may have been deleted since.
    if (auto counted = refresh(); !counted) return counted;
  }
  if (kept_ + more_bytes > most) {
    return fail(ErrorCode::storage_full, "all assets and audios together may take " +
                                             std::to_string(most) +
                                             " bytes (MAX_STORAGE): delete some first");
  }
  kept_ += more_bytes;
  return {};
}

Result<ForgottenFiles> Storage::add_renders(std::uint64_t more_bytes) {
  renders_ += more_bytes;
  if (renders_ <= settings_.max_renders_bytes) return ForgottenFiles{};
  auto gone = store_.trim_renders(static_cast<std::int64_t>(settings_.max_renders_bytes));
  if (!gone) return gone;
  if (auto counted = refresh(); !counted) return std::unexpected(counted.error());
  return gone;
}

}  // namespace vivavox

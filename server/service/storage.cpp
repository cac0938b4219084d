#include "server/service/storage.h"

namespace vivavox {

namespace {

constexpr std::int64_t day_ms = std::int64_t{24} * 3600 * 1000;
/// More are asked for in a minute only by who asks for all.
constexpr std::size_t most_noted_uses = 10'000;

}  // namespace

Result<void> Storage::refresh() {
  const std::lock_guard lock(counting_);
  return count();
}

Result<void> Storage::count() {
  const auto bytes = store_.stored_bytes();
  if (!bytes) return std::unexpected(bytes.error());
  kept_ = static_cast<std::uint64_t>(bytes->assets + bytes->audios) + parts_.size_bytes();
  render_bytes_ = static_cast<std::uint64_t>(bytes->renders);
  render_count_ = static_cast<std::uint64_t>(bytes->render_count);
  return {};
}

bool Storage::has_room(std::uint64_t more_bytes) const {
  return kept_ + on_the_way_ + more_bytes <= settings_.max_storage_bytes;
}

Result<Storage::Room> Storage::admit(std::uint64_t more_bytes) {
  const std::lock_guard lock(counting_);
  if (!has_room(more_bytes)) {
    // Some may have been deleted since.
    if (auto counted = count(); !counted) return std::unexpected(counted.error());
  }
  if (!has_room(more_bytes)) {
    return fail(ErrorCode::storage_full, "all assets and audios together may take " +
                                             std::to_string(settings_.max_storage_bytes) +
                                             " bytes (MAX_STORAGE): delete some first");
  }
  on_the_way_ += more_bytes;
  return Room(*this, more_bytes);
}

void Storage::settle(std::uint64_t bytes) {
  const std::lock_guard lock(counting_);
  on_the_way_ -= bytes;
  // The last count may have found it already: then it counts twice until the next one.
  kept_ += bytes;
}

Result<ForgottenFiles> Storage::add_renders(std::size_t count, std::uint64_t bytes) {
  render_bytes_ += bytes;
  render_count_ += count;
  return renders_fit() ? ForgottenFiles() : trim_renders();
}

bool Storage::renders_fit() const {
  return render_bytes_ <= settings_.max_renders_bytes &&
         render_count_ <= static_cast<std::uint64_t>(settings_.max_render_files);
}

void Storage::note_use(const std::string& file) {
  const std::lock_guard lock(mutex_);
  if (used_.size() < most_noted_uses) used_.insert(file);
}

Result<ForgottenFiles> Storage::trim_renders() {
  std::vector<std::string> used;
  {
    const std::lock_guard lock(mutex_);
    used.assign(used_.begin(), used_.end());
    used_.clear();
  }
  const std::int64_t now = now_ms();
  if (!used.empty()) {
    if (auto noted = store_.note_renders_used(used, now); !noted) {
      return std::unexpected(noted.error());
    }
  }
  if (auto counted = refresh(); !counted) return std::unexpected(counted.error());
  if (renders_fit() && settings_.max_render_days == 0) return ForgottenFiles();
  const std::int64_t since =
      settings_.max_render_days > 0 ? now - settings_.max_render_days * day_ms : 0;
  auto gone = store_.trim_renders(static_cast<std::int64_t>(settings_.max_renders_bytes),
                                  settings_.max_render_files, since);
  if (gone && !gone->renders.empty()) {
    if (auto counted = refresh(); !counted) return std::unexpected(counted.error());
  }
  return gone;
}

}  // namespace vivavox

#include "server/store/avatar_cache.h"

namespace vivavox {

namespace {
constexpr std::size_t most_entries_in_a_shard = 1000;
}

AvatarCache::Shard& AvatarCache::shard_of(const std::string& avatar_id) const {
  return shards_[std::hash<std::string>{}(avatar_id) % shards_.size()];
}

StoredAvatarPtr AvatarCache::find(const std::string& avatar_id) const {
  if (!enabled_) return nullptr;
  Shard& shard = shard_of(avatar_id);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(avatar_id);
  return found == shard.entries.end() ? nullptr : found->second.avatar;
}

void AvatarCache::keep_written(StoredAvatarPtr avatar, std::uint64_t number) {
  keep(std::move(avatar), number, true);
}

void AvatarCache::keep_read(StoredAvatarPtr avatar, std::uint64_t number) {
  keep(std::move(avatar), number, false);
}

void AvatarCache::keep(StoredAvatarPtr avatar, std::uint64_t number, bool written) {
  if (!enabled_) return;
  Shard& shard = shard_of(avatar->avatar_id);
  const std::lock_guard lock(shard.mutex);
  if (number <= shard.cleared) return;
  if (shard.entries.size() >= most_entries_in_a_shard) {
    shard.entries.clear();
    shard.cleared = next_number();
    return;
  }
  Entry& entry = shard.entries[avatar->avatar_id];
  if (!entry.avatar || (written && entry.number < number)) {
    entry = {std::move(avatar), written ? number : 0};
  }
}

void AvatarCache::forget(const std::string& avatar_id) {
  Shard& shard = shard_of(avatar_id);
  const std::lock_guard lock(shard.mutex);
  shard.entries.erase(avatar_id);
  shard.cleared = next_number();
}

}  // namespace vivavox

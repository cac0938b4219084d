// Avatars as last committed, for reads that need no database.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "server/store/records.h"

namespace vivavox {

/// Right under concurrency by numbering: a transaction numbers its result while
/// it holds the avatar's row, so among writes a higher number is a later state,
/// whatever order the threads arrive in. A read never replaces anything.
class AvatarCache {
 public:
  /// `enabled` false: the cache stays empty (other processes write too).
  explicit AvatarCache(bool enabled) : enabled_(enabled) {}

  std::uint64_t next_number() { return ++number_; }

  StoredAvatarPtr find(const std::string& avatar_id) const;

  /// Keeps what was written under `number`.
  void keep_written(StoredAvatarPtr avatar, std::uint64_t number);

  /// Keeps what was read, having numbered it before the reading.
  void keep_read(StoredAvatarPtr avatar, std::uint64_t number);

  /// The avatar was deleted: what was read before this call is not kept.
  void forget(const std::string& avatar_id);

 private:
  struct Entry {
    StoredAvatarPtr avatar;
    std::uint64_t number = 0;
  };
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::string, Entry> entries;
    std::uint64_t cleared = 0;  ///< what is numbered lower is not kept
  };
  void keep(StoredAvatarPtr avatar, std::uint64_t number, bool written);
  Shard& shard_of(const std::string& avatar_id) const;

  bool enabled_;
  std::atomic<std::uint64_t> number_ = 0;
  mutable std::array<Shard, 16> shards_;
};

}  // namespace vivavox

// How much the service keeps, and what goes when it is too much.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "engine/error.h"
#include "server/assets/part_files.h"
#include "server/service/settings.h"
#include "server/store/store.h"

namespace vivavox {

/// Counts what is stored as it comes, and asks the database where it matters: near
/// the limits, and now and then, because other processes store too.
class Storage {
 public:
  Storage(const Settings& settings, Store& store, const PartFiles& parts)
      : settings_(settings), store_(store), parts_(parts) {}

  /// Room for something that is being stored. It is counted beside what the database
  /// tells as long as this lives, which is until the database knows of it.
  class [[nodiscard]] Room {
   public:
    Room(Room&& other) noexcept
        : storage_(std::exchange(other.storage_, nullptr)), bytes_(other.bytes_) {}
    Room& operator=(Room&&) = delete;
    ~Room() {
      if (storage_) storage_->settle(bytes_);
    }

   private:
    friend class Storage;
    Room(Storage& storage, std::uint64_t bytes) : storage_(&storage), bytes_(bytes) {}

    Storage* storage_;
    std::uint64_t bytes_;
  };

  /// Room for so much more of what clients entrust: assets, their parts and audios.
  /// Errors: storage_full.
  Result<Room> admit(std::uint64_t more_bytes);

  /// Renders were made: so many more, of so many bytes. Returns those that are too many
  /// now.
  Result<ForgottenFiles> add_renders(std::size_t count, std::uint64_t bytes);

  /// A render was asked for: it stays longer than others. Noted with the next trim_renders().
  void note_use(const std::string& file);

  /// Deletes the renders that are too many, or too old; they are used least recently.
  Result<ForgottenFiles> trim_renders();

  /// Counts anew.
  Result<void> refresh();

 private:
  bool renders_fit() const;
  bool has_room(std::uint64_t more_bytes) const;
  Result<void> count();
  void settle(std::uint64_t bytes);

  const Settings& settings_;
  Store& store_;
  const PartFiles& parts_;
  std::atomic<std::uint64_t> render_bytes_ = 0, render_count_ = 0;
  /// Held while the database counts: what is settled meanwhile comes after its count.
  std::mutex counting_;
  std::uint64_t kept_ = 0;        ///< as counted, and what was settled since
  std::uint64_t on_the_way_ = 0;  ///< what has room and is not settled
  std::mutex mutex_;
  std::set<std::string> used_;  ///< renders, since the last trim_renders()
};

}  // namespace vivavox

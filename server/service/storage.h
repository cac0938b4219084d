// How much the service keeps, and what goes when it is too much.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>

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

  /// Whether there is room for so much more of what clients entrust: assets, their
  /// parts and audios. Counts it in. Errors: storage_full.
  Result<void> admit(std::uint64_t more_bytes);

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

  const Settings& settings_;
  Store& store_;
  const PartFiles& parts_;
  std::atomic<std::uint64_t> kept_ = 0, render_bytes_ = 0, render_count_ = 0;
  std::mutex mutex_;
  std::set<std::string> used_;  ///< renders, since the last trim_renders()
};

}  // namespace vivavox

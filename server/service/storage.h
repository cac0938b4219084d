// How much the service keeps, and what goes when it is too much.
#pragma once

#include <atomic>
#include <cstdint>

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

  /// Renders are made again: so much more of them, and the oldest that are too many.
  Result<ForgottenFiles> add_renders(std::uint64_t more_bytes);

  /// Counts anew.
  Result<void> refresh();

 private:
  const Settings& settings_;
  Store& store_;
  const PartFiles& parts_;
  std::atomic<std::uint64_t> kept_ = 0, renders_ = 0;
};

}  // namespace vivavox

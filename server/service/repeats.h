// Requests that are sent again with their Idempotency-Key: made once, answered alike.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "server/http/http_server.h"
#include "server/store/store.h"

namespace vivavox {

/// A request that was answered well is answered so again, and nothing is done for it. One
/// that was not, or whose answer was lost with its process, is done again; what it makes
/// has the same ids then, by which the store knows what was made before.
class Repeats {
 public:
  explicit Repeats(Store& store) : store_(store) {}

  /// The reply of `handler`, or that of the first time.
  Reply answer(Call& call, const Handler& handler);

 private:
  using Key = std::pair<std::string, std::string>;  ///< an owner's
  class Turn;

  Reply answer_first(Call& call, const Handler& handler, const Key& key, const std::string& seed);

  Store& store_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<Key> at_work_;
};

}  // namespace vivavox

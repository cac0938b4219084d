// How many requests a client may make: a token bucket for each.
#pragma once

#include <array>
#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace vivavox {

/// What a client may still ask for.
struct Allowance {
  int remaining = 0;  ///< requests that may be made at once
  int wait_s = 0;     ///< until the next one may be made; 0: this one may
  int full_s = 0;     ///< until a minute's worth may be made at once
};

/// Each client has a bucket that holds a minute's worth of requests and fills
/// steadily: bursts pass, a sustained excess does not.
class RateLimiter {
 public:
  using Clock = std::chrono::steady_clock;

  /// `requests_per_minute` 0: no limit.
  explicit RateLimiter(int requests_per_minute) : per_minute_(requests_per_minute) {}

  /// Takes a token of `client`, if there is one.
  Allowance take(std::string_view client, Clock::time_point now);

 private:
  struct Bucket {
    double tokens;
    Clock::time_point filled;
  };
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  /// Sharded, so that connections do not queue for one lock.
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, Bucket, Hash, std::equal_to<>> buckets;
    Clock::time_point swept{};
  };

  void sweep(Shard& shard, Clock::time_point now) const;

  double per_minute_;
  std::array<Shard, 16> shards_;
};

}  // namespace vivavox

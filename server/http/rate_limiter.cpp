#include "server/http/rate_limiter.h"

#include <algorithm>
#include <cmath>

namespace vivavox {

namespace {
constexpr std::chrono::minutes fill_time{1};
}

void RateLimiter::sweep(Shard& shard, Clock::time_point now) const {
  // A bucket that has had time to fill is as good as none.
  if (now - shard.swept < fill_time) return;
  shard.swept = now;
  std::erase_if(shard.buckets,
                [&](const auto& entry) { return now - entry.second.filled >= fill_time; });
}

Allowance RateLimiter::take(std::string_view client, Clock::time_point now) {
  if (per_minute_ == 0) return {};
  Shard& shard = shards_[std::hash<std::string_view>{}(client) % shards_.size()];
  const std::lock_guard lock(shard.mutex);
  sweep(shard, now);
  auto found = shard.buckets.find(client);
  if (found == shard.buckets.end()) {
    found = shard.buckets.emplace(std::string(client), Bucket{per_minute_, now}).first;
  }
  Bucket& bucket = found->second;
  const std::chrono::duration<double> passed = now - bucket.filled;
  bucket.tokens = std::min(per_minute_, bucket.tokens + passed.count() * per_minute_ / 60);
  bucket.filled = now;
  const auto seconds_until = [&](double tokens) {
    return std::max(0, static_cast<int>(std::ceil((tokens - bucket.tokens) * 60 / per_minute_)));
  };
  const int wait_s = seconds_until(1);
  if (wait_s == 0) bucket.tokens -= 1;
  return {.remaining = static_cast<int>(bucket.tokens),
          .wait_s = wait_s,
          .full_s = seconds_until(per_minute_)};
}

}  // namespace vivavox

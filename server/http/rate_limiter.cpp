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

int RateLimiter::take(std::string_view client, Clock::time_point now) {
  if (per_minute_ == 0) return 0;
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
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return 0;
  }
  return std::max(1, static_cast<int>(std::ceil((1 - bucket.tokens) * 60 / per_minute_)));
}

}  // namespace vivavox

#include "server/service/spoken_events.h"

#include <cmath>
#include <utility>

#include "engine/face/visemes.h"
#include "server/fragmented_mp4.h"

namespace vivavox {

namespace {

constexpr std::uint32_t timescale_hz = 48000;

}  // namespace

void SpokenEvents::add(Timeline clause) {
  const std::lock_guard lock(mutex_);
  const double start_s = lead_s_ + clause.seconds(samples_before_);
  samples_before_ += clause.length_samples;
  if (clause.phones.empty()) return;
  const std::size_t text_offset = cutter_.cut(clause);
  waiting_ += event_message_box(
      {.scheme = spoken_scheme,
       .id = count_++,
       .timescale_hz = timescale_hz,
       .at = static_cast<std::uint64_t>(std::llround(start_s * timescale_hz)),
       .length = static_cast<std::uint32_t>(std::llround(clause.duration_s() * timescale_hz)),
       .data = "{\"text_offset\":" + std::to_string(text_offset) + ",\"timeline\":" +
               to_json(clause) + ",\"visemes\":" + timed_visemes_json(clause) + "}"});
}

std::string SpokenEvents::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

}  // namespace vivavox

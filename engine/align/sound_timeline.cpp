#include "engine/align/sound_timeline.h"

#include <algorithm>

#include "engine/align/features.h"
#include "engine/align/loudness_timeline.h"
#include "engine/align/phone_loop.h"

namespace vivavox {

namespace {

/// With less speech than this, how the voice sounds in the mean is not known.
constexpr std::size_t least_loud_frames = 150;

}  // namespace

Result<Timeline> sound_timeline(const Recording& recording) {
  if (auto checked = check_followed(recording); !checked) return std::unexpected(checked.error());
  const Features features(band_levels(recording.samples, recording.sample_rate_hz));
  if (features.loud_frames() < least_loud_frames) return loudness_timeline(recording);
  Timeline timeline{.sample_rate_hz = recording.sample_rate_hz,
                    .length_samples = std::ssize(recording.samples),
                    .timing = Timing::estimated};
  std::int64_t at = 0;
  for (const HeardPhone& heard : hear_phones(features)) {
    const auto end = heard.end == features.size()
                         ? timeline.length_samples
                         : static_cast<std::int64_t>(heard.end) * hop_length_samples *
                               recording.sample_rate_hz / spectrum_hz;
    const std::int64_t until = std::clamp(end, at, timeline.length_samples);
    if (until == at) continue;
    timeline.phones.push_back(
        {.ipa = std::string(heard.ipa), .start_samples = at, .end_samples = until});
    at = until;
  }
  return timeline;
}

}  // namespace vivavox

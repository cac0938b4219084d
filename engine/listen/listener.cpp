#include "engine/listen/listener.h"

#include <algorithm>
#include <utility>

#include "engine/prosody/delivery.h"

namespace vivavox {

namespace {

/// A run of moments with the same viseme.
struct Run {
  Viseme viseme;
  std::size_t moments;
};

/// Visemes in turn. A single moment between others is taken for its neighbour's, unless the lips
/// shut in it.
std::vector<Run> runs_of(const std::vector<HeardMoment>& moments) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    const Viseme viseme = moments[i].viseme;
    const bool goes_on = i + 1 < moments.size() && moments[i + 1].viseme == viseme;
    const bool same = !runs.empty() && runs.back().viseme == viseme;
    const bool flickers = !runs.empty() && !same && !goes_on && viseme != Viseme::PP;
    if (same || flickers) {
      ++runs.back().moments;
    } else {
      runs.push_back({viseme, 1});
    }
  }
  return runs;
}

/// The Timeline of the samples [from, until), in which these moments were heard.
Timeline stretch(const std::vector<HeardMoment>& moments, std::int32_t sample_rate_hz,
                 std::int64_t from, std::int64_t until) {
  Timeline timeline{.sample_rate_hz = sample_rate_hz,
                    .length_samples = until - from,
                    .timing = Timing::estimated};
  for (const HeardMoment& heard : moments) {
    const std::int64_t at = heard.moment.at_samples - from;
    if (at < timeline.length_samples) timeline.mouth.push_back({at, heard.moment.mouth});
  }
  std::int64_t at = 0;
  const auto add = [&](Viseme viseme, std::int64_t end) {
    end = std::clamp(end, at, timeline.length_samples);
    if (end == at) return;
    timeline.phones.push_back(
        {.ipa = std::string(typical_ipa(viseme)), .start_samples = at, .end_samples = end});
    at = end;
  };
  std::size_t next = 0;
  for (const auto& [viseme, count] : runs_of(moments)) {
    next += count;
    const bool is_last = next == moments.size();
    const auto between = [&] {
      return (moments[next - 1].moment.at_samples + moments[next].moment.at_samples) / 2 - from;
    };
    add(viseme, is_last ? timeline.length_samples : between());
  }
  add(Viseme::sil, timeline.length_samples);
  return timeline;
}

}  // namespace

Listener::Listener(std::int32_t sample_rate_hz)
    : sample_rate_hz_(sample_rate_hz), ear_(sample_rate_hz) {}

Timeline Listener::push(std::span<const float> samples) {
  given_ += std::ssize(samples);
  const std::vector<HeardMoment> moments = ear_.push(samples);
  if (moments.empty()) return tell(moments, told_);
  const auto reach = static_cast<std::int64_t>(moment_s / 2 * sample_rate_hz_);
  return tell(moments, moments.back().moment.at_samples + reach);
}

Timeline Listener::finish() {
  return tell(ear_.finish(), given_);
}

Timeline Listener::tell(const std::vector<HeardMoment>& moments, std::int64_t until) {
  return stretch(moments, sample_rate_hz_, std::exchange(told_, until), until);
}

Result<Timeline> heard_timeline(const Recording& recording) {
  const auto length = static_cast<double>(recording.samples.size());
  if (recording.sample_rate_hz <= 0 || length == 0 ||
      length > longest_heard_s * recording.sample_rate_hz) {
    return fail(ErrorCode::invalid_audio,
                "a recording of unknown words has up to 600 s, and is not empty");
  }
  Ear ear(recording.sample_rate_hz);
  std::vector<HeardMoment> moments = ear.push(recording.samples);
  const std::vector<HeardMoment> last = ear.finish();
  moments.insert(moments.end(), last.begin(), last.end());
  Timeline timeline = stretch(moments, recording.sample_rate_hz, 0, std::ssize(recording.samples));
  UsualVoice().describe(timeline, {recording.samples, recording.sample_rate_hz});
  return timeline;
}

}  // namespace vivavox

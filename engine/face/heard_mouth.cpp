#include "engine/face/heard_mouth.h"

#include <algorithm>
#include <cmath>

namespace vivavox {

namespace {

/// Moments that are further apart belong to different speech.
constexpr double longest_gap_s = 0.2;
/// In which the mouth comes from rest and goes back to it.
constexpr double fade_s = 0.08;

std::vector<MouthMoment>::const_iterator first_from(const Timeline& timeline, double from_s) {
  return std::ranges::lower_bound(timeline.mouth, from_s, {}, [&](const MouthMoment& moment) {
    return timeline.seconds(moment.at_samples);
  });
}

}  // namespace

MouthTracks heard_tracks(const Timeline& timeline, double from_s) {
  std::array<std::vector<Track::Key>, channel_count> keys;
  const auto add = [&](double at_s, const Mouth& mouth) {
    for (std::size_t i = 0; i < channel_count; ++i) {
      keys[i].push_back({at_s, mouth[static_cast<Channel>(i)]});
    }
  };
  const auto first = first_from(timeline, from_s);
  for (auto moment = first; moment != timeline.mouth.end(); ++moment) {
    const double at_s = timeline.seconds(moment->at_samples);
    const bool begins =
        moment == first || at_s - timeline.seconds(std::prev(moment)->at_samples) > longest_gap_s;
    if (begins) add(at_s - fade_s, {});
    add(at_s, moment->mouth);
    const auto next = std::next(moment);
    const bool ends =
        next == timeline.mouth.end() || timeline.seconds(next->at_samples) - at_s > longest_gap_s;
    if (ends) add(at_s + fade_s, {});
  }
  std::array<Track, channel_count> tracks;
  for (std::size_t i = 0; i < channel_count; ++i) tracks[i] = Track(keys[i]);
  return MouthTracks(std::move(tracks));
}

bool is_heard(const Timeline& timeline, double time_s) {
  const auto next = first_from(timeline, time_s - longest_gap_s / 2);
  return next != timeline.mouth.end() &&
         timeline.seconds(next->at_samples) < time_s + longest_gap_s / 2;
}

}  // namespace vivavox

// Gestures blended with their neighbours into smooth tracks.
#pragma once

#include <array>
#include <vector>

#include "engine/face/gestures.h"
#include "engine/face/mouth.h"
#include "engine/face/track.h"

namespace vivavox {

/// The mouth over time: one track for each channel.
class MouthTracks {
 public:
  MouthTracks() = default;
  explicit MouthTracks(std::array<Track, channel_count> tracks) : tracks_(std::move(tracks)) {}

  Mouth at(double t_s) const;

  /// As Track has it, for every channel.
  void replace_from(double from_s, const MouthTracks& later);
  void drop_before(double before_s);

 private:
  std::array<Track, channel_count> tracks_;
};

/// Blends gestures (in order of time) into tracks. Each gesture's target is
/// weighed against its neighbours' by Cohen and Massaro's dominance; firm aims
/// (closures, teeth on lip, rests) are met exactly over their whole hold. Where
/// a channel is nobody's concern it returns to 0 and leaves it in time for the
/// next gesture; softer targets give way so that speeds stay humanly possible.
MouthTracks coarticulated(const std::vector<Gesture>& gestures);

}  // namespace vivavox

// Moods: what a face looks like, and how it idles, when it feels something.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/face/blend_shapes.h"
#include "engine/face/face_pose.h"
#include "engine/face/fading_track.h"

namespace vivavox {

/// How a face in some mood looks and behaves; the numbers of shared/moods.json.
struct Temper {
  BlendWeights pose;
  Rotation head;
  float mouth_while_speaking = 0;  ///< the share of the pose's mouth kept in speech, 0…1
  float blinks_per_minute = 0;
  float breaths_per_minute = 0;
  float gaze_aversion = 0;   ///< chance of looking away every few seconds, 0…1
  float gaze_yaw_rad = 0;    ///< how far to the side it then looks
  float gaze_pitch_rad = 0;  ///< how far down (positive) or up
  float head_motion = 0;     ///< scale of head motion; 1 is lively, 0 still
};

struct Mood {
  std::string name;
  Temper temper;
};

/// All moods, "neutral" first.
std::span<const Mood> moods();

/// The temper of the mood of that name.
/// Errors: invalid_argument, naming the moods there are.
Result<Temper> temper_of(std::string_view mood);

/// From `a` (share 0) to `b` (share 1).
Temper mixed(const Temper& a, const Temper& b, double share);

/// From a time on, this mood. The change takes mood_fade_s.
struct MoodMark {
  double at_s = 0;
  std::string mood = "neutral";
  double intensity = 1;  ///< 0…1: 0 is neutral
};

inline constexpr double mood_fade_s = 0.4;

/// Counts events that come at a mood's rate, e.g. blinks: `phase` is how many
/// have come by a time, and `time_s` is its inverse. Rates change at marks.
class MoodClock {
 public:
  struct Segment {
    double at_s;
    double phase;
    double per_s;
  };
  explicit MoodClock(std::vector<Segment> segments) : segments_(std::move(segments)) {}

  double phase(double t_s) const;
  double time_s(double phase) const;

 private:
  std::vector<Segment> segments_;
};

/// The moods of a performance over time.
class MoodTrack {
 public:
  /// Marks may come in any order; of two at one time the later one holds. The
  /// last mark at or before 0 is the mood that the face begins in, and had
  /// before; without one it begins neutral.
  /// Errors: invalid_argument for an unknown mood, an intensity outside 0…1, or
  /// a time that is not finite.
  static Result<MoodTrack> from(std::span<const MoodMark> marks);

  /// One mark more: the face changes at its time, be it before 0. Errors: as from().
  Result<void> add(const MoodMark& mark);

  /// The temper at a time, faded smoothly from mark to mark.
  Temper at(double t_s) const { return tempers_.at(t_s); }

  /// A clock of events at the rate `per_minute`, which began idle_start_s
  /// before time 0.
  MoodClock clock(float Temper::* per_minute, double idle_start_s) const;

 private:
  FadingTrack<Temper> tempers_{moods().front().temper, mood_fade_s};
};

}  // namespace vivavox

// A Timeline performed by a face: the curves of everything that moves.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/error.h"
#include "engine/face/accents.h"
#include "engine/face/coarticulation.h"
#include "engine/face/face_pose.h"
#include "engine/face/life.h"
#include "engine/face/moods.h"
#include "engine/face/speaking_style.h"
#include "engine/face/visemes.h"
#include "engine/timeline/timeline.h"

namespace vivavox {

struct PerformanceOptions {
  std::vector<MoodMark> moods = {};    ///< neutral if empty
  std::vector<StyleMark> styles = {};  ///< natural if empty
  std::uint32_t seed = 0;              ///< another seed, other blinks, glances and nods
  /// How long the face has been idle at the Timeline's start: the idle motion of
  /// an earlier, empty Performance of the same seed goes on without a jump.
  double idle_start_s = 0;
};

/// The lips move before the sound: show a Performance from −lead_s on.
inline constexpr double performance_lead_s = 0.25;

/// What a face is asked to look at, instead of where its eyes would wander.
struct Attention {
  Rotation direction;  ///< from straight ahead; the head follows a part of the way
  float share = 0;     ///< 0: the eyes wander, 1: they are held
};

/// A face over time. Every call but `append`, `revise`, `forget`, `set_mood` and `set_style` is
/// pure: the same Timeline, options and time give the same face on every platform, in any order, at
/// any rate.
class Performance {
 public:
  /// Errors: invalid_argument, saying which option is wrong (an unknown mood, an
  /// intensity or a style out of range, a time that is not finite).
  static Result<Performance> create(Timeline timeline, PerformanceOptions options = {});

  /// Adds a later clause after what was said, at a cost that does not grow with that. Poses
  /// more than half a second before the join stay as they were.
  void append(const Timeline& clause);

  /// What a stretch of heard sound says is known now: from a time on, its phones move the mouth
  /// where the ear did; see revise() of Timelines. Poses more than half a second before that time
  /// stay as they were.
  void revise(const Timeline& known, double start_s, double from_s);

  /// Lets go of what ended more than three seconds before a time, so that a long speech
  /// takes no more memory than a short one. Poses from that time on stay as they were;
  /// earlier ones may not be asked for any more.
  void forget(double before_s);

  /// From mark.at_s on, that mood; marks set before stay.
  /// Errors: invalid_argument as create() gives it; nothing changes then.
  Result<void> set_mood(const MoodMark& mark);

  /// From mark.at_s on, jaw and lips speak in that style; marks set before stay.
  /// Errors: invalid_argument as create() gives it; nothing changes then.
  Result<void> set_style(const StyleMark& mark);

  /// The face at a time in seconds from the Timeline's start. Before it and
  /// after its end the face idles. NaN is read as 0, and times are kept within
  /// ±10^7 s. All weights are within 0…1.
  FacePose pose(double t_s, const Attention& attention = {}) const;

  /// The same with a mouth that is heard just now in place of the Timeline's.
  FacePose pose_with(const Mouth& mouth, double t_s, const Attention& attention = {}) const;

  /// The mouth alone as viseme weights that sum to 1, for rigs without ARKit's
  /// blend shapes. The same times as pose().
  VisemeWeights visemes(double t_s) const;

  double duration_s() const { return timeline_.duration_s(); }
  const Timeline& timeline() const { return timeline_; }

 private:
  Performance(Timeline timeline, PerformanceOptions options, MoodTrack moods, StyleTrack styles);
  void prepare_from(double from_s);
  Mouth mouth_at(double t_s) const;
  FacePose pose_of(const Mouth& mouth, double t, const Attention& attention) const;

  Timeline timeline_;
  PerformanceOptions options_;
  MoodTrack moods_;
  StyleTrack styles_;
  MoodClock blinks_;
  MoodClock breaths_;
  MouthTracks mouth_;
  MouthTracks heard_;
  VisemeTrack visemes_;
  std::vector<Accent> accents_;
  std::vector<double> breaks_s_;
  std::int64_t forgotten_phones_ = 0;
};

}  // namespace vivavox

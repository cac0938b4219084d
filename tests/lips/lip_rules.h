// What a lip-reader needs, as rules that can be counted on any curves: they are held against the
// mouth as it looks (mouth_mesh.h), sound by sound of a Timeline.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/face/sounds.h"
#include "engine/timeline/timeline.h"
#include "tests/lips/mouth_mesh.h"

namespace vivavox {

enum class LipRule : std::uint8_t {
  closes,        ///< p b m: shut through the middle third
  bites,         ///< f v: the lower lip on the upper incisors, lips parted, in the middle
  rounds_early,  ///< u o w: begun 60 ms before the sound
  stays_round,   ///< u o w: rounded for 80 % of the sound
  opens,         ///< vowels of more than 80 ms: 80 % of their own opening is reached
  stays_open,    ///< the same: 60 % of it are left at 85 % of their length
  count,
};

inline constexpr auto lip_rule_count = static_cast<std::size_t>(LipRule::count);

/// As tables and messages name it.
std::string_view name(LipRule rule);

/// A sound that a rule is for, and whether it is as the rule says.
struct Verdict {
  LipRule rule = LipRule::closes;
  bool held = false;
  Sound sound;
  double measured = 0;  ///< what the rule looks at, and what it asks for
  double asked = 0;
};

/// The weights of a face at a time in seconds from the Timeline's start.
using WeightsAt = std::function<BlendWeights(double t_s)>;

/// What an avatar's mouth does for a sound that stands alone: what rules measure against.
class LipTargets {
 public:
  explicit LipTargets(MouthMesh& mesh);

  /// Of the neutral vowel, [ə]: the neutral opening. At rest the lips are shut.
  double neutral_opening_m() const { return neutral_opening_m_; }
  double rest_width_m() const { return rest_width_m_; }

  /// The mouth of a vowel as its stress asks for it.
  MouthLook of(const Sound& sound);

  MouthMesh& mesh() { return *mesh_; }

 private:
  MouthMesh* mesh_;
  double neutral_opening_m_ = 0;
  double rest_width_m_ = 0;
};

/// Every rule at every sound that it is for.
std::vector<Verdict> judge(const Timeline& timeline, const WeightsAt& weights, LipTargets& targets);

}  // namespace vivavox

// The 15 visemes of the Oculus/Meta set, the common denominator of avatar files.
// Source: Meta, "Oculus Lipsync viseme reference".
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/face/blend_shapes.h"
#include "engine/face/sounds.h"
#include "engine/phonetics/articulation.h"

namespace vivavox {

enum class Viseme : std::uint8_t { sil, PP, FF, TH, DD, kk, CH, SS, nn, RR, aa, E, I, O, U };

inline constexpr std::size_t viseme_count = 15;

/// Its name without the prefix that morph targets carry: "PP" of "viseme_PP".
std::string_view name(Viseme viseme);

/// The IPA of one typical sound of it; empty for silence.
std::string_view typical_ipa(Viseme viseme);

/// The viseme nearest to how a sound is made.
Viseme viseme_of(const Articulation& articulation);

/// The viseme as ARKit weights: what shared/visemes.json holds.
BlendWeights viseme_shape(Viseme viseme);

/// shared/visemes.json as this engine would write it:
/// {"visemes":[{"name":"sil","arkit":{}},{"name":"PP","arkit":{"jawOpen":0.06,…}},…]}
std::string visemes_json();

/// The visemes of a Timeline's sounds with their times in seconds: [["PP",0.02,0.1],…].
std::string timed_visemes_json(const Timeline& timeline);

/// A weight for each viseme, indexed by Viseme.
using VisemeWeights = std::array<float, viseme_count>;

/// Sounds as visemes that fade into one another, lips ahead of the sound.
class VisemeTrack {
 public:
  VisemeTrack() = default;
  explicit VisemeTrack(const std::vector<Sound>& sounds);

  /// At most two visemes at a time, each 0…1, summing to 1 (silence is `sil`).
  VisemeWeights at(double t_s) const;

  /// From a time on, the track is `later`, whose sounds around that time are the same.
  void replace_from(double from_s, const VisemeTrack& later);

  /// Lets go of sounds that show no more from a time on.
  void drop_before(double before_s);

 private:
  /// Fades in over `fade_s` from `begin_s` on.
  struct Segment {
    double begin_s;
    double fade_s;
    Viseme viseme;
  };
  void add(double start_s, double previous_s, double duration_s, Viseme viseme);

  std::vector<Segment> segments_;
};

}  // namespace vivavox

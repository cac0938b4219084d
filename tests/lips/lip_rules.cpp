#include "tests/lips/lip_rules.h"

#include <algorithm>
#include <cmath>

#include "engine/face/gestures.h"
#include "engine/face/mouth.h"

namespace vivavox {

namespace {

using LookAt = std::function<MouthLook(double t_s)>;

constexpr double shut_share = 0.02;  ///< of the neutral opening
constexpr double bite_m = 0.001;     ///< from the lower lip to the incisors' edge, at most
constexpr double early_s = 0.06;
constexpr double begun_share = 0.1;  ///< of a rounded vowel's narrowing
constexpr double round_share = 0.5;
constexpr double round_time_share = 0.8;
constexpr double long_vowel_s = 0.08;
constexpr double reached_share = 0.8;
constexpr double left_share = 0.6;
constexpr double left_at = 0.85;
constexpr double visible_opening_m = 0.003;  ///< vowels that open less say nothing by it
constexpr int looks = 20;                    ///< that many times a sound is looked at

bool bites(const Articulation& sound) {
  return sound.place == Place::labiodental && sound.manner == Manner::fricative;
}

/// [u], [o], [y], [ø] and [w], [ɥ]: closer than open-mid, fully rounded.
bool rounds(const Articulation& sound) {
  if (sound.rounding < 0.8F) return false;
  return is_vowel(sound) ? sound.height >= 0.6F : sound.manner == Manner::approximant;
}

double at_share(const Sound& sound, double share) {
  return sound.start_s + share * sound.duration_s();
}

Verdict closure(const Sound& sound, const LookAt& look, const LipTargets& targets) {
  double widest_m = -1;
  for (int i = 0; i <= looks; ++i) {
    const double share = (1 + static_cast<double>(i) / looks) / 3;
    widest_m = std::max(widest_m, look(at_share(sound, share)).opening_m);
  }
  const double asked_m = shut_share * targets.neutral_opening_m();
  return {LipRule::closes, widest_m <= asked_m, sound, widest_m, asked_m};
}

Verdict bite(const Sound& sound, const WeightsAt& weights, LipTargets& targets) {
  const BlendWeights middle = weights(at_share(sound, 0.5));
  const double teeth_m = targets.mesh().lip_to_teeth_m(middle);
  const bool parted =
      targets.mesh().look(middle).opening_m > shut_share * targets.neutral_opening_m();
  return {LipRule::bites, parted && teeth_m <= bite_m, sound, teeth_m, bite_m};
}

void rounding(const Sound& sound, const LookAt& look, LipTargets& targets,
              std::vector<Verdict>& verdicts) {
  const double narrowing_m = targets.rest_width_m() - targets.of(sound).width_m;
  const auto share_at = [&](double t_s) {
    return (targets.rest_width_m() - look(t_s).width_m) / narrowing_m;
  };
  const double begun = share_at(sound.start_s - early_s);
  verdicts.push_back({LipRule::rounds_early, begun >= begun_share, sound, begun, begun_share});
  int rounded = 0;
  for (int i = 0; i < looks; ++i) {
    rounded += share_at(at_share(sound, (i + 0.5) / looks)) >= round_share;
  }
  const double held = static_cast<double>(rounded) / looks;
  verdicts.push_back(
      {LipRule::stays_round, held >= round_time_share, sound, held, round_time_share});
}

void opening(const Sound& sound, const LookAt& look, LipTargets& targets,
             std::vector<Verdict>& verdicts) {
  const double own_m = targets.of(sound).opening_m;
  if (sound.duration_s() <= long_vowel_s || own_m < visible_opening_m) return;
  double most_m = 0;
  for (int i = 0; i <= looks; ++i) {
    most_m = std::max(most_m, look(at_share(sound, static_cast<double>(i) / looks)).opening_m);
  }
  const double reached = most_m / own_m;
  verdicts.push_back({LipRule::opens, reached >= reached_share, sound, reached, reached_share});
  const double left = look(at_share(sound, left_at)).opening_m / own_m;
  verdicts.push_back({LipRule::stays_open, left >= left_share, sound, left, left_share});
}

}  // namespace

std::string_view name(LipRule rule) {
  constexpr std::array<std::string_view, lip_rule_count> names{
      "closes", "bites", "rounds_early", "stays_round", "opens", "stays_open"};
  return names[static_cast<std::size_t>(rule)];
}

LipTargets::LipTargets(MouthMesh& mesh) : mesh_(&mesh) {
  neutral_opening_m_ = of({.articulation = parse_ipa("ə").sequence.front()}).opening_m;
  rest_width_m_ = mesh.look({}).width_m;
}

MouthLook LipTargets::of(const Sound& sound) {
  const Aims aims = aims_of(sound.articulation, opening_strength(sound));
  Mouth mouth;
  for (std::size_t i = 0; i < channel_count; ++i) {
    const auto channel = static_cast<Channel>(i);
    mouth[channel] = aims[channel].target;
  }
  return mesh_->look(shaped(mouth, {}, 0));
}

std::vector<Verdict> judge(const Timeline& timeline, const WeightsAt& weights,
                           LipTargets& targets) {
  const LookAt look = [&](double t_s) { return targets.mesh().look(weights(t_s)); };
  std::vector<Verdict> verdicts;
  for (const Sound& sound : sounds(timeline)) {
    const Articulation& made = sound.articulation;
    if (closes_lips(made)) verdicts.push_back(closure(sound, look, targets));
    if (bites(made)) verdicts.push_back(bite(sound, weights, targets));
    if (rounds(made)) rounding(sound, look, targets, verdicts);
    if (is_vowel(made)) opening(sound, look, targets, verdicts);
  }
  return verdicts;
}

}  // namespace vivavox

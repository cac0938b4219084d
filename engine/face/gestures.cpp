#include "engine/face/gestures.h"

#include <algorithm>
#include <cmath>

namespace vivavox {

namespace {

void aim(Aims& aims, Channel channel, double target, double dominance) {
  aims[channel] = {.target = target, .dominance = dominance};
}

void aim_firmly(Aims& aims, Channel channel, double target) {
  aims[channel] = {.target = target, .dominance = 1, .firm = true};
}

/// Everything but a bilabial parts the lips, everything but a labiodental
/// frees the lower one.
void part_lips(Aims& aims) {
  aim(aims, Channel::seal, 0, 1);
  aim(aims, Channel::press, 0, 1);
  aim(aims, Channel::tuck, 0, 1);
}

/// Rounding pushes the lips forward; the closer the vowel, the smaller the
/// hole that is left, the opener, the more the lips flare.
void round_lips(Aims& aims, double rounding, double height, double dominance) {
  aim(aims, Channel::pucker, rounding * (0.15 + 0.55 * height), dominance);
  aim(aims, Channel::funnel, rounding * (0.38 - 0.24 * height), dominance);
}

Aims vowel_aims(const Articulation& vowel, double strength) {
  const double openness = 1 - static_cast<double>(vowel.height);
  const double rounding = static_cast<double>(vowel.rounding);
  // Lips are drawn back for front vowels; central ones leave them as they are.
  const double frontness = std::max(0.0, 1 - 2 * static_cast<double>(vowel.backness));
  const double spreading = (1 - rounding) * frontness * (1 - 0.75 * openness);
  Aims aims;
  part_lips(aims);
  const double rhotic = vowel.rhotic ? 0.7 : 1;
  aim(aims, Channel::jaw, 0.09 + rhotic * strength * 0.44 * openness * (0.4 + 0.6 * openness), 1);
  if (rounding > 0) {
    round_lips(aims, rounding, static_cast<double>(vowel.height), 1 + rounding);
  } else {
    aim(aims, Channel::pucker, 0, 0.5 + 0.4 * spreading);
    aim(aims, Channel::funnel, 0, 0.5 + 0.4 * spreading);
  }
  aim(aims, Channel::spread, 0.8 * strength * spreading, 0.4 + 0.5 * std::max(spreading, rounding));
  aim(aims, Channel::lower_lip,
      (1 - rounding) * strength * (0.1 + 0.1 * spreading + 0.08 * openness), 0.7);
  aim(aims, Channel::upper_lip,
      (1 - rounding) * strength * (0.06 + 0.06 * spreading + 0.08 * openness), 0.7);
  aim(aims, Channel::tongue, 0, 0.6);
  // Close vowels raise the tongue's body, those at the back the most of what is to be seen.
  const auto raised = static_cast<double>(vowel.height * (0.3F + 0.3F * vowel.backness));
  aim(aims, Channel::tongue_tip, vowel.rhotic ? 0.5 : 0, 0.5);
  aim(aims, Channel::tongue_back, raised, 0.6);
  return aims;
}

Aims bilabial_aims(const Articulation& sound) {
  Aims aims;
  const bool stop = sound.manner != Manner::nasal;
  aim_firmly(aims, Channel::seal, 1);
  aim(aims, Channel::press, stop ? (sound.voiced ? 0.7 : 0.9) : 0.5, 1);
  aim(aims, Channel::tuck, 0, 1);
  aim(aims, Channel::jaw, 0.06, 1);
  return aims;
}

/// [ɸ], [β]: the lips nearly meet.
Aims narrow_bilabial_aims() {
  Aims aims;
  aim(aims, Channel::seal, 0.75, 1);
  aim(aims, Channel::tuck, 0, 1);
  aim(aims, Channel::jaw, 0.07, 0.8);
  return aims;
}

Aims labiodental_aims(const Articulation& sound) {
  Aims aims;
  aim(aims, Channel::seal, 0, 1);
  if (sound.manner == Manner::approximant) {
    aim(aims, Channel::tuck, 0.7, 1);
  } else {
    aim_firmly(aims, Channel::tuck, 1);
  }
  aims[Channel::jaw] = {.target = 0.07, .dominance = 1, .firm = true};
  return aims;
}

void sibilant_aims(Aims& aims, const Articulation& sound) {
  const bool protruded = sound.place == Place::postalveolar || sound.place == Place::retroflex;
  aim(aims, Channel::jaw, protruded ? 0.08 : 0.05, 1.6);
  aim(aims, Channel::jaw_forward, 0.12, 0.8);
  aim(aims, Channel::lower_lip, protruded ? 0.18 : 0.28, 0.8);
  aim(aims, Channel::upper_lip, 0.14, 0.6);
  if (protruded) {
    aim(aims, Channel::pucker, 0.25, 0.9);
    aim(aims, Channel::funnel, 0.38, 0.9);
  } else {
    aim(aims, Channel::spread, 0.3, 0.4);
  }
}

/// How high the tongue must be carried: the jaw helps the front of the mouth.
Aim jaw_of_tongue(const Articulation& sound) {
  switch (sound.place) {
    case Place::dental:
      return {.target = 0.1, .dominance = 0.7};
    case Place::alveolar:
    case Place::postalveolar:
    case Place::retroflex:
    case Place::alveolopalatal:
      return {.target = sound.nasal || sound.lateral ? 0.13 : 0.09, .dominance = 0.55};
    case Place::palatal:
      return {.target = 0.1, .dominance = 0.6};
    case Place::velar:
    case Place::uvular:
      return {.target = 0.14, .dominance = 0.3};
    case Place::pharyngeal:
      return {.target = 0.28, .dominance = 0.3};
    default:
      return {};
  }
}

/// Which part of the tongue makes a sound, and how near to the palate.
void raise_tongue(Aims& aims, const Articulation& sound) {
  const bool touches =
      is_stop(sound) || sound.nasal || sound.lateral || sound.manner == Manner::tap;
  const auto raise = [&](double tip, double back) {
    aim(aims, Channel::tongue_tip, tip, tip > 0 ? 1.2 : 0.3);
    aim(aims, Channel::tongue_back, back, back > 0 ? 1.2 : 0.3);
  };
  switch (sound.place) {
    case Place::dental:
      return raise(touches ? 0.9 : 0.2, 0);
    case Place::alveolar:
      return raise(touches ? 1 : 0.7, 0);
    case Place::postalveolar:
    case Place::retroflex:
      return raise(touches ? 1 : 0.65, 0.3);
    case Place::alveolopalatal:
    case Place::palatal:
      return raise(0.2, 0.6);
    case Place::velar:
      return raise(0, touches ? 1 : 0.8);
    case Place::uvular:
      return raise(0, 0.8);
    default:
      return;
  }
}

/// Sounds of the tongue leave the lips to their neighbours but for secondary
/// articulations.
Aims tongue_aims(const Articulation& sound) {
  Aims aims;
  if (sound.place == Place::glottal) return aims;
  part_lips(aims);
  aims[Channel::jaw] = jaw_of_tongue(sound);
  raise_tongue(aims, sound);
  aim(aims, Channel::lower_lip, sound.place <= Place::alveolopalatal ? 0.09 : 0.05, 0.3);
  if (is_sibilant(sound)) sibilant_aims(aims, sound);
  if (sound.place == Place::dental && sound.manner == Manner::fricative) {
    aim(aims, Channel::tongue, 0.3, 1);
    aim(aims, Channel::upper_lip, 0.1, 0.5);
    aim(aims, Channel::lower_lip, 0.14, 0.5);
  }
  if (sound.palatalised || sound.place == Place::palatal) aim(aims, Channel::spread, 0.4, 0.5);
  return aims;
}

void add_labialisation(Aims& aims, const Articulation& sound) {
  const double rounding = static_cast<double>(sound.rounding);
  if (rounding <= 0) return;
  round_lips(aims, rounding, 1, 0.6 + 0.4 * rounding);
  aim(aims, Channel::spread, 0, 0.7);
}

double stress_strength(const Sound& sound) {
  if (sound.stress == Stress::primary) return 1.15;
  if (sound.stress == Stress::secondary) return 1.0;
  constexpr float centre = 0.5F;
  const bool reduces = std::abs(sound.articulation.backness - centre) < 0.1F;
  return reduces ? 0.65 : 0.85;
}

/// A vowel that is too short is not reached.
double strength_of(const Sound& sound) {
  return opening_strength(sound) * std::clamp(0.65 + 0.35 * sound.duration_s() / 0.08, 0.65, 1.0);
}

struct Core {
  double start_s;
  double end_s;
};

constexpr double plosive_closure_min_s = 0.04;
constexpr double plosive_closure_max_s = 0.115;  ///< of the hold: lips part a little after it
constexpr double onset_s = 0.06;   ///< how much of a sound reaching its shape takes at most
constexpr double offset_s = 0.04;  ///< how long before its end at most a sound is left

/// Lips are at their fastest when they meet (Löfqvist and Gracco, "Labial kinematics in stop
/// consonant production", J. Acoust. Soc. Am. 99, 1996): they are firmly shut a little later.
constexpr double closing_share = 0.3;
constexpr double closing_max_s = 0.02;
constexpr double closed_before_middle_s = 0.015;

/// A stop is closed from its onset until its burst, and in any case around its
/// middle; other sounds are reached early and kept until the next takes over.
Core core_of(const Articulation& sound, double start_s, double end_s) {
  const double duration = end_s - start_s;
  const double middle = start_s + duration / 2;
  if (!closes_lips(sound)) {
    const bool hands_over =
        !is_vowel(sound) && sound.place != Place::labiodental && sound.rounding < 0.5F;
    const double left_share = hands_over ? 0.4 : 0.2;
    return {start_s + std::min(0.25 * duration, onset_s),
            end_s - std::min(left_share * duration, offset_s)};
  }
  const double closed_s = start_s + std::min(closing_share * duration, closing_max_s);
  if (sound.manner == Manner::nasal) return {closed_s, start_s + 0.85 * duration};
  const double closure = std::clamp(0.7 * duration, plosive_closure_min_s, plosive_closure_max_s);
  const double end = std::max(start_s + closure, middle + plosive_closure_min_s / 4);
  return {std::min(closed_s, middle - closed_before_middle_s), end};
}

Gesture gesture_of(const Sound& sound) {
  const Core core = core_of(sound.articulation, sound.start_s, sound.end_s);
  const double strength = strength_of(sound);
  Gesture gesture{sound.start_s, sound.end_s, core.start_s, core.end_s,
                  aims_of(sound.articulation, strength)};
  aim(gesture.aims, Channel::speaking, 1, 1);
  return gesture;
}

constexpr double relax_s = 0.13;
constexpr double prepare_s = 0.1;
constexpr double closed_pause_s = 0.35;  ///< from here on the mouth comes to rest in a pause

/// The mouth at rest, or with a share of what is on both sides of a pause: then it
/// relaxes, and neither seals nor bites its lips.
Gesture rest(double start_s, double end_s, double share = 0, const Aims& before = {},
             const Aims& after = {}) {
  Gesture gesture{start_s, end_s, start_s, end_s, {}};
  for (std::size_t i = 0; i < channel_count; ++i) {
    const auto channel = static_cast<Channel>(i);
    const bool closes =
        channel == Channel::seal || channel == Channel::press || channel == Channel::tuck;
    const double around = closes ? 0 : (before[channel].target + after[channel].target) / 2;
    aim_firmly(gesture.aims, channel, share * around);
  }
  return gesture;
}

/// The mouth relaxes after the last sound, the more the longer the pause, and leaves its
/// rest before the next sound. `after`: what that asks of it.
void add_pause(std::vector<Gesture>& gestures, double start_s, double end_s, const Aims& after) {
  const double length_s = end_s - start_s;
  if (length_s < held_pause_s) return;
  const double share =
      std::clamp((closed_pause_s - length_s) / (closed_pause_s - held_pause_s), 0.0, 1.0);
  const double middle = (start_s + end_s) / 2;
  const Aims before = gestures.empty() ? Aims{} : gestures.back().aims;
  gestures.push_back(rest(std::min(start_s + relax_s, middle), std::max(end_s - prepare_s, middle),
                          share, before, after));
}

bool both_close(const Gesture& a, const Gesture& b, Channel channel) {
  return a.aims[channel].firm && a.aims[channel].target == 1 && b.aims[channel].firm &&
         b.aims[channel].target == 1;
}

std::vector<Gesture> merged(const std::vector<Gesture>& gestures) {
  constexpr double adjacent_s = 0.02;
  std::vector<Gesture> result;
  for (const Gesture& gesture : gestures) {
    const bool adjacent = !result.empty() && gesture.start_s - result.back().end_s < adjacent_s;
    const bool one_kind = adjacent && (both_close(result.back(), gesture, Channel::seal) ||
                                       both_close(result.back(), gesture, Channel::tuck));
    if (one_kind) {
      result.back().end_s = gesture.end_s;
      result.back().hold_end_s = gesture.hold_end_s;
    } else {
      result.push_back(gesture);
    }
  }
  return result;
}

}  // namespace

double opening_strength(const Sound& sound) {
  constexpr double per_db = 0.025, least = 0.8, most = 1.25;
  return stress_strength(sound) * std::clamp(1 + per_db * sound.delivery.loudness_db, least, most);
}

Aims aims_of(const Articulation& sound, double strength) {
  if (is_vowel(sound)) return vowel_aims(sound, strength);
  Aims aims;
  if (closes_lips(sound)) {
    aims = bilabial_aims(sound);
  } else if (sound.place == Place::bilabial) {
    aims = narrow_bilabial_aims();
  } else if (sound.place == Place::labiodental) {
    aims = labiodental_aims(sound);
  } else {
    aims = tongue_aims(sound);
  }
  add_labialisation(aims, sound);
  return aims;
}

std::vector<Gesture> gestures(const std::vector<Sound>& sounds) {
  constexpr double far_s = 1e6;
  if (sounds.empty()) return {};
  std::vector<Gesture> result;
  double pause_start_s = -far_s;
  for (const Sound& sound : sounds) {
    const Gesture gesture = gesture_of(sound);
    add_pause(result, pause_start_s, sound.start_s, gesture.aims);
    result.push_back(gesture);
    pause_start_s = sound.end_s;
  }
  add_pause(result, pause_start_s, pause_start_s + far_s, {});
  return merged(result);
}

}  // namespace vivavox

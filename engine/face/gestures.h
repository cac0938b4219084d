// What each sound asks of the mouth, and when.
// Sources: JALI (Edwards et al., SIGGRAPH 2016); Cohen and Massaro, "Modeling
// coarticulation in synthetic visual speech" (1993); Rhubarb Lip Sync's timing.
#pragma once

#include <array>
#include <vector>

#include "engine/face/mouth.h"
#include "engine/face/sounds.h"
#include "engine/phonetics/articulation.h"

namespace vivavox {

/// What a sound asks of one channel. Dominance 0 leaves the channel to the
/// neighbours; a firm aim is reached exactly, whatever they want.
struct Aim {
  double target = 0;
  double dominance = 0;
  bool firm = false;
};

/// What a sound asks of all channels.
class Aims {
 public:
  Aim& operator[](Channel channel) { return aims_[static_cast<std::size_t>(channel)]; }
  const Aim& operator[](Channel channel) const { return aims_[static_cast<std::size_t>(channel)]; }

 private:
  std::array<Aim, channel_count> aims_{};
};

/// A sound's wish for the mouth, and the span over which it is to be held.
struct Gesture {
  double start_s = 0;
  double end_s = 0;
  double hold_start_s = 0;
  double hold_end_s = 0;
  Aims aims;

  double middle_s() const { return (hold_start_s + hold_end_s) / 2; }
};

/// A shape is kept so long where nothing else is asked for: a pause changes nothing up to here.
inline constexpr double held_pause_s = 0.12;

/// How far a vowel opens, as a factor. Stress opens wider (JALI), an unstressed central vowel is a
/// reduced one; and what is louder is opened wider (Schulman, "Articulatory dynamics of loud and
/// normal speech", J. Acoust. Soc. Am. 85, 1989).
double opening_strength(const Sound& sound);

/// What an articulation asks of the mouth, derived from its features.
/// `strength` (0.4 … 1.5, for stress, loudness and pace) scales the opening of vowels.
Aims aims_of(const Articulation& articulation, double strength);

/// The gestures of sounds in order of time, with rests in the pauses, before and
/// after; neighbours of one kind (a geminate, [m] before [b]) are merged.
std::vector<Gesture> gestures(const std::vector<Sound>& sounds);

}  // namespace vivavox

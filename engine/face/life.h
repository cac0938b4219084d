// What a face does besides speaking: blinking, looking, breathing, moving.
// Every function is pure in time, seed and mood.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/face/face_pose.h"
#include "engine/face/moods.h"

namespace vivavox {

/// How far the lids are closed by blinks: 0 open … 1 closed.
/// A blink closes in 70 ms, holds 40 ms and opens in 130 ms; 15 % are double.
/// Blinks come at the mood's rate, 1–8 s apart while awake, and move to a moment
/// of `breaks_s` (in order of time: pauses, where blinks gather; Nakano and
/// Kitazawa, 2010) that lies close by.
double blink(double t_s, std::uint32_t seed, const MoodClock& clock,
             const std::vector<double>& breaks_s);

/// Where the eyes look, relative to the camera; roll is 0. Mostly at it, with
/// glances aside as often as the mood has it and small fixational movements.
/// Saccades last 21 ms + 2.2 ms a degree (Bahill, Clark and Stark, 1975).
/// `temper` is that of glance_slot_start_s(): another in mid-glance would make the eyes jump.
Rotation gaze(double idle_s, std::uint32_t seed, const Temper& temper);

/// When the span began in which there is one glance aside, or none.
double glance_slot_start_s(double idle_s);

/// The slow sway of a head that is held up by a living body; smooth noise.
Rotation head_sway(double idle_s, std::uint32_t seed);

/// Breath in [−1, 1], in faster than out, at one breath a unit of phase.
double breath(double phase);

/// Turns the eyes to `gaze` against the head's own rotation, and says the same
/// in the eyeLook* weights, scaled by how far the lids are open.
void look(FacePose& pose, const Rotation& gaze);

}  // namespace vivavox

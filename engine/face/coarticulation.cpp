#include "engine/face/coarticulation.h"

#include <algorithm>
#include <cmath>

namespace vivavox {

namespace {

/// How a channel moves. Anticipation is 60–120 ms where the lips lead
/// (rounding, closure); `reach_s` is the time constant of dominance, 0 where
/// neighbours never blend; speeds are in weight per second.
struct Motion {
  double attack_s;
  double release_s;
  double lead_s;  ///< how much earlier than its sound a hold starts
  double reach_s;
  double speed_max;
};

Motion motion_of(Channel channel) {
  switch (channel) {
    case Channel::jaw:
      return {0.10, 0.12, 0, 0.027, 5};
    case Channel::seal:
      return {0.08, 0.06, 0, 0, 25};
    case Channel::press:
      return {0.08, 0.06, 0, 0, 18};
    case Channel::tuck:
      return {0.08, 0.07, 0, 0, 18};
    case Channel::pucker:
    case Channel::funnel:
      return {0.12, 0.12, 0.08, 0.05, 8};
    case Channel::spread:
      return {0.10, 0.12, 0, 0.05, 7};
    case Channel::lower_lip:
    case Channel::upper_lip:
      return {0.08, 0.10, 0, 0.027, 5};
    case Channel::tongue:
      return {0.08, 0.08, 0, 0.04, 6};
    case Channel::tongue_tip:
      return {0.06, 0.07, 0, 0.03, 14};
    case Channel::tongue_back:
      return {0.08, 0.09, 0, 0.05, 9};
    case Channel::jaw_forward:
      return {0.10, 0.10, 0, 0.06, 4};
    case Channel::speaking:
      return {0.20, 0.25, 0, 0, 6};
  }
  return {};
}

constexpr double gap_s = 0.02;          ///< least time between two holds
constexpr double influence_s = 0.3;     ///< beyond it dominance is negligible
constexpr double soft_onset_s = 0.02;   ///< what soft holds give to the movement towards them
constexpr double soft_offset_s = 0.01;  ///< and to that away from them: a vowel lasts to its end
constexpr double key_spacing_s = 1e-3;  ///< what tells two keys apart

/// A value held over a span of time.
struct Hold {
  double start_s;
  double end_s;
  double value;
  bool firm;
  bool leads = false;  ///< what is before it gives way
};

double distance_s(const Gesture& gesture, double t_s) {
  return std::max({0.0, gesture.hold_start_s - t_s, t_s - gesture.hold_end_s});
}

/// Cohen and Massaro's weighted mean of targets at the middle of a gesture.
double blended(const std::vector<Gesture>& gestures, std::size_t index, Channel channel,
               double reach_s) {
  const double t_s = gestures[index].middle_s();
  double sum = 0;
  double weights = 0;
  const auto add = [&](const Gesture& gesture) {
    const Aim& aim = gesture.aims[channel];
    const double weight = aim.dominance * std::exp(-distance_s(gesture, t_s) / reach_s);
    sum += weight * aim.target;
    weights += weight;
  };
  for (std::size_t i = index + 1; i-- > 0;) {
    if (distance_s(gestures[i], t_s) > influence_s) break;
    add(gestures[i]);
  }
  for (std::size_t i = index + 1; i < gestures.size(); ++i) {
    if (distance_s(gestures[i], t_s) > influence_s) break;
    add(gestures[i]);
  }
  return sum / weights;
}

/// Lips aim beyond one another: they meet while they are fast and slow down pressed together
/// (Löfqvist and Gracco 1996: "a region of negative lip aperture").
Hold pressed_together(const Gesture& gesture) {
  constexpr double beyond = 1.3;
  constexpr double later_max_s = 0.015;
  const double later_s = std::min(later_max_s, (gesture.hold_end_s - gesture.hold_start_s) / 3);
  return {gesture.hold_start_s + later_s, gesture.hold_end_s - later_s, beyond, true};
}

Hold hold_of(const std::vector<Gesture>& gestures, std::size_t index, Channel channel,
             const Motion& motion) {
  const Gesture& gesture = gestures[index];
  const Aim& aim = gesture.aims[channel];
  if (channel == Channel::seal && aim.firm && aim.target == 1) return pressed_together(gesture);
  const double middle_s = gesture.middle_s();
  const bool blends = motion.reach_s > 0;
  const double onset_s = blends ? soft_onset_s : 0;
  if (aim.firm && !blends) return {gesture.hold_start_s, gesture.hold_end_s, aim.target, true};
  const double value =
      blends && !aim.firm ? blended(gestures, index, channel, motion.reach_s) : aim.target;
  return {std::min(gesture.hold_start_s + onset_s, middle_s),
          std::max(gesture.hold_end_s - soft_offset_s, middle_s), value, aim.firm};
}

/// Lips that have to move for a sound do so early.
void lead(Hold& hold, const Aim& aim, const std::vector<Hold>& before, const Motion& motion) {
  const bool already_there = !before.empty() && before.back().value > 0.6 * hold.value &&
                             hold.start_s - before.back().end_s < motion.attack_s;
  if (aim.firm || aim.target <= 0.1 || already_there || motion.lead_s == 0) return;
  hold.start_s -= motion.lead_s;
  hold.leads = true;
}

/// Makes room before `next`: the softer of two holds that crowd each other
/// gives way; of two firm ones each keeps its middle. False: `next` has no room.
bool make_room(std::vector<Hold>& holds, Hold& next) {
  while (!holds.empty() && next.firm && !holds.back().firm &&
         holds.back().start_s > next.start_s - gap_s) {
    holds.pop_back();
  }
  if (holds.empty() || next.start_s >= holds.back().end_s + gap_s) return true;
  Hold& previous = holds.back();
  if (previous.firm && next.firm) {
    const double middle = (previous.end_s + next.start_s) / 2;
    previous.end_s =
        std::clamp(middle - gap_s / 2, (previous.start_s + previous.end_s) / 2, previous.end_s);
    next.start_s = std::max(next.start_s, previous.end_s + gap_s);
  } else if (next.firm) {
    previous.end_s = next.start_s - gap_s;
  } else {
    if (next.leads) previous.end_s = std::max(previous.start_s, next.start_s - gap_s);
    next.start_s = previous.end_s + gap_s;
  }
  return next.start_s <= next.end_s;
}

std::vector<Hold> holds_of(const std::vector<Gesture>& gestures, Channel channel,
                           const Motion& motion) {
  std::vector<Hold> holds;
  for (std::size_t i = 0; i < gestures.size(); ++i) {
    if (gestures[i].aims[channel].dominance <= 0) continue;
    Hold hold = hold_of(gestures, i, channel, motion);
    lead(hold, gestures[i].aims[channel], holds, motion);
    if (make_room(holds, hold)) holds.push_back(hold);
  }
  return holds;
}

struct SoftKey {
  Track::Key key;
  bool firm;
};

std::vector<SoftKey> keys_of(const std::vector<Hold>& holds, const Motion& motion) {
  std::vector<SoftKey> keys;
  const auto add = [&](double at_s, double value, bool firm) {
    if (keys.empty() || at_s >= keys.back().key.at_s + key_spacing_s) {
      keys.push_back({{at_s, value}, firm});
    }
  };
  for (const Hold& hold : holds) {
    const double leave_s = hold.start_s - motion.attack_s;
    if (!keys.empty() && leave_s - keys.back().key.at_s > motion.release_s + held_pause_s) {
      add(keys.back().key.at_s + motion.release_s, 0, false);
      add(leave_s, 0, false);
    }
    add(hold.start_s, hold.value, hold.firm);
    add(hold.end_s, hold.value, hold.firm);
  }
  return keys;
}

/// Draws `soft` towards `fixed` as far as the speed limit asks.
void limit(SoftKey& soft, const SoftKey& fixed, double speed_max) {
  if (soft.firm) return;
  const double reach = speed_max * std::abs(soft.key.at_s - fixed.key.at_s);
  soft.key.value = std::clamp(soft.key.value, fixed.key.value - reach, fixed.key.value + reach);
}

std::vector<Track::Key> limited(std::vector<SoftKey> keys, double speed_max) {
  for (std::size_t i = 1; i < keys.size(); ++i) limit(keys[i], keys[i - 1], speed_max);
  for (std::size_t i = keys.size(); i-- > 1;) limit(keys[i - 1], keys[i], speed_max);
  std::vector<Track::Key> result;
  result.reserve(keys.size());
  for (const SoftKey& key : keys) result.push_back(key.key);
  return result;
}

}  // namespace

Mouth MouthTracks::at(double t_s) const {
  Mouth mouth;
  for (std::size_t i = 0; i < channel_count; ++i) {
    mouth[static_cast<Channel>(i)] = tracks_[i].at(t_s);
  }
  mouth[Channel::seal] = std::min(mouth[Channel::seal], 1.0);
  return mouth;
}

void MouthTracks::replace_from(double from_s, const MouthTracks& later) {
  for (std::size_t i = 0; i < channel_count; ++i) {
    tracks_[i].replace_from(from_s, later.tracks_[i]);
  }
}

void MouthTracks::drop_before(double before_s) {
  for (Track& track : tracks_) track.drop_before(before_s);
}

MouthTracks coarticulated(const std::vector<Gesture>& gestures) {
  std::array<Track, channel_count> tracks;
  for (std::size_t i = 0; i < channel_count; ++i) {
    const auto channel = static_cast<Channel>(i);
    const Motion motion = motion_of(channel);
    const auto keys = keys_of(holds_of(gestures, channel, motion), motion);
    tracks[i] = Track(limited(keys, motion.speed_max));
  }
  return MouthTracks(std::move(tracks));
}

}  // namespace vivavox

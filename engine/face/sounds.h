// A Timeline's phones as single articulations with their times.
#pragma once

#include <limits>
#include <vector>

#include "engine/phonetics/articulation.h"
#include "engine/timeline/timeline.h"

namespace vivavox {

struct Sound {
  Articulation articulation;
  Stress stress = Stress::none;
  double start_s = 0;
  double end_s = 0;
  Delivery delivery = {};

  double duration_s() const { return end_s - start_s; }
};

/// Every articulation of the phones that do not end before `from_s`, in order. Those of one phone
/// share its time by their lengths; pauses are the gaps between sounds.
std::vector<Sound> sounds(const Timeline& timeline,
                          double from_s = -std::numeric_limits<double>::infinity());

/// Where the phones that do not end before a time begin in Timeline::phones.
std::size_t first_phone_at(const Timeline& timeline, double time_s);

/// Silence of at least this length is a pause in what is said: it ends a clause, and draws a blink.
inline constexpr double rest_pause_s = 0.2;

}  // namespace vivavox

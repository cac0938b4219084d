// Speech moves more than the mouth: nods and brows on what is stressed.
// Sources: Graf, Cosatto, Ström and Huang, "Visual prosody" (2002); Cavé and others, "About the
// relationship between eyebrow movements and F0 variations" (ICSLP 1996): most rises of the pitch
// go with a rise of the brows.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/face/face_pose.h"
#include "engine/timeline/timeline.h"

namespace vivavox {

/// One accent at its height; it swells and fades over `width_s` on either side.
struct Accent {
  double at_s = 0;
  double width_s = 0.3;
  Rotation head;
  double brows = 0;  ///< how far they rise, 0…1
  bool ends_clause = false;
};

/// Head and brows at one moment.
struct Prosody {
  Rotation head;
  double brows = 0;
};

/// The accents of a Timeline in order of time: a nod on some stressed syllables, the larger the
/// louder and higher they are said; raised brows on those of high pitch, and on few others; a
/// settling nod where a clause ends, and raised brows with a tilt on the last word before a
/// question mark, or where speech without words ends high.
std::vector<Accent> accents(const Timeline& timeline, std::uint32_t seed);

/// Finds a Timeline's accents from a time on anew, as after more was said. `first_phone`:
/// how many phones there were before the Timeline's first.
void find_accents_from(double from_s, const Timeline& timeline, std::uint32_t seed,
                       std::int64_t first_phone, std::vector<Accent>& accents);

/// The accents' sum at a time.
Prosody prosody(const std::vector<Accent>& accents, double t_s);

}  // namespace vivavox

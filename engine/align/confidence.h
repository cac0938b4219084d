// How surely a recording is of the text.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "engine/align/way.h"

namespace vivavox {

/// For each frame by how much the text fits better than texts of the same phones in other
/// orders do, each on its own likeliest way. Around 0 in the mean is what any text reaches.
std::vector<float> advantages(const Chain& chain, const SoundModel& model, const Features& features,
                              const Way& way, Ending ending);

/// The advantages of all frames so far.
struct AdvantageSums {
  double sum = 0;
  double sizes = 0;

  void add(std::span<const float> advantages);
};

/// How likely the text is the one that is said, 0…1: by the share of the advantages that is
/// in its favour, which noise changes little; 0.5 where it is as rare for right texts as
/// for wrong ones.
double confidence_of(const AdvantageSums& sums);

/// Frames [begin, end).
struct Stretch {
  std::size_t begin = 0, end = 0;
};

/// The longest stretch of some seconds of speech in which the text is hardly said.
std::optional<Stretch> unlike_stretch(const Chain& chain, std::span<const std::int32_t> path,
                                      std::span<const float> advantages);

}  // namespace vivavox

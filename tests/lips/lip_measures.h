// A spoken sentence's curves in figures, beside those of lip_rules.h: what has no right or wrong at
// a single sound.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "tests/lips/lip_rules.h"

namespace vivavox {

/// Of one sentence. Nothing where it has nothing to measure.
struct LipMeasures {
  std::optional<double> loudness_correlation;  ///< Pearson's, of the opening with the level in dB
  std::optional<double> lag_s;                 ///< of the opening behind the level; < 0: ahead
  std::optional<double> jitter;           ///< share of the opening's speed (its energy) above 12 Hz
  std::vector<double> boundary_errors_s;  ///< of p b m f v beside vowels: when the mouth is half
                                          ///< open, against the synthesiser's boundary
  std::vector<double> speeds_m_per_s;     ///< of the lower lip, 100 a second
  double jaw_speed_max_m_per_s = 0;
  double lower_lip_speed_max_m_per_s = 0;
  double upper_lip_speed_max_m_per_s = 0;
  double tongue_speed_max_m_per_s = 0;
};

LipMeasures measure(const Timeline& timeline, std::span<const float> samples,
                    const WeightsAt& weights, LipTargets& targets);

/// Lip-vertex errors between two performances of one sentence, one for each frame (100 a second):
/// of all vertices of the lips the largest squared distance, in m² (Richard et al., "MeshTalk",
/// 2021, give their mean over frames as LVE).
std::vector<double> lip_vertex_errors_m2(double duration_s, const WeightsAt& a, const WeightsAt& b,
                                         MouthMesh& mesh);

}  // namespace vivavox

// A Timeline in the mouth shapes that other engines and drawn animation know.
// Sources: Microsoft, "Get facial position with viseme" (Azure's ids); Rhubarb Lip Sync's
// README (A–H, X); Preston Blair's ten mouths as Papagayo and Moho name them; VRM's
// specification of expressions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"
#include "engine/timeline/timeline.h"

namespace vivavox {

/// `moho` has Preston Blair's names.
enum class MouthShapes { azure, rhubarb, preston_blair, vrm, oculus };

/// By name: "azure", "rhubarb", "preston-blair" or "moho", "vrm", "oculus".
std::optional<MouthShapes> mouth_shapes(std::string_view name);

/// A mouth shape from one time to another.
struct MouthCue {
  double start_s = 0;
  double end_s = 0;
  std::string_view shape;

  bool operator==(const MouthCue&) const = default;
};

/// The shapes of what is said, without gaps, from 0 to the Timeline's end. Sounds of other
/// languages have the shape of the nearest English one; a sound without a shape of its own
/// ([h]) has the next sound's; a pause too short to close the mouth has the shape before it.
std::vector<MouthCue> mouth_cues(const Timeline& timeline, MouthShapes shapes);

/// Lines of "seconds, tab, shape" with two decimals, the end last: what Rhubarb writes.
std::string cues_tsv(const std::vector<MouthCue>& cues);

/// Moho's switch data: frames count from 1. Errors: invalid_argument if frames_per_s is not
/// within 1…240.
Result<std::string> cues_moho(const std::vector<MouthCue>& cues, int frames_per_s);

}  // namespace vivavox

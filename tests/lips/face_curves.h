// Curves of any origin: the weights of ARKit's blend shapes at given times, read from JSON.
#pragma once

#include <string_view>
#include <vector>

#include "engine/error.h"
#include "engine/face/blend_shapes.h"

namespace vivavox {

class FaceCurves {
 public:
  /// {"names":["jawOpen",…],"frames":[[0.12,…],…]} with either "fps":60 (the first frame at 0) or
  /// "times":[0,0.016,…] in seconds. Names that are no blend shapes of ARKit's are left out.
  /// Errors: invalid_json, saying what is missing.
  static Result<FaceCurves> from_json(std::string_view json);

  /// Between two frames as a straight line; before the first and after the last as these.
  BlendWeights at(double t_s) const;

 private:
  std::vector<double> times_s_;
  std::vector<BlendWeights> frames_;
};

}  // namespace vivavox

// How well a recording fits a chain, frame by frame.
#pragma once

#include "engine/align/sound_model.h"

namespace vivavox {

/// How well frames of a recording fit the states: scaled log-likelihoods. A pause is the
/// recording's silence, or anything at all at a cost, as clicks, breath and music.
class FrameFit {
 public:
  FrameFit(const Chain& chain, const SoundModel& model, const Features& features);
  float operator()(std::size_t frame, std::int32_t state);

 private:
  const Chain& chain_;
  const SoundModel& model_;
  const Features& features_;
  Gaussian anything_;
  Feature weights_{};
  float constant_ = 0;
  std::size_t current_;  ///< the frame of:
  Feature feature_{};
  float pause_fit_ = 0;
};

}  // namespace vivavox

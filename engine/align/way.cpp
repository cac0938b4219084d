#include "engine/align/way.h"

#include <algorithm>
#include <functional>

#include "engine/align/adaptation.h"
#include "engine/align/frame_fit.h"

namespace vivavox {

namespace {

/// So much of a recording is listened to before the model is adapted to it.
constexpr std::size_t sample_frames = 12000;

}  // namespace

Way find_way(const Chain& chain, const SoundModel& model, const Features& features, Ending ending) {
  const auto search = [&](const SoundModel& by, std::size_t frames) {
    FrameFit fit(chain, by, features);
    return find_path(chain, frames, frames == features.size() ? ending : Ending::open,
                     std::ref(fit));
  };
  const std::vector<std::int32_t> first = search(model, std::min(sample_frames, features.size()));
  const SoundModel fitting = adapted(model, chain, features, first);
  Way way{.states = search(fitting, features.size()), .fits = {}};
  FrameFit fit(chain, fitting, features);
  way.fits.reserve(way.states.size());
  for (std::size_t t = 0; t < way.states.size(); ++t) way.fits.push_back(fit(t, way.states[t]));
  return way;
}

}  // namespace vivavox

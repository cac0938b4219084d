#include "engine/align/way.h"

#include <functional>

#include "engine/align/adaptation.h"
#include "engine/align/frame_fit.h"
#include "engine/align/path_search.h"

namespace vivavox {

namespace {

constexpr int rounds = 1;

}  // namespace

Way find_way(const Chain& chain, const SoundModel& model, const Features& features) {
  const auto search = [&](const SoundModel& by) {
    FrameFit fit(chain, by, features);
    return find_path(chain, features.size(), std::ref(fit));
  };
  SoundModel fitting = model;
  Way way{.states = search(fitting), .fits = {}};
  for (int round = 0; round < rounds && !way.states.empty(); ++round) {
    fitting = adapted(model, chain, features, way.states);
    way.states = search(fitting);
  }
  FrameFit fit(chain, fitting, features);
  way.fits.reserve(way.states.size());
  for (std::size_t t = 0; t < way.states.size(); ++t) way.fits.push_back(fit(t, way.states[t]));
  return way;
}

}  // namespace vivavox

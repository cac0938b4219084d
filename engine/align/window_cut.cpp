#include "engine/align/window_cut.h"

#include <algorithm>
#include <vector>

#include "engine/align/reading_ahead.h"

namespace vivavox {

namespace {

/// Of each frame, the first group that is said then or later.
std::vector<std::int32_t> groups_from(const Chain& chain, std::span<const std::int32_t> path) {
  std::vector<std::int32_t> groups(path.size());
  for (std::size_t t = path.size(); t-- > 0;) {
    const std::int32_t own = chain.states[std::size_t(path[t])].group;
    groups[t] = t + 1 < path.size() ? std::min(own, groups[t + 1]) : own;
  }
  return groups;
}

std::size_t first_phone_of(const Chain& chain, std::int32_t group, const Timeline& reading) {
  if (group + 1 >= std::ssize(chain.pauses)) return reading.phones.size();
  const std::int32_t state = chain.pauses[std::size_t(group)] + 1;
  return static_cast<std::size_t>(chain.states[std::size_t(state)].phone);
}

}  // namespace

std::optional<WindowCut> cut_of(const Chain& chain, const Timeline& reading,
                                std::span<const std::int32_t> path, std::size_t from_frame) {
  const std::vector<std::int32_t> from_here = groups_from(chain, path);
  const std::vector<bool> edges = word_edges(reading);
  std::optional<WindowCut> best;
  std::size_t longest = 0;
  const auto consider = [&](std::size_t begin, std::size_t end, std::size_t phone) {
    if (begin + end == 0 || !edges[phone] || (best && end - begin < longest)) return;
    longest = end - begin;
    best = WindowCut{(begin + end) / 2, phone};
  };
  for (std::size_t begin = from_frame, end = begin; begin < path.size(); begin = end) {
    while (end < path.size() && path[end] == path[begin]) ++end;
    const std::int32_t state = path[begin];
    const std::int32_t group = chain.states[std::size_t(state)].group;
    if (from_here[begin] < group) continue;
    const std::size_t phone = first_phone_of(chain, group, reading);
    if (chain.is_pause(state)) {
      consider(begin, end, phone);
    } else if (chain.is_pause(state - 1) && begin > 0 && !chain.is_pause(path[begin - 1])) {
      consider(begin, begin, phone);
    }
  }
  return best;
}

}  // namespace vivavox

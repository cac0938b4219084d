// Where a long recording may be cut to be aligned in parts.
#pragma once

#include <optional>
#include <span>

#include "engine/align/chain.h"

namespace vivavox {

/// What lies before is settled.
struct WindowCut {
  std::size_t frame;
  std::size_t phone;  ///< of the reading
};

/// In the middle of the longest pause from `from_frame` on that lies between words which are not
/// said again later; else where a word follows another. nullopt: there is no such place.
std::optional<WindowCut> cut_of(const Chain& chain, const Timeline& reading,
                                std::span<const std::int32_t> path, std::size_t from_frame);

}  // namespace vivavox

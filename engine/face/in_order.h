// Sorting of short lists that are nearly sorted.
#pragma once

#include <algorithm>
#include <functional>
#include <ranges>

namespace vivavox {

/// Puts a list in the order of `key`; equals stay as they are. std::stable_sort does the same in a
/// kilobyte of WebAssembly for each type, and is faster only where much is out of place.
template <std::ranges::random_access_range List, class Key>
void put_in_order(List&& list, Key key) {
  const auto begin = std::ranges::begin(list);
  for (auto next = begin; next != std::ranges::end(list); ++next) {
    const auto place = std::ranges::upper_bound(begin, next, std::invoke(key, *next), {}, key);
    std::rotate(place, next, next + 1);
  }
}

}  // namespace vivavox

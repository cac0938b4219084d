// Unicode's data for NFD; the tables are written by scripts/nfd_table.py.
#pragma once

#include <cstdint>
#include <span>

namespace vivavox {

/// A character and what it is composed of; second is 0 for a single one. Each
/// part may be decomposable again.
struct CanonicalDecomposition {
  char32_t composed;
  char32_t first;
  char32_t second;
};

/// Characters of one canonical combining class other than 0.
struct CombiningRange {
  char32_t first;
  char32_t last;
  std::uint8_t combining_class;
};

/// Both in ascending order.
std::span<const CanonicalDecomposition> canonical_decompositions();
std::span<const CombiningRange> combining_ranges();

}  // namespace vivavox

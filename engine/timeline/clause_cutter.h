// Clauses with their own stretch of the text.
#pragma once

#include <cstddef>

#include "engine/timeline/timeline.h"

namespace vivavox {

/// Leaves clauses, one after the other, their own stretch of the text alone, so that one costs the
/// same to hand on however long the whole is.
class ClauseCutter {
 public:
  /// Cuts the clause's text, and moves its words. Returns where the stretch begins in the whole
  /// text, in UTF-16 code units.
  std::size_t cut(Timeline& clause);

 private:
  std::size_t at_bytes_ = 0;
  std::size_t at_units_ = 0;
};

}  // namespace vivavox

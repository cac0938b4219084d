// What a statement answers, as the steps of a transaction need it.
#pragma once

#include "server/store/database.h"

namespace vivavox {

/// Of a statement whose rows do not matter.
inline Result<void> done(Result<SqlRows> rows) {
  if (!rows) return std::unexpected(std::move(rows.error()));
  return {};
}

}  // namespace vivavox

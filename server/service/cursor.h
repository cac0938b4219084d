// Cursors: where a page of a list ends, for clients to go on from.
#pragma once

#include <string>
#include <string_view>

#include "engine/error.h"
#include "server/store/records.h"

namespace vivavox {

/// `list`: the list's name and what it was asked for by, so that no other list takes it.
std::string cursor_of(std::string_view list, const ListPlace& place);

/// Errors: invalid_argument (not made by cursor_of() for this list).
Result<ListPlace> read_cursor(std::string_view list, std::string_view cursor);

}  // namespace vivavox

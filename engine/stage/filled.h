// Messages with names in them.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace vivavox {

/// `text` with each % in it one of the names: a page pays less for that than for sums of strings.
std::string filled(std::string_view text, std::initializer_list<std::string_view> names);

}  // namespace vivavox

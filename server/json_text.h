// JSON as people write it.
#pragma once

#include <boost/json.hpp>
#include <string>

namespace vivavox {

/// `value` as JSON text (RFC 8259) on one line. Fractions are the shortest
/// decimals that read back as the same number: 0.5, where Boost.JSON writes
/// 5E-1; a whole double keeps its fraction (2.0), as it was no integer.
std::string json_text(const boost::json::value& value);
std::string json_text(const boost::json::object& object);

}  // namespace vivavox

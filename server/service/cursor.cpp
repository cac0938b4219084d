#include "server/service/cursor.h"

#include <boost/json.hpp>

#include "server/assets/base64.h"

namespace vivavox {

namespace json = boost::json;

std::string cursor_of(std::string_view list, const ListPlace& place) {
  return to_base64url(json::serialize(json::array{list, place.at, place.id}));
}

Result<ListPlace> read_cursor(std::string_view list, std::string_view cursor) {
  const auto text = from_base64url(cursor);
  boost::system::error_code error;
  const json::value value = text ? json::parse(*text, error) : json::value();
  const json::array* parts = value.if_array();
  if (!parts || parts->size() != 3 || (*parts)[0] != json::value(list) || !(*parts)[1].is_int64() ||
      !(*parts)[2].is_string()) {
    return fail(ErrorCode::invalid_argument,
                "this cursor is not of this list: take `next` of its answer, with the same query");
  }
  return ListPlace{(*parts)[1].as_int64(), std::string((*parts)[2].as_string())};
}

}  // namespace vivavox

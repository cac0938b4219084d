// What is often asked of a request.
#pragma once

#include <httplib.h>

#include <string>
#include <string_view>

namespace vivavox {

/// The path as it was sent, without the query.
inline std::string_view raw_path_of(const httplib::Request& request) {
  return std::string_view(request.target).substr(0, request.target.find('?'));
}

inline bool is_upgrade(const httplib::Request& request) {
  return request.method == "GET" && request.has_header("Sec-WebSocket-Key");
}

inline bool has_body(const httplib::Request& request) {
  return request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
}

/// A header's values as one list, in the order in which its lines came: the last ones are
/// of the nearest proxy. cpp-httplib keeps them in an unordered_multimap, to which
/// libstdc++ adds equal keys in front.
inline std::string all_of(const httplib::Request& request, const char* name) {
  std::string list;
  const auto [first, last] = request.headers.equal_range(name);
  for (auto one = first; one != last; ++one) {
    list.insert(0, list.empty() ? "" : ",").insert(0, one->second);
  }
  return list;
}

}  // namespace vivavox

// Which operation a request's method and raw path mean.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/http/openapi.h"

namespace vivavox {

/// One segment of a path with its %XX read. nullopt where it may name no thing:
/// a broken escape, or bytes that act as paths ("..", "/", "\", NUL, controls).
std::optional<std::string> decode_segment(std::string_view segment);

/// What a path means. `operation` is null where the path is unknown, or known
/// but not with that method: then `allowed` lists the methods it has.
struct Route {
  std::size_t index = 0;  ///< of the operation in the Api
  const Operation* operation = nullptr;
  std::vector<std::pair<std::string, std::string>> path_values;
  std::string allowed;  ///< "GET, HEAD, PATCH": the `Allow` header; empty: no such path
};

class Router {
 public:
  explicit Router(const Api& api);

  /// `raw_path` as it came, before any decoding, so that nothing is normalised
  /// into a hit; without the query. A literal segment wins over a parameter.
  Route find(std::string_view method, std::string_view raw_path) const;

 private:
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> parameter;
    std::map<std::string, std::size_t> methods;       ///< operations that end here
    std::map<std::string, std::size_t> rest_methods;  ///< operations that take the rest
  };
  using Segments = std::vector<std::string_view>;

  static const std::map<std::string, std::size_t>* descend(const Node& node,
                                                           std::span<const std::string_view> path);
  const Api* api_;
  Node root_;
};

}  // namespace vivavox

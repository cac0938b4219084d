#include "server/http/router.h"

#include <charconv>
#include <span>

#include "engine/text/utf8.h"

namespace vivavox {

namespace {

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> segments;
  if (!path.starts_with('/')) return segments;
  path.remove_prefix(1);
  while (true) {
    const std::size_t slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == path.npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

bool is_parameter(std::string_view segment) {
  return segment.starts_with('{');
}

std::string allow_header(const std::map<std::string, std::size_t>& methods) {
  std::string allowed;
  for (const auto& [method, index] : methods) {
    allowed += (allowed.empty() ? "" : ", ") + method;
    if (method == "GET") allowed += ", HEAD";
  }
  return allowed + ", OPTIONS";
}

}  // namespace

std::optional<std::string> decode_segment(std::string_view segment) {
  std::string decoded;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    char c = segment[i];
    if (c == '%') {
      unsigned byte = 0;
      const char* digits = segment.data() + i + 1;
      if (i + 2 >= segment.size() ||
          std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2) {
        return std::nullopt;
      }
      c = static_cast<char>(byte);
      i += 2;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || c == '/' || c == '\\') return std::nullopt;
    decoded += c;
  }
  if (decoded == "." || decoded == ".." || find_invalid_utf8(decoded) != std::string::npos) {
    return std::nullopt;
  }
  return decoded;
}

Router::Router(const Api& api) : api_(&api) {
  for (std::size_t index = 0; index < api.operations.size(); ++index) {
    const Operation& operation = api.operations[index];
    Node* node = &root_;
    bool takes_rest = false;
    for (const std::string_view segment : split_path(operation.path)) {
      const auto declared = std::ranges::find_if(operation.parameters, [&](const Parameter& one) {
        return segment == "{" + one.name + "}";
      });
      if (declared != operation.parameters.end() && declared->is_rest) {
        takes_rest = true;
        break;
      }
      auto& next = is_parameter(segment) ? node->parameter : node->literals[std::string(segment)];
      if (!next) next = std::make_unique<Node>();
      node = next.get();
    }
    (takes_rest ? node->rest_methods : node->methods)[operation.method] = index;
  }
}

const std::map<std::string, std::size_t>* Router::descend(const Node& node,
                                                          std::span<const std::string_view> path) {
  if (path.empty()) return node.methods.empty() ? nullptr : &node.methods;
  if (const auto next = node.literals.find(path.front()); next != node.literals.end()) {
    if (const auto* found = descend(*next->second, path.subspan(1))) return found;
  }
  if (node.parameter && !path.front().empty()) {
    if (const auto* found = descend(*node.parameter, path.subspan(1))) return found;
  }
  return node.rest_methods.empty() ? nullptr : &node.rest_methods;
}

Route Router::find(std::string_view method, std::string_view raw_path) const {
  Route route;
  const Segments segments = split_path(raw_path);
  const auto* methods = descend(root_, segments);
  if (!methods) return route;
  const Operation& any = api_->operations[methods->begin()->second];

  // The values of the path's parameters, which all methods of it share.
  const Segments names = split_path(any.path);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!is_parameter(names[i])) continue;
    const std::string_view name = names[i].substr(1, names[i].size() - 2);
    std::string value;
    const bool is_last = i + 1 == names.size();
    for (std::size_t j = i; j < (is_last ? segments.size() : i + 1); ++j) {
      const auto decoded = decode_segment(segments[j]);
      if (!decoded || decoded->empty()) return route;
      value += (j > i ? "/" : "") + *decoded;
    }
    route.path_values.emplace_back(name, std::move(value));
  }
  route.allowed = allow_header(*methods);
  const auto found = methods->find(std::string(method == "HEAD" ? "GET" : method));
  if (found == methods->end()) return route;
  route.index = found->second;
  route.operation = &api_->operations[found->second];
  return route;
}

}  // namespace vivavox

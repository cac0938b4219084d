// Any body to any route that takes one: the first byte chooses the route.
#include <cstdint>
#include <vector>

#include "tests/fuzz/service.h"

using namespace vivavox;

namespace {

std::string with_values(std::string path) {
  for (std::size_t at; (at = path.find('{')) != path.npos;) {
    path.replace(at, path.find('}') - at + 1, "fuzz");
  }
  return path;
}

const std::vector<std::pair<std::string, std::string>>& routes() {
  static const auto all = [] {
    std::vector<std::pair<std::string, std::string>> found;
    for (const Operation& operation : built_in_api().operations) {
      if (operation.body || operation.raw_body) {
        found.emplace_back(operation.method, with_values(operation.path));
      }
    }
    return found;
  }();
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const FuzzedService& service = FuzzedService::instance();
  if (size < 1) return 0;
  const auto& [method, path] = routes()[data[0] % routes().size()];
  const std::string_view body(reinterpret_cast<const char*>(data + 1), size - 1);
  FuzzedService::check(service.exchange(
      method + " " + path + " HTTP/1.1\r\nHost: fuzz\r\nConnection: close\r\n" +
      "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\n\r\n" + std::string(body)));
  return 0;
}

#include "engine/stage/material_packages.h"

#include <utility>

namespace vivavox {

namespace {

class Reader {
 public:
  explicit Reader(std::span<const unsigned char> bytes) : bytes_(bytes) {}

  std::span<const unsigned char> bytes(std::size_t count) {
    const auto taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }

  std::size_t number() {
    std::size_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::size_t byte = bytes(1)[0];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  }

 private:
  std::span<const unsigned char> bytes_;
};

}  // namespace

MaterialPackages::MaterialPackages(std::span<const unsigned char> packed) {
  Reader reader(packed);
  std::vector<std::pair<std::string, std::size_t>> sizes(reader.number());
  std::size_t total = 0;
  for (auto& [name, size] : sizes) {
    const auto letters = reader.bytes(reader.number());
    name.assign(letters.begin(), letters.end());
    size = reader.number();
    total += size;
  }
  bytes_.reserve(total);
  while (true) {
    const auto as_it_is = reader.bytes(reader.number());
    bytes_.insert(bytes_.end(), as_it_is.begin(), as_it_is.end());
    if (bytes_.size() == total) break;
    const std::size_t length = reader.number();
    const std::size_t distance = reader.number();
    // Byte by byte: what is copied may reach into itself.
    for (std::size_t i = 0; i < length; ++i) bytes_.push_back(bytes_[bytes_.size() - distance]);
  }
  std::size_t begin = 0;
  for (const auto& [name, size] : sizes) {
    packages_[name] = std::span(bytes_).subspan(begin, size);
    begin += size;
  }
}

}  // namespace vivavox

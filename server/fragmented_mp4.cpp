#include "server/fragmented_mp4.h"

#include <algorithm>
#include <limits>

namespace vivavox {

namespace {

/// A box's size and type, and the size again where it takes eight bytes.
constexpr std::size_t box_head_bytes = 8, large_box_head_bytes = 16;

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift & 0xFF);
  }
}

std::uint64_t number(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

/// How many bytes of a box's head there are, as far as that is known.
std::size_t whole_head(std::string_view head) {
  return head.size() >= 4 && number(head.substr(0, 4)) == 1 ? large_box_head_bytes : box_head_bytes;
}

/// Of a box with this head; one without a size goes on to the end.
std::uint64_t size_of_box(std::string_view head) {
  const std::uint64_t size =
      number(head.size() == large_box_head_bytes ? head.substr(box_head_bytes) : head.substr(0, 4));
  return size == 0 ? std::numeric_limits<std::uint64_t>::max() : size;
}

}  // namespace

std::string event_message_box(const EventMessage& event) {
  std::string content("emsg");
  put(content, 1, 1);  // version
  put(content, 0, 3);  // flags
  put(content, event.timescale_hz, 4);
  put(content, event.at, 8);
  put(content, event.length, 4);
  put(content, event.id, 4);
  content += event.scheme;
  content += '\0';
  content += '\0';  // no value
  content += event.data;
  std::string box;
  put(box, content.size() + 4, 4);
  return box + content;
}

std::string FragmentInserter::pass(std::string_view bytes,
                                   const std::function<std::string()>& boxes) {
  std::string out;
  while (!bytes.empty()) {
    if (left_ > 0) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
      out += bytes.substr(0, count);
      bytes.remove_prefix(count);
      left_ -= count;
      continue;
    }
    const std::size_t count = std::min(whole_head(head_) - head_.size(), bytes.size());
    head_ += bytes.substr(0, count);
    bytes.remove_prefix(count);
    if (head_.size() < whole_head(head_)) continue;
    if (head_.substr(4, 4) == "moof") out += boxes();
    out += head_;
    left_ = size_of_box(head_) - std::min<std::uint64_t>(size_of_box(head_), head_.size());
    head_.clear();
  }
  return out;
}

}  // namespace vivavox

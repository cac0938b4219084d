// Messages between the fragments of an MP4 that is streamed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace vivavox {

/// What happens at a moment of a film.
struct EventMessage {
  std::string scheme;  ///< a URI that says what `data` is
  std::uint32_t id = 0;
  std::uint32_t timescale_hz = 1;
  std::uint64_t at = 0;  ///< on the film's clock
  std::uint32_t length = 0;
  std::string data;
};

/// As an 'emsg' box, version 1 (ISO/IEC 23009-1, 5.10.3.3).
std::string event_message_box(const EventMessage& event);

/// Puts boxes before the fragments of an MP4 that passes in pieces of any length.
class FragmentInserter {
 public:
  /// The bytes with what `boxes` gives before each fragment that begins in them. A few may be held
  /// back until those that follow.
  std::string pass(std::string_view bytes, const std::function<std::string()>& boxes);

 private:
  std::string head_;        ///< of a box that has not come whole
  std::uint64_t left_ = 0;  ///< of the box that passes
};

}  // namespace vivavox

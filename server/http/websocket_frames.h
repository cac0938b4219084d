// How much of a WebSocket's message is read.
#pragma once

#include <httplib.h>

#include <cstddef>
#include <string>

namespace vivavox {

/// Who sends more in one message, in one frame or several, is told 1009 ("message too
/// big") and disconnected before more of it is read.
inline constexpr std::size_t longest_websocket_message = 64 * 1024;

/// Waits for the next message. False: there are no more.
bool read_message(httplib::ws::WebSocket& socket, std::string& text);

}  // namespace vivavox

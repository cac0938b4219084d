// The names of the hub's channels, and the messages on them.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "server/json_text.h"
#include "server/sync/stream_client.h"

namespace vivavox {

inline StreamMessage message_of(const boost::json::object& object) {
  return std::make_shared<const std::string>(json_text(object));
}

inline std::string avatar_channel(const std::string& avatar_id) {
  return "avatar/" + avatar_id;
}
inline constexpr std::string_view session_prefix = "session/";
inline std::string session_channel(const std::string& session_id) {
  return std::string(session_prefix) + session_id;
}

inline std::string text_at(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  return value ? std::string(value->as_string()) : std::string();
}

}  // namespace vivavox

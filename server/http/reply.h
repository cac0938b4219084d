// What a handler answers, before it becomes HTTP.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "server/http/served_file.h"
#include "server/json_text.h"

namespace vivavox {

/// Sends a part of a streamed body; false when the client is gone.
using StreamSink = std::function<bool(std::string_view bytes)>;

struct Reply {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::shared_ptr<const ServedFile> file;  ///< instead of `body`
  std::string cause;                       ///< of a failure, for the log alone
  std::string error_name;                  ///< of a failure that has one
  /// Instead of `body`: called once, sends the body as it comes into being.
  /// Returns false to break the connection off, so that the client sees that
  /// the body is not whole.
  std::function<bool(const StreamSink&)> stream;
};

inline Reply json_reply(const boost::json::value& value) {
  return {.body = json_text(value)};
}

/// {"detail": "…"}
inline Reply problem(int status, std::string_view detail) {
  return {.status = status, .body = json_text(boost::json::object{{"detail", detail}})};
}

/// A failure of the engine or a store as HTTP knows it; what is the server's own
/// fault is for its log, not for the client.
Reply problem(const Error& error);

}  // namespace vivavox

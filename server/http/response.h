// A reply as HTTP has it: headers of every answer, caching, ranges, streams, other origins.
#pragma once

#include <httplib.h>
#include <sys/types.h>

#include <string>

#include "server/http/access.h"
#include "server/http/caller.h"
#include "server/http/reply.h"

namespace vivavox {

/// What an answer depends on besides the reply.
struct Answering {
  const Origins& origins;
  bool is_open = false;        ///< there are no keys: what is answered is everybody's
  const std::string& allowed;  ///< the methods of the path; empty: it has the one asked for
  const Caller& caller;
};

void write_reply(Reply reply, const httplib::Request& request, const Answering& by,
                 httplib::Response& response);

/// Writes an answer's headers and those that every answer has.
ssize_t write_headers(httplib::Stream& stream, const httplib::Headers& headers, bool tls);

}  // namespace vivavox

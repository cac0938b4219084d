// Which trace a request belongs to, as W3C Trace Context has it.
#pragma once

#include <string_view>

namespace vivavox {

/// The trace's id in a `traceparent` header: 32 hexadecimal digits; empty where the header is none.
/// https://www.w3.org/TR/trace-context/#traceparent-header
std::string_view trace_id_of(std::string_view traceparent);

}  // namespace vivavox

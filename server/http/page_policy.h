// What browsers may do with what is served: the Content-Security-Policy.
#pragma once

#include <string>
#include <string_view>

namespace vivavox {

/// For the web app's files and the API's pages: nothing but what is this server's own, and
/// of the page's inline scripts those that stand in `html`, by their digests. Scripts get
/// it too, because a worker is held to its own file's.
std::string page_policy(std::string_view html);

/// For all else, also where it is opened as a page: uploaded files run nothing.
inline constexpr std::string_view file_policy =
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'; sandbox";

}  // namespace vivavox

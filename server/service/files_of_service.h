// Files as replies.
#pragma once

#include <filesystem>
#include <string_view>

#include "server/assets/asset_kind.h"
#include "server/http/http_server.h"

namespace vivavox {

class Service;

/// The file with its digest as ETag. 404 where it is gone.
Reply file_reply(Service& service, const std::filesystem::path& path, std::string_view content_type,
                 bool immutable);

/// A file of the web app or of the API's pages, with the policy that it runs under.
Reply page_file_reply(Service& service, const std::filesystem::path& path,
                      std::string_view content_type);

/// What a GET of /renders, /audios or /assets is answered with.
Reply kept_file(Service& service, const Call& call);

}  // namespace vivavox

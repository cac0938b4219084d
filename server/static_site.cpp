#include "server/static_site.h"

namespace vivavox {

Result<void> mount_site(httplib::Server& server, const std::filesystem::path& root) {
  if (!server.set_mount_point("/", root.string())) {
    return fail(ErrorCode::not_found, "there is no folder " + root.string() +
                                          " to serve: build the web app with scripts/start");
  }
  server.set_file_extension_and_mimetype_mapping("wasm", "application/wasm");
  server.set_file_extension_and_mimetype_mapping("mjs", "text/javascript");
  server.set_file_extension_and_mimetype_mapping("glb", "model/gltf-binary");
  server.set_file_extension_and_mimetype_mapping("webmanifest", "application/manifest+json");
  server.set_default_headers({{"Cross-Origin-Opener-Policy", "same-origin"},
                              {"Cross-Origin-Embedder-Policy", "require-corp"},
                              {"Cross-Origin-Resource-Policy", "same-origin"},
                              {"X-Content-Type-Options", "nosniff"},
                              {"Cache-Control", "no-cache"}});
  return {};
}

}  // namespace vivavox

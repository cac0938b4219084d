#include "server/static_site.h"

#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "server/files.h"

using namespace vivavox;
namespace fs = std::filesystem;

TEST_CASE("a site is served with the headers that WebAssembly threads need") {
  const fs::path root = fs::temp_directory_path() / "vivavox-site";
  fs::create_directories(root);
  REQUIRE(write_file(root / "index.html", "<p>hello").has_value());
  REQUIRE(write_file(root / "a.wasm", std::string_view("\0asm", 4)).has_value());
  REQUIRE(write_file(root.parent_path() / "vivavox-secret", "no").has_value());

  httplib::Server server;
  REQUIRE(mount_site(server, root).has_value());
  const int port = server.bind_to_any_port("127.0.0.1");
  std::jthread thread([&] { server.listen_after_bind(); });
  server.wait_until_ready();
  httplib::Client client("127.0.0.1", port);

  const auto page = client.Get("/");
  REQUIRE(page);
  CHECK(page->body == "<p>hello");
  CHECK(page->get_header_value("Cross-Origin-Opener-Policy") == "same-origin");
  CHECK(page->get_header_value("Cross-Origin-Embedder-Policy") == "require-corp");
  CHECK(client.Get("/a.wasm")->get_header_value("Content-Type") == "application/wasm");
  CHECK(client.Get("/none")->status == 404);
  for (const char* path :
       {"/../vivavox-secret", "/%2e%2e/vivavox-secret", "/..%2fvivavox-secret"}) {
    CHECK(client.Get(path)->status == 404);
  }
  server.stop();
  thread.join();
  fs::remove_all(root);
  fs::remove(root.parent_path() / "vivavox-secret");
}

TEST_CASE("a site that is not there is an error") {
  httplib::Server server;
  CHECK(mount_site(server, "/no/such/folder").error().code == ErrorCode::not_found);
}

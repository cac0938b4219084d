// vivavox serve: the web app on this machine.
#include <memory>

#include "server/command.h"
#include "server/static_site.h"

namespace vivavox {

namespace {

struct ServeOptions {
  std::string host = "127.0.0.1";
  int port = 8080;
  std::string root = "build/web";
};

int serve(const ServeOptions& options) {
  httplib::Server server;
  if (auto mounted = mount_site(server, options.root); !mounted) return report(mounted.error());
  if (!server.bind_to_port(options.host, options.port)) {
    return report({ErrorCode::io_failed, "cannot listen on " + options.host + ":" +
                                             std::to_string(options.port) +
                                             ": choose another --port, or end what uses it"});
  }
  std::printf("Vivavox is on http://%s:%d\n",
              options.host == "127.0.0.1" ? "localhost" : options.host.c_str(), options.port);
  std::fflush(stdout);
  return server.listen_after_bind() ? exit_success : exit_failure;
}

}  // namespace

void add_serve_command(CLI::App& tool, int& status) {
  auto* command = tool.add_subcommand("serve", "Serve the web app over HTTP");
  auto options = std::make_shared<ServeOptions>();
  command->add_option("--host", options->host, "Address to listen on")->capture_default_str();
  command->add_option("--port", options->port, "Port to listen on")
      ->check(CLI::Range(1, 65535))
      ->capture_default_str();
  command->add_option("--root", options->root, "Folder of the built web app")
      ->capture_default_str();
  command->callback([options, &status] { status = serve(*options); });
}

}  // namespace vivavox

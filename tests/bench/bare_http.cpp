// The least that a server on cpp-httplib can do: what the service's rates are
// held against.
#include <httplib.h>

#include <cstdio>

int main() {
  httplib::Server server;
  server.new_task_queue = [] { return new httplib::ThreadPool(8, 1024, 1024); };
  server.set_keep_alive_max_count(1'000'000'000);
  server.set_tcp_nodelay(true);
  server.Get("/", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("{\"status\":\"healthy\"}", "application/json");
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::printf("http://127.0.0.1:%d\n", port);
  std::fflush(stdout);
  return server.listen_after_bind() ? 0 : 1;
}

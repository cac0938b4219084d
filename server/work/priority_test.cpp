#include "server/work/priority.h"

#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

namespace {
int nice_now() {
  return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
}
}  // namespace

TEST_CASE("work in the background gives way, with what it starts, and who waits for it does not") {
  const int before = nice_now();
  const int started = in_background([] {
    int nice = 0;
    std::jthread([&] { nice = nice_now(); }).join();
    return nice;
  });
  CHECK((started > before || started == 19));
  CHECK(nice_now() == before);
}

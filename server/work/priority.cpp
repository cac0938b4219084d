#include "server/work/priority.h"

#include <sched.h>

#include <algorithm>
#include <cstdint>
#include <tuple>

namespace vivavox {

namespace {

/// Nicer by five is a third of what others get that want to run as well.
constexpr int background_nicer = 5;
/// Who is woken and has the shorter slice preempts. Much shorter ones cost as much in
/// switches as they gain, and much longer ones are not always broken off.
constexpr std::uint64_t prompt_slice_ns = 1'000'000, background_slice_ns = 5'000'000;

/// Of this thread. A kernel that knows no slices (before 6.12) ignores them.
void schedule(int nicer, std::uint64_t slice_ns) {
  sched_attr attributes{};
  if (::sched_getattr(0, &attributes, sizeof attributes, 0) != 0) return;
  attributes.sched_nice = std::min(attributes.sched_nice + nicer, 19);
  attributes.sched_runtime = slice_ns;
  std::ignore = ::sched_setattr(0, &attributes, 0);
}

}  // namespace

void be_prompt() {
  schedule(0, prompt_slice_ns);
}
void give_way() {
  schedule(background_nicer, background_slice_ns);
}

}  // namespace vivavox

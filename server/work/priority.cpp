#include "server/work/priority.h"

#include <sched.h>

#include <algorithm>
#include <cstdint>
#include <tuple>

namespace vivavox {

namespace {

/// Nicer by five is a third of what others get that want to run as well.
constexpr int nicer = 5;
constexpr std::uint64_t slice_ns = 20'000'000;

}  // namespace

void give_way() {
  sched_attr attributes{};
  if (::sched_getattr(0, &attributes, sizeof attributes, 0) != 0) return;
  attributes.sched_nice = std::min(attributes.sched_nice + nicer, 19);
  // Whose slices are shorter preempts. A kernel that knows none (before 6.12) ignores it.
  attributes.sched_runtime = slice_ns;
  std::ignore = ::sched_setattr(0, &attributes, 0);
}

}  // namespace vivavox

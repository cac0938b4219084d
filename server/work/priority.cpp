#include "server/work/priority.h"

#include <sched.h>

#include <algorithm>
#include <cstdint>
#include <tuple>

namespace vivavox {

namespace {

/// Nicer by five is a third of what others get that want to run as well.
constexpr int background_nicer = 5;
/// Who is woken and has the shorter slice preempts: longer than anybody's by default, and
/// short enough to be broken off.
constexpr std::uint64_t background_slice_ns = 5'000'000;

}  // namespace

void give_way() {
  sched_attr attributes{};
  if (::sched_getattr(0, &attributes, sizeof attributes, 0) != 0) return;
  attributes.sched_nice = std::min(attributes.sched_nice + background_nicer, 19);
  // A kernel that knows no slices (before 6.12) ignores it.
  attributes.sched_runtime = background_slice_ns;
  std::ignore = ::sched_setattr(0, &attributes, 0);
}

}  // namespace vivavox

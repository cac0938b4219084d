// Which threads run first where all want to.
#pragma once

#include <future>
#include <thread>
#include <utility>

namespace vivavox {

/// Has this thread, and the threads and processes that it starts, give way to others.
void give_way();

/// Does work in a thread that gives way, and waits for it: what has given way once cannot
/// take it back.
template <class Work>
auto in_background(Work work) {
  std::packaged_task<decltype(work())()> task(std::move(work));
  auto result = task.get_future();
  const std::jthread thread([&task] {
    give_way();
    task();
  });
  return result.get();
}

}  // namespace vivavox

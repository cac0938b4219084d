#include "engine/face/in_order.h"

#include <catch2/catch_test_macros.hpp>
#include <vector>

using namespace vivavox;

TEST_CASE("A list comes into the order of its key, equals in the order they had") {
  struct Mark {
    double at_s;
    int number;
    bool operator==(const Mark&) const = default;
  };
  std::vector<Mark> marks{{3, 0}, {1, 1}, {2, 2}, {1, 3}, {3, 4}, {0, 5}, {1, 6}};
  put_in_order(marks, &Mark::at_s);
  CHECK(marks == std::vector<Mark>{{0, 5}, {1, 1}, {1, 3}, {1, 6}, {2, 2}, {3, 0}, {3, 4}});
  std::vector<Mark> none;
  put_in_order(none, &Mark::at_s);
  CHECK(none.empty());
}

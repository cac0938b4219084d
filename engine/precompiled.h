// Other people's headers, which most of the time of compiling the engine goes into, read
// once. No source relies on it: each includes what it uses.
#pragma once

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <vector>

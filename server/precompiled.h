// Other people's headers, which take three of the four seconds of compiling a source of
// this room, read once. No source relies on it: each includes what it uses.
#pragma once

#include <httplib.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <format>
#include <functional>
#include <future>
#include <memory>
#include <ranges>
#include <thread>

// What a module makes of avatar files.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/error.h"

namespace vivavox {

/// Defined by each such module.
Result<std::vector<std::byte>> remade(std::span<const std::byte> file);

}  // namespace vivavox

#include "engine/stage/quality.h"

#include <algorithm>
#include <string>

namespace vivavox {

Result<Quality> quality_named(std::string_view name) {
  const auto found = std::ranges::find(quality_levels, name, &Quality::name);
  if (found != quality_levels.end()) return *found;
  std::string names;
  for (const Quality& level : quality_levels)
    names += (names.empty() ? "" : ", ") + std::string(level.name);
  return fail(ErrorCode::invalid_argument,
              "\"" + std::string(name) + "\" is no level of quality: there are " + names);
}

}  // namespace vivavox

#include "server/service/config.h"

#include <algorithm>

#include "server/json_text.h"

namespace vivavox {

namespace json = boost::json;

namespace {

const json::object& defaults() {
  static const json::object values{{"quality", "medium"},
                                   {"fps", 30},
                                   {"shading", "pbr"},
                                   {"resolution", "512x512"},
                                   {"antialiasing", true}};
  return values;
}

}  // namespace

Result<json::object> read_config(Store& store) {
  const auto stored = store.config();
  if (!stored) return std::unexpected(stored.error());
  json::object config = defaults();
  for (auto& [key, value] : config) {
    if (const auto found = stored->find(key); found != stored->end())
      value = json::parse(found->second);
  }
  return config;
}

Result<void> write_config(Store& store, const json::object& given) {
  std::map<std::string, std::string> values;
  for (const auto& [key, value] : given) {
    if (!defaults().contains(key)) continue;
    values[key] = key == "fps" ? std::to_string(std::clamp<std::int64_t>(value.as_int64(), 1, 120))
                               : json_text(value);
  }
  return store.set_config(values);
}

}  // namespace vivavox

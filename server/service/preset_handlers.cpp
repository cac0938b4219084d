// Presets and the configuration.
#include <algorithm>

#include "server/service/config.h"
#include "server/service/looks.h"
#include "server/service/service.h"

namespace vivavox {

namespace json = boost::json;

namespace {

json::object to_json(const Preset& preset) {
  return {{"preset_id", preset.preset_id},
          {"name", preset.name},
          {"description", preset.description},
          {"category", preset.category},
          {"values", preset.values}};
}

std::string id_of_name(std::string_view name) {
  std::string id(name);
  std::ranges::transform(id, id.begin(), [](char c) {
    return c == ' ' || c == '/' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return id;
}

/// Takes over what the body gives.
void change(Preset& preset, const json::value& body) {
  if (const auto name = text_of(body, "name")) preset.name = *name;
  if (const auto description = text_of(body, "description")) preset.description = *description;
  if (const auto category = text_of(body, "category")) preset.category = *category;
  for (const char* name : {"settings", "values"}) {
    if (const json::value* values = body.as_object().if_contains(name))
      preset.values = values->as_object();
  }
}

Reply stored(Service& service, const Preset& preset) {
  if (auto right = check_traits(preset.values); !right) return problem(right.error());
  const auto put = service.store.put_preset(preset);
  return put ? json_reply(to_json(preset)) : problem(put.error());
}

Reply list_presets(Service& service) {
  const auto presets = service.store.presets();
  if (!presets) return problem(presets.error());
  json::array list;
  for (const Preset& preset : *presets) list.push_back(to_json(preset));
  return json_reply({{"presets", std::move(list)}});
}

Reply create_preset(Service& service, const Call& call) {
  Preset preset{.preset_id = id_of_name(*text_of(call.body, "name"))};
  change(preset, call.body);
  return stored(service, preset);
}

Reply patch_preset(Service& service, const Call& call) {
  auto preset = service.store.preset(call.path("preset_id"));
  if (!preset) return problem(preset.error());
  change(*preset, call.body);
  return stored(service, *preset);
}

Reply get_config(Service& service) {
  const auto config = read_config(service.store);
  return config ? json_reply(*config) : problem(config.error());
}

Reply put_config(Service& service, const Call& call) {
  const auto written = write_config(service.store, call.body.as_object());
  return written ? get_config(service) : problem(written.error());
}

}  // namespace

void add_preset_handlers(Service& service) {
  HttpServer& http = service.http;
  http.handle("listPresets", [&](const Call&) { return list_presets(service); });
  http.handle("createPreset", [&](const Call& call) { return create_preset(service, call); });
  http.handle("getPreset", [&](const Call& call) {
    const auto preset = service.store.preset(call.path("preset_id"));
    return preset ? json_reply(to_json(*preset)) : problem(preset.error());
  });
  http.handle("patchPreset", [&](const Call& call) { return patch_preset(service, call); });
  http.handle("deletePreset", [&](const Call& call) {
    const auto deleted = service.store.delete_preset(call.path("preset_id"));
    return deleted ? json_reply({{"deleted", call.path("preset_id")}}) : problem(deleted.error());
  });
  http.handle("getConfig", [&](const Call&) { return get_config(service); });
  http.handle("putConfig", [&](const Call& call) { return put_config(service, call); });
}

}  // namespace vivavox

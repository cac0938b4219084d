// Presets and the configuration.
#include <algorithm>
#include <utility>

#include "server/lower_case.h"
#include "server/service/config.h"
#include "server/service/looks.h"
#include "server/service/models.h"
#include "server/service/service.h"
#include "server/store/precondition.h"

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
  std::string id = lower_case(name);
  std::ranges::replace_if(id, [](char c) { return c == ' ' || c == '/'; }, '-');
  return id;
}

/// Takes over what the body gives.
void change(Preset& preset, const Fields& body) {
  if (const auto name = body.text("name")) preset.name = *name;
  if (const auto description = body.text("description")) preset.description = *description;
  if (const auto category = body.text("category")) preset.category = *category;
  for (const char* name : {"settings", "values"}) {
    if (const json::object* values = body.object(name)) preset.values = *values;
  }
}

Reply preset_reply(const Preset& preset) {
  return with_etag(json_reply(to_json(preset)), etag_of(preset));
}

/// Adds the looks to the last page, if it has room for them. Of one whose name a stored preset has,
/// that is reached instead.
void add_looks(Service& service, const Call& call, int limit, json::array& list) {
  const auto looks = look_presets(service);
  if (std::cmp_greater(list.size() + looks.size(), limit)) return;
  for (const Preset& look : looks) {
    if (!service.store.preset(look.preset_id, call.caller.viewer)) list.push_back(to_json(look));
  }
}

Reply list_presets(Service& service, const Call& call) {
  const auto page = page_of(call, "presets");
  if (!page) return page.error();
  const auto presets = service.store.presets(*page, call.caller.viewer);
  if (!presets) return problem(presets.error());
  json::array list;
  for (const Preset& preset : presets->entries) list.push_back(to_json(preset));
  if (!presets->next) add_looks(service, call, page->limit, list);
  return page_reply(call, "presets", std::move(list), presets->next);
}

/// Whether the model that the preset names, or Vivi, can show its values.
Result<void> check_values(Service& service, const Call& call, const Preset& preset) {
  return check_traits(preset.values, [&] {
    return traits_of_model(service, call.caller.viewer, model_named(preset.values, "vivi"));
  });
}

Reply create_preset(Service& service, const Call& call) {
  Preset preset{.preset_id = id_of_name(*call.body.text("name"))};
  change(preset, call.body);
  if (auto right = check_values(service, call, preset); !right) return problem(right.error());
  const auto put = service.store.put_preset(preset, call.caller.viewer);
  return put ? preset_reply(preset) : problem(put.error());
}

Reply patch_preset(Service& service, const Call& call) {
  const auto changed = service.store.change_preset(call.path("preset_id"), call.caller.viewer,
                                                   call.if_match(), [&](Preset& preset) {
                                                     change(preset, call.body);
                                                     return check_values(service, call, preset);
                                                   });
  return changed ? preset_reply(*changed) : problem(changed.error());
}

Reply get_config(Service& service) {
  const auto config = read_config(service.store);
  return config ? json_reply(*config) : problem(config.error());
}

Reply put_config(Service& service, const Call& call) {
  const auto written = write_config(service.store, call.body.all());
  return written ? get_config(service) : problem(written.error());
}

}  // namespace

void add_preset_handlers(Service& service) {
  HttpServer& http = service.http;
  http.handle("listPresets", [&](const Call& call) { return list_presets(service, call); });
  http.handle("createPreset", [&](const Call& call) { return create_preset(service, call); });
  http.handle("getPreset", [&](const Call& call) {
    const auto preset = preset_of(service, call.caller.viewer, call.path("preset_id"));
    return preset ? preset_reply(*preset) : problem(preset.error());
  });
  http.handle("patchPreset", [&](const Call& call) { return patch_preset(service, call); });
  http.handle("deletePreset", [&](const Call& call) {
    const auto deleted =
        service.store.delete_preset(call.path("preset_id"), call.caller.viewer, call.if_match());
    return deleted ? json_reply({{"deleted", call.path("preset_id")}}) : problem(deleted.error());
  });
  http.handle("getConfig", [&](const Call&) { return get_config(service); });
  http.handle("putConfig", [&](const Call& call) { return put_config(service, call); });
}

}  // namespace vivavox

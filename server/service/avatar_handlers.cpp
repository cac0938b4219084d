// Avatars: state, emotion, animation, traits and model.
#include <algorithm>

#include "engine/stage/traits.h"
#include "server/json_text.h"
#include "server/service/looks.h"
#include "server/service/models.h"
#include "server/service/service.h"
#include "server/store/precondition.h"

namespace vivavox {

namespace json = boost::json;

namespace {

/// {"avatar_id": …, "state": …} around the state as it is stored: the call that
/// clients make most often needs no JSON tree.
Reply state_reply(const StoredAvatar& avatar) {
  return with_etag({.body = "{\"avatar_id\":" + json::serialize(avatar.avatar_id) +
                            ",\"state\":" + avatar.state + "}"},
                   etag_of(avatar));
}

Reply get_state(Service& service, const Call& call) {
  const auto avatar = service.store.avatar(call.path("avatar_id"), call.caller.viewer);
  return avatar ? state_reply(**avatar) : problem(avatar.error());
}

/// Changes the avatar's state and tells its streams.
Result<StoredAvatarPtr> change_state(Service& service, const Call& call,
                                     const std::string& avatar_id, std::string_view event,
                                     const json::object& state) {
  return service.store.change_avatar(avatar_id, call.caller.viewer,
                                     {.state = state,
                                      .event = {std::string(event), {{"changes", state}}},
                                      .if_match = call.if_match()});
}

Reply patch_state(Service& service, const Call& call) {
  const json::object& state = *call.body.object("state");
  const json::value* pose = state.if_contains("pose");
  if (pose && pose->is_string()) {
    if (auto shown = check_movement(pose->as_string()); !shown) return problem(shown.error());
  }
  const auto avatar = change_state(service, call, call.path("avatar_id"), "state", state);
  return avatar ? state_reply(**avatar) : problem(avatar.error());
}

Reply delete_avatar(Service& service, const Call& call) {
  const std::string& avatar_id = call.path("avatar_id");
  const auto files = service.store.delete_avatar(avatar_id, call.caller.viewer, call.if_match());
  if (!files) return problem(files.error());
  service.remove(*files);
  return json_reply({{"deleted", true}, {"avatar_id", avatar_id}});
}

Reply set_emotion(Service& service, const Call& call, const std::string& avatar_id) {
  const json::value& emotion = *call.body.any("emotion");
  const json::value& intensity = *call.body.any("intensity");
  const auto avatar = change_state(service, call, avatar_id, "emotion",
                                   {{"emotion", emotion}, {"intensity", intensity}});
  if (!avatar) return problem(avatar.error());
  return with_etag(
      json_reply({{"avatar_id", avatar_id}, {"emotion", emotion}, {"intensity", intensity}}),
      etag_of(**avatar));
}

Reply get_emotion(Service& service, const Call& call) {
  const auto avatar = service.store.avatar(call.path("avatar_id"), call.caller.viewer);
  if (!avatar) return problem(avatar.error());
  const json::object state = json::parse((*avatar)->state).as_object();
  const json::value* emotion = state.if_contains("emotion");
  const json::value* intensity = state.if_contains("intensity");
  // A client may have stored anything under these names.
  return with_etag(
      json_reply(
          {{"avatar_id", call.path("avatar_id")},
           {"emotion", emotion && emotion->is_string() ? *emotion : json::value("neutral")},
           {"intensity", intensity && intensity->is_number() ? *intensity : json::value(0.5)}}),
      etag_of(**avatar));
}

Reply apply_animation(Service& service, const Call& call) {
  const std::string wanted = *call.body.text("animation");
  if (auto shown = check_movement(wanted); !shown) return problem(shown.error());
  const json::object applied{{"animation", wanted},
                             {"loop", *call.body.flag("loop")},
                             {"duration", *call.body.any("duration")}};
  json::object animation = applied;
  animation["intensity"] = *call.body.any("intensity");
  const auto avatar =
      change_state(service, call, call.path("avatar_id"), "animation", {{"animation", animation}});
  if (!avatar) return problem(avatar.error());
  return with_etag(json_reply({{"avatar_id", call.path("avatar_id")}, {"applied", applied}}),
                   etag_of(**avatar));
}

/// The values of a preset: of a stored or built-in one, or of a look of the model that is worn.
Result<json::object> values_of_preset(Service& service, const Viewer& viewer,
                                      const std::string& preset_id, const std::string& model_id) {
  auto preset = preset_of(service, viewer, preset_id);
  if (preset) return std::move(preset->values);
  if (preset.error().code != ErrorCode::not_found) return std::unexpected(preset.error());
  const auto worn = traits_of_model(service, everything, model_id);
  if (!worn || !std::ranges::contains((*worn)->looks, preset_id, &AvatarLook::name))
    return std::unexpected(preset.error());
  return json::object{{look_trait, preset_id}};
}

/// The preset's values, and those given over them.
Result<json::object> traits_wanted(Service& service, const Call& call,
                                   const std::string& model_id) {
  json::object traits;
  if (const auto preset_id = call.body.text("preset_id"); preset_id && !preset_id->empty()) {
    auto values = values_of_preset(service, call.caller.viewer, *preset_id, model_id);
    if (!values) return values;
    traits = *std::move(values);
  }
  for (const auto& [key, value] : *call.body.object("traits")) {
    traits.insert_or_assign(key, value);
  }
  const std::string model = model_named(traits, model_id);
  // What an avatar wears is seen by all who see the avatar.
  const Viewer& viewer = model == model_id ? everything : call.caller.viewer;
  if (const auto there = model_of(service, viewer, model); !there)
    return std::unexpected(there.error());
  const auto right = check_traits(traits, [&] { return traits_of_model(service, viewer, model); });
  return right ? Result<json::object>(std::move(traits)) : std::unexpected(right.error());
}

Reply customize(Service& service, const Call& call) {
  const std::string avatar_id = call.body.text("avatar_id").value_or("default");
  const auto worn = service.store.avatar(avatar_id, call.caller.viewer);
  if (!worn) return problem(worn.error());
  auto traits = traits_wanted(service, call, (*worn)->model_id);
  if (!traits) return problem(traits.error());
  if (!*call.body.flag("persist"))
    return json_reply({{"avatar_id", avatar_id}, {"traits", *traits}});
  AvatarChange change{.state = state_of_traits(*traits),
                      .traits = *traits,
                      .event = {"traits", {{"traits", *traits}}},
                      .if_match = call.if_match()};
  if (traits->contains("model")) change.model_id = model_named(*traits, "");
  change.traits.erase("model");
  if (traits->contains(look_trait)) change.drops_trait = is_models_trait;
  const auto avatar = service.store.change_avatar(avatar_id, call.caller.viewer, change);
  if (!avatar) return problem(avatar.error());
  return with_etag(
      json_reply({{"avatar_id", avatar_id}, {"traits", json::parse((*avatar)->traits)}}),
      etag_of(**avatar));
}

Reply list_models(Service& service, const Call& call) {
  const auto page = page_of(call, "models");
  if (!page) return page.error();
  const auto models = available_models(service, call.caller.viewer, *page);
  if (!models) return problem(models.error());
  json::array list;
  for (const Model& model : models->entries) {
    list.push_back({{"model_id", model.model_id},
                    {"name", model.name},
                    {"quality", model.quality},
                    {"url", model.url},
                    {"size", model.size_bytes}});
  }
  return page_reply(call, "models", std::move(list), models->next);
}

Reply select_model(Service& service, const Call& call) {
  const std::string avatar_id = *call.body.text("avatar_id");
  const std::string model_id = *call.body.text("model_id");
  if (auto known = model_of(service, call.caller.viewer, model_id); !known)
    return problem(known.error());
  const auto avatar = service.store.change_avatar(avatar_id, call.caller.viewer,
                                                  {.model_id = model_id,
                                                   .event = {"model", {{"model_id", model_id}}},
                                                   .if_match = call.if_match()});
  if (!avatar) return problem(avatar.error());
  return with_etag(json_reply({{"avatar_id", avatar_id}, {"model_id", model_id}}),
                   etag_of(**avatar));
}

json::object to_json(const VoiceState& state) {
  return {{"voice_attached", state.attached},
          {"engine", state.voice.ends_with(".onnx") ? "piper" : "espeak-ng"},
          {"voice", state.voice}};
}

Reply avatar_voice_reply(const Service& service, const StoredAvatar& avatar) {
  const json::object state = json::parse(avatar.state).as_object();
  const json::value* attached = state.if_contains("voice_attached");
  json::object reply =
      to_json(VoiceState{attached && attached->is_bool() && attached->as_bool(),
                         text_of(state, "voice").value_or(service.voices.resolve(""))});
  reply["avatar_id"] = avatar.avatar_id;
  return with_etag(json_reply(reply), etag_of(avatar));
}

Reply set_avatar_voice(Service& service, const Call& call, bool attached) {
  json::object state{{"voice_attached", attached}};
  if (const auto voice = call.body.text("voice")) state["voice"] = *voice;
  const auto avatar = change_state(service, call, call.path("avatar_id"), "voice", state);
  return avatar ? avatar_voice_reply(service, **avatar) : problem(avatar.error());
}

Reply voice_status(Service& service) {
  const auto state = service_voice(service);
  return state ? json_reply(to_json(*state)) : problem(state.error());
}

Reply set_voice(Service& service, const Call& call, bool attached) {
  auto state = service_voice(service);
  if (!state) return problem(state.error());
  state->attached = attached;
  if (const auto voice = call.body.text("voice")) state->voice = *voice;
  const auto stored = service.store.set_config(
      {{service_voice_key,
        json_text(json::object{{"attached", attached}, {"voice", state->voice}})}});
  return stored ? json_reply(to_json(*state)) : problem(stored.error());
}

}  // namespace

void add_avatar_handlers(Service& service) {
  HttpServer& http = service.http;
  http.handle("getState", [&](const Call& call) { return get_state(service, call); });
  http.handle("patchState", [&](const Call& call) { return patch_state(service, call); });
  http.handle("deleteAvatar", [&](const Call& call) { return delete_avatar(service, call); });
  http.handle("setEmotion", [&](const Call& call) {
    return set_emotion(service, call, *call.body.text("avatar_id"));
  });
  http.handle("getAvatarEmotion", [&](const Call& call) { return get_emotion(service, call); });
  http.handle("patchAvatarEmotion",
              [&](const Call& call) { return set_emotion(service, call, call.path("avatar_id")); });
  http.handle("applyAnimation", [&](const Call& call) { return apply_animation(service, call); });
  http.handle("customize", [&](const Call& call) { return customize(service, call); });
  http.handle("listModels", [&](const Call& call) { return list_models(service, call); });
  http.handle("selectModel", [&](const Call& call) { return select_model(service, call); });
}

void add_voice_handlers(Service& service) {
  HttpServer& http = service.http;
  http.handle("attachVoice", [&](const Call& call) { return set_voice(service, call, true); });
  for (const char* id : {"unattachVoice", "detachVoice", "detachVoiceByPost"}) {
    http.handle(id, [&](const Call& call) { return set_voice(service, call, false); });
  }
  http.handle("getVoiceStatus", [&](const Call&) { return voice_status(service); });

  http.handle("attachAvatarVoice",
              [&](const Call& call) { return set_avatar_voice(service, call, true); });
  for (const char* id : {"unattachAvatarVoice", "detachAvatarVoice", "detachAvatarVoiceByPost"}) {
    http.handle(id, [&](const Call& call) { return set_avatar_voice(service, call, false); });
  }
  http.handle("getAvatarVoiceStatus", [&](const Call& call) {
    const auto avatar = service.store.avatar(call.path("avatar_id"), call.caller.viewer);
    return avatar ? avatar_voice_reply(service, **avatar) : problem(avatar.error());
  });
}

}  // namespace vivavox

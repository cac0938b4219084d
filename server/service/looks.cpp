#include "server/service/looks.h"

#include <algorithm>
#include <array>

#include "engine/stage/appearance.h"
#include "engine/stage/lighting.h"
#include "engine/stage/traits.h"
#include "server/service/prompt.h"
#include "server/service/scene.h"

namespace vivavox {

namespace json = boost::json;

namespace {

using IsRight = bool (*)(const json::value& value);

bool is_one_of(const json::value& value, std::initializer_list<std::string_view> words) {
  return value.is_string() && std::ranges::contains(words, std::string_view(value.as_string()));
}

struct Known {
  std::string_view name;
  IsRight is_right;
  std::string_view values;  ///< for the message
  bool is_of_state;
};

constexpr std::array traits_known{
    Known{"emotion",
          [](const json::value& value) {
            return value.is_string() && mood_of_word(value.as_string()).has_value();
          },
          "the name of a mood", true},
    Known{"intensity",
          [](const json::value& value) {
            return value.is_number() && value.to_number<double>() >= 0 &&
                   value.to_number<double>() <= 1;
          },
          "a number from 0 to 1", true},
    Known{"voice", [](const json::value& value) { return value.is_string(); }, "a voice's name",
          true},
    Known{"background",
          [](const json::value& value) {
            return is_one_of(value, {"transparent", "none"}) ||
                   (value.is_string() && color_of_word(value.as_string()).has_value());
          },
          "#rrggbb, a colour's name or transparent", false},
    Known{"camera",
          [](const json::value& value) {
            return value.is_string() && view_of_word(value.as_string()).has_value();
          },
          "front, three-quarter, profile, head or full", false},
    Known{"shading",
          [](const json::value& value) { return is_one_of(value, {"pbr", "toon", "flat"}); },
          "pbr, toon or flat", false},
    Known{"lighting",
          [](const json::value& value) {
            return value.is_string() && lighting_named(value.as_string()).has_value();
          },
          "portrait, soft, window, dramatic or flat", false},
    Known{"quality",
          [](const json::value& value) {
            return is_one_of(value, {"fast", "low", "medium", "high", "ultra"});
          },
          "fast, low, medium, high or ultra", false},
    Known{"model", [](const json::value& value) { return value.is_string(); }, "a model's id",
          false},
};

std::string text_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

}  // namespace

bool is_models_trait(std::string_view name) {
  return !std::ranges::contains(traits_known, name, &Known::name);
}

std::vector<TraitChoice> models_traits(const json::object& traits) {
  std::vector<TraitChoice> choices;
  for (const auto& [name, value] : traits) {
    if (is_models_trait(name) && value.is_string())
      choices.push_back({std::string(name), std::string(value.get_string())});
  }
  return choices;
}

std::string model_named(const json::object& traits, std::string otherwise) {
  const std::string model = text_in(traits, "model");
  return model.empty() ? otherwise : model;
}

namespace {

/// Names of traits that the service itself shows, and of those that the model's file has.
std::string names_known(const AvatarTraits& model) {
  std::string names;
  for (const Known& one : traits_known) (names += names.empty() ? "" : ", ") += one.name;
  for (const Trait& one : model.traits) names += ", " + one.name;
  if (!model.looks.empty()) (names += ", ") += look_trait;
  return names;
}

bool has_trait(const AvatarTraits& model, std::string_view name) {
  return std::ranges::contains(model.traits, name, &Trait::name) ||
         (name == look_trait && !model.looks.empty());
}

}  // namespace

Result<void> check_traits(const json::object& traits, const TraitsOfModel& model) {
  std::vector<std::string_view> of_model;
  for (const auto& [name, value] : traits) {
    const auto known = std::ranges::find(traits_known, std::string_view(name), &Known::name);
    if (known == traits_known.end()) {
      of_model.emplace_back(name);
    } else if (!known->is_right(value)) {
      return fail(ErrorCode::invalid_argument,
                  "the trait " + std::string(name) + " is " + std::string(known->values));
    }
  }
  if (of_model.empty()) return {};
  const auto own = model();
  if (!own) return std::unexpected(own.error());
  for (const std::string_view name : of_model) {
    if (!has_trait(**own, name)) {
      return fail(ErrorCode::invalid_argument, "the trait " + std::string(name) +
                                                   " would change nothing: known are " +
                                                   names_known(**own));
    }
    if (!traits.at(name).is_string()) {
      return fail(ErrorCode::invalid_argument,
                  "the trait " + std::string(name) + " is the name of a value, or #rrggbb");
    }
  }
  const auto values = chosen_values(**own, models_traits(traits));
  return values ? Result<void>() : std::unexpected(values.error());
}

json::object state_of_traits(const json::object& traits) {
  json::object state;
  for (const Known& one : traits_known) {
    const json::value* value = traits.if_contains(one.name);
    if (one.is_of_state && value) state[one.name] = *value;
  }
  return state;
}

Result<void> check_movement(std::string_view words) {
  if (words == "idle" || !read_prompt(words).gestures.empty()) return {};
  return fail(ErrorCode::invalid_argument,
              "no avatar can be shown to do \"" + std::string(words.substr(0, 100)) +
                  "\": movements are nod, tilt, look left, right, up or down, wink, blink, gasp, "
                  "pout, frown and idle");
}

void take_looks(const json::object& traits, const json::object& state, Scene& scene) {
  if (const auto color = text_in(traits, "background"); !color.empty()) {
    scene.background = color_of_word(color);
  }
  if (const auto view = view_of_word(text_in(traits, "camera"))) scene.view = *view;
  if (const auto shading = text_in(traits, "shading"); !shading.empty()) scene.shading = shading;
  if (const auto lighting = text_in(traits, "lighting"); !lighting.empty())
    scene.lighting = lighting;
  if (const auto quality = text_in(traits, "quality"); !quality.empty()) scene.quality = quality;
  scene.pose = text_in(state, "pose");
  const json::value* stored = state.if_contains("animation");
  const json::object* animation = stored ? stored->if_object() : nullptr;
  if (!animation) return;
  scene.animation = text_in(*animation, "animation");
  const json::value* loop = animation->if_contains("loop");
  const json::value* duration = animation->if_contains("duration");
  const json::value* intensity = animation->if_contains("intensity");
  const bool ends = !(loop && loop->is_bool() && loop->as_bool());
  if (ends && duration && duration->is_number()) {
    scene.animation_end_s = duration->to_number<double>();
  }
  if (intensity && intensity->is_number()) {
    scene.animation_strength = std::clamp(intensity->to_number<double>(), 0.0, 1.0);
  }
}

}  // namespace vivavox

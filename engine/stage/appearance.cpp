#include "engine/stage/appearance.h"

#include <algorithm>
#include <boost/json.hpp>

#include "engine/stage/color.h"
#include "engine/stage/filled.h"
#include "engine/stage/traits.h"

namespace vivavox {

namespace json = boost::json;

namespace {

/// How much more than its texture a material may show: beyond that its noise would be seen.
constexpr float most_gain = 64;

template <class T>
std::string names_of(const std::vector<T>& all) {
  std::string names;
  for (const T& one : all) {
    if (!names.empty()) names += ", ";
    names += one.name;
  }
  return names;
}

/// As JSON has it. Trees of values would cost a page another kilobyte.
std::string spelt(std::string_view text) {
  return json::serialize(json::string_view(text.data(), text.size()));
}

void add_listed(std::string& list, std::string_view one) {
  if (!list.empty()) list += ',';
  list += one;
}

/// A piece of a caller's text, for messages.
std::string_view piece(std::string_view text) {
  return text.substr(0, max_trait_name_bytes);
}

std::unexpected<Error> refuse(std::string_view text,
                              std::initializer_list<std::string_view> names) {
  return fail(ErrorCode::invalid_argument, filled(text, names));
}

bool is_color(std::string_view value) {
  return value.starts_with('#') && color_from_hex(value).has_value();
}

const TraitValue* value_named(const Trait& trait, std::string_view name) {
  const auto found = std::ranges::find(trait.values, name, &TraitValue::name);
  return found == trait.values.end() ? nullptr : &*found;
}

Result<void> choose(const AvatarTraits& traits, const TraitChoice& choice,
                    std::vector<std::string>& values) {
  const auto trait = std::ranges::find(traits.traits, choice.trait, &Trait::name);
  if (trait == traits.traits.end()) {
    const std::string known = names_of(traits.traits);
    return refuse("this avatar has no trait \"%\": it can change %",
                  {piece(choice.trait), known.empty() ? "nothing" : known});
  }
  const bool takes_color = !trait->any.empty();
  if (!value_named(*trait, choice.value) && !(takes_color && is_color(choice.value))) {
    const std::string known = names_of(trait->values);
    return refuse("the trait % cannot be \"%\": it can be %%",
                  {choice.trait, piece(choice.value), known,
                   !takes_color    ? ""
                   : known.empty() ? "a colour as #rrggbb"
                                   : " or #rrggbb"});
  }
  values[static_cast<std::size_t>(trait - traits.traits.begin())] = choice.value;
  return {};
}

/// The base colour that has the material show `wanted` on average.
float3 factor_for(float3 wanted, float3 mean) {
  const float3 factor = wanted / max(mean, float3(1e-3F));
  // What cannot become so light keeps the hue.
  return factor * std::min(1.0F, most_gain / max(factor));
}

}  // namespace

Result<std::vector<TraitChoice>> trait_choices_from_json(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  std::vector<TraitChoice> choices;
  bool is_right = !error && value.is_object();
  if (is_right) {
    for (const auto& [trait, name] : value.get_object()) {
      is_right = is_right && name.is_string();
      if (is_right) choices.push_back({std::string(trait), std::string(name.get_string())});
    }
  }
  if (is_right) return choices;
  return fail(ErrorCode::invalid_json,
              "traits must be a JSON object of strings, e.g. {\"skin\":\"#aa7755\"}");
}

std::vector<std::string> initial_values(const AvatarTraits& traits) {
  std::vector<std::string> values;
  for (const Trait& trait : traits.traits) values.push_back(trait.initial);
  return values;
}

Result<std::vector<std::string>> chosen_values(const AvatarTraits& traits,
                                               std::span<const TraitChoice> choices) {
  std::vector<std::string> values = initial_values(traits);
  // An avatar without looks has no such trait.
  const auto is_look = [&](const TraitChoice& choice) {
    return choice.trait == look_trait && !traits.looks.empty();
  };
  for (const TraitChoice& choice : choices) {
    if (!is_look(choice)) continue;
    const auto look = std::ranges::find(traits.looks, choice.value, &AvatarLook::name);
    if (look == traits.looks.end()) {
      return refuse("this avatar has no look \"%\": it has %",
                    {piece(choice.value), names_of(traits.looks)});
    }
    for (const TraitChoice& part : look->choices) {
      if (auto done = choose(traits, part, values); !done) return std::unexpected(done.error());
    }
  }
  for (const TraitChoice& choice : choices) {
    if (is_look(choice)) continue;
    if (auto done = choose(traits, choice, values); !done) return std::unexpected(done.error());
  }
  return values;
}

Appearance appearance_of(const Avatar& avatar, std::span<const std::string> values) {
  Appearance appearance{
      .is_hidden = {}, .shape = std::vector<float>(avatar.target_names.size()), .base_colors = {}};
  for (const AvatarMaterial& material : avatar.materials)
    appearance.base_colors.push_back(material.base_color);
  std::vector<std::uint8_t> is_hidden(avatar.nodes.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Trait& trait = avatar.traits.traits[i];
    const TraitValue* chosen = value_named(trait, values[i]);
    for (const TraitValue& value : trait.values) {
      for (const std::size_t node : value.nodes)
        is_hidden[node] = is_hidden[node] || !chosen || !std::ranges::contains(chosen->nodes, node);
    }
    if (chosen) {
      for (const auto& [target, weight] : chosen->shape) appearance.shape[target] += weight;
      for (const auto& [material, color] : chosen->colors)
        appearance.base_colors[material].rgb = color;
    } else if (is_color(values[i])) {
      const float3 wanted = linear(*color_from_hex(values[i]));
      for (const auto& [material, mean] : trait.any)
        appearance.base_colors[material].rgb = factor_for(wanted, mean);
    }
  }
  for (std::size_t i = 0; i < is_hidden.size(); ++i) {
    const auto parent = avatar.nodes[i].parent;
    is_hidden[i] = is_hidden[i] || (parent && is_hidden[*parent]);
  }
  for (const AvatarPart& part : avatar.parts) appearance.is_hidden.push_back(is_hidden[part.node]);
  return appearance;
}

std::string traits_json(const Avatar& avatar, std::span<const std::string> values) {
  const Appearance appearance = appearance_of(avatar, values);
  std::string traits, looks;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Trait& trait = avatar.traits.traits[i];
    std::string names;
    for (const TraitValue& value : trait.values) add_listed(names, spelt(value.name));
    std::string color = "null";
    if (!trait.any.empty()) {
      const auto& [material, mean] = trait.any.front();
      color = spelt(hex(appearance.base_colors[material].rgb * mean));
    }
    add_listed(traits, filled(R"(%:{"values":[%],"takesColor":%,"chosen":%,"color":%})",
                              {spelt(trait.name), names, trait.any.empty() ? "false" : "true",
                               values[i].empty() ? "null" : spelt(values[i]), color}));
  }
  for (const AvatarLook& look : avatar.traits.looks) {
    std::string choices;
    for (const auto& [trait, value] : look.choices)
      add_listed(choices, filled("%:%", {spelt(trait), spelt(value)}));
    add_listed(looks, filled("%:{%}", {spelt(look.name), choices}));
  }
  return filled(R"({"traits":{%},"looks":{%}})", {traits, looks});
}

}  // namespace vivavox

// What an avatar looks like with the traits that are chosen for it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/stage/avatar.h"

namespace vivavox {

/// {"look":"tom","skin":"#aa7755"} as choices. Errors: invalid_json.
Result<std::vector<TraitChoice>> trait_choices_from_json(std::string_view text);

/// The value of each trait: at first its file's.
std::vector<std::string> initial_values(const AvatarTraits& traits);

/// The same with the choices made: a look first, wherever it stands, then the others in their
/// order. Of a trait that takes any colour a value may be "#rrggbb". Errors: invalid_argument
/// (naming what there is).
Result<std::vector<std::string>> chosen_values(const AvatarTraits& traits,
                                               std::span<const TraitChoice> choices);

struct Appearance {
  std::vector<std::uint8_t> is_hidden;  ///< of each part
  std::vector<float> shape;             ///< of each morph target: its weight under every pose
  std::vector<float4> base_colors;      ///< linear, of each material
};

/// A node is shown where every trait that names it shows it; shapes add up; of several colours of a
/// material the last trait's holds. A "#rrggbb" is what the material has on average then.
/// `values`: as chosen_values() returns them.
Appearance appearance_of(const Avatar& avatar, std::span<const std::string> values);

/// {"traits": {name: {"values": […], "takesColor": bool, "chosen": value or null, "color":
/// "#rrggbb" or null}}, "looks": {name: {trait: value}}}; chosen is null where neither a value nor
/// a colour is, and color, which the first of the materials has on average, where none can be.
std::string traits_json(const Avatar& avatar, std::span<const std::string> values);

}  // namespace vivavox

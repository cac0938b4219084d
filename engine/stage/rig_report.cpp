#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "engine/face/visemes.h"
#include "engine/stage/appearance.h"
#include "engine/stage/rig.h"

namespace vivavox {

namespace json = boost::json;

namespace {

/// How an avatar shows a blend shape or a viseme.
enum class Shown { own, deformed, approximated, missing };
constexpr std::array all_shown{Shown::own, Shown::deformed, Shown::approximated, Shown::missing};

std::string_view spelt(Shown shown) {
  static constexpr std::array<std::string_view, 4> names{"own", "deformed", "approximated",
                                                         "missing"};
  return names[static_cast<std::size_t>(shown)];
}

Shown shown(const Avatar& avatar, const Rig& rig, BlendShape shape) {
  const Ability ability = rig.abilities()[static_cast<std::size_t>(shape)];
  if (ability == Ability::missing) return Shown::missing;
  if (ability == Ability::approximated) return Shown::approximated;
  return std::ranges::contains(avatar.deformed, shape) ? Shown::deformed : Shown::own;
}

/// A viseme is shown as the shapes are that it leans on, by the least of them; it is missing where
/// the main one is.
Shown shown(const Avatar& avatar, const Rig& rig, Viseme viseme) {
  const BlendWeights shape = viseme_shape(viseme);
  const auto values = std::span(shape.values());
  const auto main = static_cast<std::size_t>(std::ranges::max_element(values) - values.begin());
  const float leans_on = std::min(0.15F, values[main] / 2);
  Shown least = Shown::own;
  for (std::size_t i = 0; i < blend_shape_count; ++i) {
    if (values[i] > leans_on)
      least = std::max(least, shown(avatar, rig, static_cast<BlendShape>(i)));
  }
  const bool shows_main = values[main] > 0 && rig.abilities()[main] != Ability::missing;
  return least == Shown::missing && shows_main ? Shown::approximated : least;
}

std::vector<std::string> shapes_with(const Avatar& avatar, const Rig& rig, Shown wanted) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < blend_shape_count; ++i) {
    const auto shape = static_cast<BlendShape>(i);
    if (shown(avatar, rig, shape) == wanted) names.emplace_back(name(shape));
  }
  return names;
}

std::vector<std::string> visemes_with(const Avatar& avatar, const Rig& rig, Shown wanted) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < viseme_count; ++i) {
    const auto viseme = static_cast<Viseme>(i);
    if (shown(avatar, rig, viseme) == wanted) names.emplace_back(name(viseme));
  }
  return names;
}

struct NamedJoint {
  const char* name;
  std::optional<std::size_t> node;
};

std::array<NamedJoint, 7> named_joints(const Rig& rig) {
  const FaceJoints& joints = rig.joints();
  return {{{"head", joints.head},
           {"neck", joints.neck},
           {"leftEye", joints.left_eye},
           {"rightEye", joints.right_eye},
           {"jaw", rig.opens_by_jaw() ? joints.jaw : std::nullopt},
           {"leftShoulder", joints.left_shoulder},
           {"rightShoulder", joints.right_shoulder}}};
}

/// What was noted as the file was read, and what the rig cannot do at all.
std::vector<std::string> notes_of(const Avatar& avatar, const Rig& rig) {
  std::vector<std::string> notes = avatar.notes;
  const FaceJoints& joints = rig.joints();
  const bool is_mute =
      rig.abilities()[static_cast<std::size_t>(BlendShape::jawOpen)] == Ability::missing;
  if (rig.opens_by_jaw()) {
    notes.emplace_back("the mouth has no shapes: the jaw's bone opens it");
  } else if (is_mute) {
    notes.emplace_back(
        "the mouth stays still: it has neither shapes nor a jaw's bone that vertices hang on");
  }
  if (rig.blinks_by_lids()) notes.emplace_back("bones close the eyelids");
  if (!joints.head && !joints.neck)
    notes.emplace_back("the head stays still: no bone is called head or neck");
  return notes;
}

std::size_t triangle_count(const Avatar& avatar) {
  std::size_t count = 0;
  for (const AvatarPart& part : avatar.parts) count += part.indices.size() / 3;
  return count;
}

std::size_t vertex_count(const Avatar& avatar) {
  std::size_t count = 0;
  for (const AvatarPart& part : avatar.parts) count += part.positions.size();
  return count;
}

/// What it can be, the value that it has first.
std::string text_of(const Trait& trait) {
  std::string text = trait.initial;
  for (const TraitValue& value : trait.values) {
    if (value.name != trait.initial) text += ", " + value.name;
  }
  if (!trait.any.empty()) text += text.empty() ? "#rrggbb" : " or #rrggbb";
  return text;
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

json::array clips_of(const Avatar& avatar) {
  json::array clips;
  for (std::size_t i = 0; i < avatar.clips.size(); ++i) {
    const AvatarClip& clip = avatar.clips[i];
    clips.push_back(json::object{
        {"name", clip.name}, {"length_s", clip.end_s - clip.start_s}, {"plays", avatar.clip == i}});
  }
  return clips;
}

}  // namespace

std::string rig_report_json(const Avatar& avatar, const Rig& rig) {
  json::object shapes;
  json::object visemes;
  for (const Shown how : all_shown) {
    shapes[spelt(how)] = json::value_from(shapes_with(avatar, rig, how));
    visemes[spelt(how)] = json::value_from(visemes_with(avatar, rig, how));
  }
  json::object joints;
  for (const auto& [name, node] : named_joints(rig)) {
    joints[name] = node ? json::value(avatar.nodes[*node].name) : json::value(nullptr);
  }
  json::array materials;
  for (const AvatarMaterial& material : avatar.materials) {
    materials.push_back(json::object{{"name", material.name}, {"surface", name(material.surface)}});
  }
  const json::value traits = json::parse(traits_json(avatar, initial_values(avatar.traits)));
  return json::serialize(json::object{{"blendShapes", shapes},
                                      {"visemes", visemes},
                                      {"joints", joints},
                                      {"materials", materials},
                                      {"morphTargets", avatar.target_names.size()},
                                      {"raisesTongue", rig.raises_tongue()},
                                      {"nodeConstraints", avatar.constraints.size()},
                                      {"springJoints", avatar.springs.size()},
                                      {"clips", clips_of(avatar)},
                                      {"vertices", vertex_count(avatar)},
                                      {"triangles", triangle_count(avatar)},
                                      {"textures", avatar.textures.size()},
                                      {"traits", traits.at("traits")},
                                      {"looks", traits.at("looks")},
                                      {"notes", json::value_from(notes_of(avatar, rig))}});
}

std::string rig_report_text(const Avatar& avatar, const Rig& rig) {
  std::string out = std::to_string(vertex_count(avatar)) + " vertices, " +
                    std::to_string(triangle_count(avatar)) + " triangles, " +
                    std::to_string(avatar.textures.size()) + " textures, " +
                    std::to_string(avatar.target_names.size()) + " morph targets\n";
  for (const std::string& note : notes_of(avatar, rig)) out += note + "\n";
  const auto section = [&](const std::string& title, std::size_t total, auto with) {
    out += title + ": " + std::to_string(with(avatar, rig, Shown::own).size()) + " of " +
           std::to_string(total) + " its own\n";
    for (const Shown how : std::span(all_shown).subspan(1)) {
      const std::vector<std::string> names = with(avatar, rig, how);
      if (!names.empty()) out += "  " + std::string(spelt(how)) + ": " + listed(names) + "\n";
    }
  };
  section("blend shapes", blend_shape_count, shapes_with);
  section("visemes", viseme_count, visemes_with);
  out += std::string("tongue: ") + (rig.raises_tongue() ? "its own" : "shown by tongueOut alone") +
         "\n";
  out += "joints:\n";
  for (const auto& [name, node] : named_joints(rig)) {
    if (!node && std::string_view(name) == "jaw") continue;
    out += "  " + std::string(name) + ": " + (node ? avatar.nodes[*node].name : "missing") + "\n";
  }
  out += "  that swing: " + std::to_string(avatar.springs.size()) + "\n";
  if (!avatar.clips.empty()) out += "clips:\n";
  for (std::size_t i = 0; i < avatar.clips.size(); ++i) {
    const AvatarClip& clip = avatar.clips[i];
    const double tenths = std::round(10 * (clip.end_s - clip.start_s));
    const std::string length = std::to_string(static_cast<int>(tenths / 10)) + "." +
                               std::to_string(static_cast<int>(tenths) % 10);
    out += "  " + clip.name + ": " + length + " s" + (avatar.clip == i ? ", plays" : "") + "\n";
  }
  out += "materials:\n";
  for (const AvatarMaterial& material : avatar.materials) {
    out += "  " + material.name + ": " + std::string(name(material.surface)) + "\n";
  }
  if (!avatar.traits.traits.empty()) out += "traits:\n";
  for (const Trait& trait : avatar.traits.traits)
    out += "  " + trait.name + ": " + text_of(trait) + "\n";
  for (const AvatarLook& look : avatar.traits.looks)
    out += (&look == avatar.traits.looks.data() ? "looks: " : ", ") + look.name;
  if (!avatar.traits.looks.empty()) out += "\n";
  return out;
}

}  // namespace vivavox

#include "engine/stage/clips.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/mesh_targets.h"
#include "engine/stage/target_names.h"
#include "engine/stage/vrm.h"

namespace vivavox {

namespace {

using gltf::Document;
using gltf::Fault;
using Path = ClipChannel::Path;
using Between = ClipChannel::Between;
namespace json = boost::json;

// Beyond it a renderer's numbers are none any more.
constexpr float largest_value = 1e6F;

std::optional<Path> path_named(std::string_view name) {
  if (name == "translation") return Path::translation;
  if (name == "rotation") return Path::rotation;
  if (name == "scale") return Path::scale;
  if (name == "weights") return Path::weights;
  return std::nullopt;
}

Between between_named(std::string_view name) {
  if (name.empty() || name == "LINEAR") return Between::lines;
  if (name == "STEP") return Between::steps;
  if (name == "CUBICSPLINE") return Between::splines;
  throw Fault{"its keys are joined in an unknown way"};
}

/// Numbers of a key's value, or of a tangent.
std::size_t width_of(const ClipChannel& channel) {
  switch (channel.path) {
    case Path::rotation:
      return 4;
    case Path::weights:
      return channel.targets.size();
    default:
      return 3;
  }
}

/// Reads the clips of one document.
class ClipReader {
 public:
  ClipReader(const Document& document, std::span<const std::size_t> node_place,
             const Avatar& avatar)
      : document_(document),
        node_place_(node_place),
        avatar_(avatar),
        targets_(document, avatar),
        is_turned_(is_vrm0(document)) {}

  /// Throws Fault where it is damaged.
  AvatarClip read(const json::object& animation) {
    AvatarClip clip{.name = gltf::string_member(animation, "name"), .channels = {}};
    constexpr std::size_t paths = 4;
    std::vector<bool> is_moved(avatar_.nodes.size() * paths, false);
    const json::array& samplers = gltf::array_member(animation, "samplers");
    for (const json::value& value : gltf::array_member(animation, "channels")) {
      if (!value.is_object()) throw Fault{"a channel is damaged"};
      auto channel = read_channel(value.get_object(), samplers);
      if (!channel) continue;
      auto is_known = is_moved[channel->node * paths + static_cast<std::size_t>(channel->path)];
      if (is_known) throw Fault{"two channels move the same"};
      is_known = true;
      clip.channels.push_back(*std::move(channel));
    }
    if (clip.channels.empty()) throw Fault{"it moves nothing"};
    const auto begins = [](const ClipChannel& one) { return one.times_s.front(); };
    const auto ends = [](const ClipChannel& one) { return one.times_s.back(); };
    clip.start_s = begins(*std::ranges::min_element(clip.channels, {}, begins));
    clip.end_s = ends(*std::ranges::max_element(clip.channels, {}, ends));
    return clip;
  }

 private:
  /// Nothing where it moves what glTF itself does not know.
  std::optional<ClipChannel> read_channel(const json::object& object, const json::array& samplers) {
    const json::object& target = gltf::object_member(object, "target");
    const auto node = gltf::index_member(target, "node");
    const auto path = path_named(gltf::string_member(target, "path"));
    if (!node || !path) return std::nullopt;
    const std::size_t sampler = gltf::size_member(object, "sampler");
    if (*node >= node_place_.size() || sampler >= samplers.size() ||
        !samplers[sampler].is_object()) {
      throw Fault{"a channel points to what is not there"};
    }
    ClipChannel channel{.path = *path, .node = node_place_[*node]};
    if (*path == Path::weights) channel.targets = targets_of(*node);
    if (width_of(channel) == 0) return std::nullopt;
    read_keys(samplers[sampler].get_object(), channel);
    if (is_turned_ && !avatar_.nodes[channel.node].parent) turn_round(channel);
    return channel;
  }

  void read_keys(const json::object& sampler, ClipChannel& channel) {
    channel.between = between_named(gltf::string_member(sampler, "interpolation"));
    const std::size_t input = gltf::size_member(sampler, "input");
    const std::size_t output = gltf::size_member(sampler, "output");
    const std::size_t width = channel.path == Path::weights ? 1 : width_of(channel);
    take(document_.element_count(input) + document_.element_count(output) * width);
    channel.times_s = document_.floats(input, 1).values;
    channel.values = document_.floats(output, width).values;
    const std::size_t of_key = width_of(channel) * (channel.between == Between::splines ? 3 : 1);
    if (channel.times_s.empty() || channel.values.size() != channel.times_s.size() * of_key)
      throw Fault{"it has another number of values than of keys"};
    if (channel.times_s.front() < 0 ||
        std::ranges::adjacent_find(channel.times_s, std::greater_equal()) !=
            channel.times_s.end()) {
      throw Fault{"its keys are in no order"};
    }
    const auto is_large = [](float value) { return std::abs(value) > largest_value; };
    if (is_large(channel.times_s.back()) || std::ranges::any_of(channel.values, is_large))
      throw Fault{"its numbers are too large"};
  }

  void take(std::size_t numbers) {
    if (numbers > numbers_left_) throw Fault{"the clips have more than 4 million numbers"};
    numbers_left_ -= numbers;
  }

  std::vector<std::optional<std::size_t>> targets_of(std::size_t node) {
    const auto mesh = gltf::index_member(document_.element("nodes", node), "mesh");
    if (!mesh) return {};
    const auto targets = targets_.of(*mesh);
    return {targets.begin(), targets.end()};
  }

  /// By half a turn about the vertical, as the avatar is.
  static void turn_round(ClipChannel& channel) {
    std::vector<float>& v = channel.values;
    if (channel.path == Path::translation) {
      for (std::size_t i = 0; i < v.size(); i += 3) {
        v[i] = -v[i];
        v[i + 2] = -v[i + 2];
      }
    }
    if (channel.path != Path::rotation) return;
    for (std::size_t i = 0; i < v.size(); i += 4) {
      const quatf turned = quatf(0, 0, 1, 0) * quatf(v[i + 3], v[i], v[i + 1], v[i + 2]);
      v[i] = turned.x;
      v[i + 1] = turned.y;
      v[i + 2] = turned.z;
      v[i + 3] = turned.w;
    }
  }

  const Document& document_;
  std::span<const std::size_t> node_place_;
  const Avatar& avatar_;
  MeshTargets targets_;
  bool is_turned_;
  std::size_t numbers_left_ = max_clip_numbers;
};

std::optional<std::size_t> idle_clip(const Avatar& avatar) {
  std::optional<std::size_t> idle;
  std::size_t fewest = 0;
  for (std::size_t i = 0; i < avatar.clips.size(); ++i) {
    const auto words = words_of(avatar.clips[i].name);
    if (!std::ranges::contains(words, "idle") || (idle && words.size() >= fewest)) continue;
    idle = i;
    fewest = words.size();
  }
  return idle;
}

// --- at a moment -----------------------------------------------------------------

/// A key and how far it is to the next, 0…1.
struct Place {
  std::size_t key = 0;
  float share = 0;
  float step_s = 0;  ///< from key to key
};

Place place_of(std::span<const float> times_s, float t_s) {
  const auto after = std::ranges::upper_bound(times_s, t_s);
  if (after == times_s.begin()) return {};
  const auto key = static_cast<std::size_t>(after - times_s.begin()) - 1;
  if (after == times_s.end()) return {.key = key};
  const float step_s = *after - times_s[key];
  return {.key = key, .share = (t_s - times_s[key]) / step_s, .step_s = step_s};
}

/// The number at `i` of the channel's value. Source: glTF 2.0, appendix C.
float number_at(const ClipChannel& channel, const Place& place, std::size_t i) {
  const std::size_t width = width_of(channel);
  const std::span<const float> v = channel.values;
  if (channel.between != Between::splines) {
    const float from = v[place.key * width + i];
    if (place.share == 0 || channel.between == Between::steps) return from;
    return std::lerp(from, v[(place.key + 1) * width + i], place.share);
  }
  const std::size_t key = place.key * 3 * width;
  if (place.share == 0) return v[key + width + i];
  const float t = place.share, t2 = t * t, t3 = t2 * t;
  return (2 * t3 - 3 * t2 + 1) * v[key + width + i] +
         (t3 - 2 * t2 + t) * place.step_s * v[key + 2 * width + i] +
         (3 * t2 - 2 * t3) * v[key + 4 * width + i] +
         (t3 - t2) * place.step_s * v[key + 3 * width + i];
}

float3 vector_at(const ClipChannel& channel, const Place& place) {
  return {number_at(channel, place, 0), number_at(channel, place, 1), number_at(channel, place, 2)};
}

quatf rotation_at(const ClipChannel& channel, const Place& place) {
  const auto at = [&](const Place& where) {
    const quatf q(number_at(channel, where, 3), number_at(channel, where, 0),
                  number_at(channel, where, 1), number_at(channel, where, 2));
    const float size = length(q);
    return size > 1e-6F ? q / size : quatf(1, 0, 0, 0);
  };
  if (channel.between != Between::lines || place.share == 0) return at(place);
  return slerp(at({.key = place.key}), at({.key = place.key + 1}), place.share);
}

void apply(const ClipChannel& channel, float t_s, ClipMoment& moment) {
  const Place place = place_of(channel.times_s, t_s);
  Transform& node = moment.places[channel.node];
  switch (channel.path) {
    case Path::translation:
      node.translation = vector_at(channel, place);
      break;
    case Path::rotation:
      node.rotation = rotation_at(channel, place);
      break;
    case Path::scale:
      node.scale = vector_at(channel, place);
      break;
    case Path::weights:
      for (std::size_t i = 0; i < channel.targets.size(); ++i) {
        if (!channel.targets[i]) continue;
        float& weight = moment.weights[*channel.targets[i]];
        weight = std::max(weight, std::min(number_at(channel, place, i), 1.0F));
      }
  }
}

}  // namespace

void read_clips(const Document& document, std::span<const std::size_t> node_place, Avatar& avatar) {
  ClipReader reader(document, node_place, avatar);
  std::string why;
  const json::array& animations = gltf::array_member(document.root(), "animations");
  for (std::size_t i = 0; i < std::min(animations.size(), max_clips); ++i) {
    const json::value& value = animations[i];
    try {
      if (!value.is_object()) throw Fault{"it is no object"};
      avatar.clips.push_back(reader.read(value.get_object()));
    } catch (const Fault& fault) {
      if (why.empty()) why = fault.message;
    }
  }
  if (const std::size_t left_out = animations.size() - avatar.clips.size(); left_out > 0) {
    avatar.notes.push_back("clips that are left out: " + std::to_string(left_out) + "; " +
                           (why.empty() ? "more than 256 are not read" : why));
  }
  avatar.clip = idle_clip(avatar);
}

Result<void> choose_clip(Avatar& avatar, std::string_view name) {
  const auto found = std::ranges::find(avatar.clips, name, &AvatarClip::name);
  if (found != avatar.clips.end()) {
    avatar.clip = static_cast<std::size_t>(found - avatar.clips.begin());
    return {};
  }
  std::string known;
  constexpr std::size_t most_told = 300;
  for (const AvatarClip& clip : avatar.clips) {
    if (known.size() + clip.name.size() > most_told) break;
    known += (known.empty() ? "" : ", ") + clip.name;
  }
  return fail(ErrorCode::invalid_argument, "the avatar has no clip " + quoted(name) +
                                               (known.empty() ? "" : ": it has " + known));
}

ClipMoment clip_moment(const Avatar& avatar, double t_s) {
  ClipMoment moment{.places = rest_places(avatar),
                    .weights = std::vector<float>(avatar.target_names.size(), 0.0F)};
  if (!avatar.clip) return moment;
  const AvatarClip& clip = avatar.clips[*avatar.clip];
  const double length_s = clip.end_s - clip.start_s;
  double round_s = length_s > 0 ? std::fmod(t_s, length_s) : 0;
  if (round_s < 0) round_s += length_s;
  for (const ClipChannel& channel : clip.channels)
    apply(channel, static_cast<float>(clip.start_s + round_s), moment);
  return moment;
}

std::vector<std::vector<mat4f>> standing_moments(const Avatar& avatar) {
  if (!avatar.clip) return {rest_transforms(avatar)};
  constexpr std::size_t count = 8;
  const AvatarClip& clip = avatar.clips[*avatar.clip];
  std::vector<std::vector<mat4f>> moments;
  for (std::size_t i = 0; i < count; ++i) {
    const double share = static_cast<double>(i) / count;
    std::vector<mat4f> local;
    for (const Transform& place : clip_moment(avatar, share * (clip.end_s - clip.start_s)).places)
      local.push_back(matrix_of(place));
    moments.push_back(world_transforms(avatar, local));
  }
  return moments;
}

}  // namespace vivavox

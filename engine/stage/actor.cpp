#include "engine/stage/actor.h"

#include <filament/Box.h>
#include <filament/RenderableManager.h>
#include <filament/TransformManager.h>

#include <algorithm>
#include <cmath>

#include "engine/stage/clips.h"
#include "engine/stage/detail.h"

namespace vivavox {

using filament::Engine;
using filament::IndexBuffer;
using filament::RenderableManager;
using filament::VertexAttribute;
using filament::VertexBuffer;

namespace {

enum Buffer : std::uint8_t { positions, frames, uvs, colors, opennesses, joints, weights, count };

/// How far off a surface may be for want of triangles, in pixels.
constexpr float error_px = 1;

/// Of each vertex, in the order that the part is drawn in.
template <class T>
void upload_values(Engine& engine, VertexBuffer& buffer, Buffer to, const BlendedPart& blended,
                   std::span<const T> values) {
  std::vector<T> ordered;
  ordered.reserve(values.size());
  for (const std::uint32_t vertex : blended.source()) ordered.push_back(values[vertex]);
  buffer.setBufferAt(engine, to, copied(std::span<const T>(ordered)));
}

Owned<VertexBuffer> upload_vertices(Engine& engine, const AvatarPart& part,
                                    const BlendedPart& blended) {
  using Type = VertexBuffer::AttributeType;
  auto buffer =
      own(engine, VertexBuffer::Builder()
                      .vertexCount(static_cast<std::uint32_t>(part.positions.size()))
                      .bufferCount(Buffer::count)
                      .attribute(VertexAttribute::POSITION, Buffer::positions, Type::FLOAT3)
                      .attribute(VertexAttribute::TANGENTS, Buffer::frames, Type::SHORT4)
                      .normalized(VertexAttribute::TANGENTS)
                      .attribute(VertexAttribute::UV0, Buffer::uvs, Type::FLOAT2)
                      .attribute(VertexAttribute::COLOR, Buffer::colors, Type::UBYTE4)
                      .normalized(VertexAttribute::COLOR)
                      .attribute(VertexAttribute::CUSTOM0, Buffer::opennesses, Type::UBYTE4)
                      .normalized(VertexAttribute::CUSTOM0)
                      .attribute(VertexAttribute::BONE_INDICES, Buffer::joints, Type::UBYTE4)
                      .attribute(VertexAttribute::BONE_WEIGHTS, Buffer::weights, Type::FLOAT4)
                      .build(engine));
  const auto upload = [&](Buffer to, const auto& values) {
    upload_values(engine, *buffer, to, blended, std::span(values));
  };
  buffer->setBufferAt(engine, Buffer::positions, copied(blended.positions()));
  buffer->setBufferAt(engine, Buffer::frames, copied(blended.frames()));
  upload(Buffer::uvs, part.uvs);
  // An attribute that is not there would be black.
  const std::vector<std::array<std::uint8_t, 4>> white(part.positions.size(), {255, 255, 255, 255});
  upload(Buffer::colors, part.colors.empty() ? white : part.colors);
  upload(Buffer::opennesses, white);
  upload(Buffer::joints, part.joints);
  upload(Buffer::weights, part.weights);
  return buffer;
}

Owned<IndexBuffer> upload_indices(Engine& engine, std::span<const std::uint32_t> indices) {
  auto buffer = own(engine, IndexBuffer::Builder()
                                .indexCount(static_cast<std::uint32_t>(indices.size()))
                                .bufferType(IndexBuffer::IndexType::UINT)
                                .build(engine));
  buffer->setBuffer(engine, copied(indices));
  return buffer;
}

std::vector<mat4f> bone_transforms(const AvatarPart& part, std::span<const mat4f> nodes) {
  std::vector<mat4f> transforms;
  for (const Bone& bone : part.bones) transforms.push_back(nodes[bone.node] * bone.inverse_bind);
  return transforms;
}

/// Around the part at these moments; each is the nodes' places.
PartBounds bounds(const AvatarPart& part, const BlendedPart& blended,
                  std::span<const std::vector<mat4f>> moments) {
  PartBounds bounds{.low = float3(std::numeric_limits<float>::max()),
                    .high = float3(std::numeric_limits<float>::lowest())};
  for (const std::vector<mat4f>& nodes : moments) {
    const std::vector<mat4f> bones = bone_transforms(part, nodes);
    for (std::size_t i = 0; i < part.positions.size(); ++i) {
      const std::size_t vertex = blended.source()[i];
      float3 place(0.0F);
      for (std::size_t k = 0; k < 4; ++k) {
        place += transformed(bones[part.joints[vertex][k]], blended.positions()[i]) *
                 part.weights[vertex][k];
      }
      bounds.low = min(bounds.low, place);
      bounds.high = max(bounds.high, place);
    }
  }
  return bounds;
}

/// With room for what moves.
filament::Box roomy(const PartBounds& bounds) {
  const float3 margin = (bounds.high - bounds.low) * 0.1F;
  return filament::Box().set(bounds.low - margin, bounds.high + margin);
}

/// Thin things on the skin would darken it with shadows too coarse for them, eyes lie in the shadow
/// of their own lids, what is in the mouth in that of the lips, and light goes through glass.
bool casts_shadow(const AvatarMaterial& material) {
  const Surface surface = material.surface;
  return !material.layers.is_clear && surface != Surface::lash && surface != Surface::brow &&
         surface != Surface::eye && !is_in_mouth(surface);
}

}  // namespace

Actor::Actor(Engine& engine, filament::Scene& scene, Surfaces& surfaces, Avatar avatar,
             const mat4f& placement)
    : engine_(engine),
      scene_(scene),
      avatar_(std::move(avatar)),
      placement_(placement),
      rig_(avatar_),
      swing_(avatar_),
      weights_(avatar_.target_names.size()),
      without_gaze_(weights_),
      moments_(standing_moments(avatar_)),
      nodes_(moments_[0]) {
  std::vector<bool> is_color(avatar_.textures.size(), false);
  for (const AvatarMaterial& material : avatar_.materials) {
    for (const auto& texture : {material.base_color_texture, material.emissive_texture}) {
      if (texture) is_color[texture->image] = true;
    }
  }
  // What is in them decides on materials, and is given back once it is uploaded.
  std::vector<bool> is_mirror;
  for (AvatarMaterial& material : avatar_.materials) {
    auto& normals = material.normal_texture;
    if (normals && is_flat(avatar_.textures[normals->image])) normals.reset();
    const auto& surface = material.metallic_roughness_texture;
    is_mirror.push_back(mirrors(material, surface ? &avatar_.textures[surface->image] : nullptr));
  }
  for (std::size_t i = 0; i < avatar_.textures.size(); ++i) {
    textures_.push_back(upload_texture(engine, avatar_.textures[i], is_color[i]));
    // It makes room for the next.
    avatar_.textures[i] = {};
  }
  for (std::size_t i = 0; i < avatar_.materials.size(); ++i) {
    const bool is_eye = avatar_.materials[i].surface == Surface::eye;
    const Irises irises = is_eye ? find_irises(avatar_, i, nodes_, placement) : Irises{};
    materials_.push_back(surfaces.make(avatar_.materials[i], is_mirror[i], irises, textures_));
  }
  for (const AvatarPart& part : avatar_.parts) add_part(part, placement);
  wear(initial_values(avatar_.traits));
}

Actor::~Actor() {
  for (const Part& part : parts_) scene_.remove(part.renderable.get());
}

void Actor::add_part(const AvatarPart& part, const mat4f& placement) {
  BlendedPart blended(part);
  auto vertices = upload_vertices(engine_, part, blended);
  auto indices = upload_indices(engine_, blended.placed(part.indices));
  OwnedEntity renderable(engine_);
  const PartBounds reach = bounds(part, blended, moments_);
  RenderableManager::Builder(1)
      .geometry(0, RenderableManager::PrimitiveType::TRIANGLES, vertices.get(), indices.get())
      .material(0, materials_[part.material].get())
      .boundingBox(roomy(reach))
      .skinning(part.bones.size())
      .castShadows(casts_shadow(avatar_.materials[part.material]))
      .receiveShadows(true)
      .build(engine_, renderable.get());
  filament::TransformManager& transforms = engine_.getTransformManager();
  transforms.create(renderable.get(), {}, placement);
  scene_.addEntity(renderable.get());
  parts_.push_back({.blended = std::move(blended),
                    .reach = reach,
                    .ignores_gaze = rig_.is_turned_by_eyes(avatar_, part),
                    .vertices = std::move(vertices),
                    .indices = std::move(indices),
                    .renderable = std::move(renderable)});
  set_bones(parts_.back(), part);
}

float Actor::scale() const {
  return length(placement_[0].xyz);
}

Extent Actor::extent() const {
  float3 low(std::numeric_limits<float>::max());
  float3 high(std::numeric_limits<float>::lowest());
  for (const Part& part : parts_) {
    if (part.is_hidden) continue;
    const float3 a = transformed(placement_, part.reach.low);
    const float3 b = transformed(placement_, part.reach.high);
    low = min(low, min(a, b));
    high = max(high, max(a, b));
  }
  return {.bottom = low.y, .top = high.y, .half_width = std::max(high.x, -low.x)};
}

bool Actor::fit_detail(float pixel) {
  // By powers of two, so that a picture that grows a little is not fitted again.
  const float most_error = error_px * std::exp2(std::floor(std::log2(pixel)));
  constexpr std::size_t most_indices = 20000;
  std::size_t indices = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (parts_[i].is_hidden || parts_[i].most_error == most_error) continue;
    if (indices > most_indices) return true;
    fit_detail(parts_[i], avatar_.parts[i], most_error);
    indices += avatar_.parts[i].indices.size();
  }
  return false;
}

void Actor::fit_detail(Part& part, const AvatarPart& source, float most_error) {
  const std::vector<std::uint32_t> indices = part.blended.placed(coarser(source, most_error));
  auto buffer = upload_indices(engine_, indices);
  RenderableManager& renderables = engine_.getRenderableManager();
  renderables.setGeometryAt(renderables.getInstance(part.renderable.get()), 0,
                            RenderableManager::PrimitiveType::TRIANGLES, part.vertices.get(),
                            buffer.get(), 0, indices.size());
  part.indices = std::move(buffer);
  part.most_error = most_error;
}

bool Actor::look_around(int directions) {
  // What is dark at last comes gently the first time.
  constexpr float fade_step = 0.125F;
  if (is_reshaped_) occlusion_.emplace(avatar_, rig_, placement_, *worn_);
  is_reshaped_ = false;
  if (!occlusion_ && depth_ == 1) return false;
  if (occlusion_ && !occlusion_->look(directions)) {
    const std::vector<VertexOpenness> open = occlusion_->result();
    occlusion_.reset();
    std::span<const VertexOpenness> left(open);
    for (const Part& part : parts_) {
      const std::size_t count = part.blended.positions().size();
      upload_values(engine_, *part.vertices, Buffer::opennesses, part.blended, left.first(count));
      left = left.subspan(count);
    }
  } else if (!occlusion_) {
    depth_ = std::min(1.0F, depth_ + fade_step);
    shade();
  }
  return occlusion_ || depth_ < 1;
}

void Actor::shade() {
  const float4 openings(openings_of(shown_->weights), depth_);
  for (auto& material : materials_) material->setParameter("openings", openings);
}

void Actor::set_bones(const Part& part, const AvatarPart& source) {
  RenderableManager& renderables = engine_.getRenderableManager();
  const std::vector<mat4f> bones = bone_transforms(source, nodes_);
  renderables.setBones(renderables.getInstance(part.renderable.get()), bones.data(), bones.size());
}

void Actor::upload(const Part& part, std::size_t vertices) {
  part.vertices->setBufferAt(engine_, Buffer::positions,
                             copied(part.blended.positions().first(vertices)));
  part.vertices->setBufferAt(engine_, Buffer::frames,
                             copied(part.blended.frames().first(vertices)));
}

void Actor::pose_part(Part& part, const AvatarPart& source) {
  set_bones(part, source);
  if (part.blended.blend(part.ignores_gaze ? without_gaze_ : weights_))
    upload(part, part.blended.moving_count());
}

void Actor::set_pose(const FacePose& pose, double t_s, double clip_s, Motion& motion) {
  // What swings, or a clip, may move on where the face does not.
  if (shown_ == pose && swing_.is_empty() && (!avatar_.clip || clip_s == clip_s_)) return;
  shown_ = pose;
  clip_s_ = clip_s;
  shade();
  ClipMoment moment = clip_moment(avatar_, clip_s);
  weights_ = rig_.target_weights(pose.weights, pose.tongue);
  // What both close is closed once.
  for (std::size_t i = 0; i < weights_.size(); ++i)
    weights_[i] = std::max(weights_[i], moment.weights[i]);
  without_gaze_ = weights_;
  rig_.drop_gaze(without_gaze_);
  const std::vector<mat4f> local = rig_.local_transforms(avatar_, pose, std::move(moment.places));
  nodes_ = world_transforms(avatar_, local);
  swing_.move(avatar_, local, nodes_, t_s, motion);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (!parts_[i].is_hidden) pose_part(parts_[i], avatar_.parts[i]);
  }
}

void Actor::reshape(Part& part, const AvatarPart& source, std::span<const float> shape) {
  if (!part.blended.reshape(shape)) return;
  RenderableManager& renderables = engine_.getRenderableManager();
  part.reach = bounds(source, part.blended, moments_);
  renderables.setAxisAlignedBoundingBox(renderables.getInstance(part.renderable.get()),
                                        roomy(part.reach));
  upload(part, part.blended.changing_count());
}

void Actor::wear(std::vector<std::string> values) {
  if (worn_ && values == chosen_) return;
  Appearance appearance = appearance_of(avatar_, values);
  chosen_ = std::move(values);
  for (std::size_t i = 0; i < materials_.size(); ++i)
    materials_[i]->setParameter("baseColor", appearance.base_colors[i]);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    Part& part = parts_[i];
    if (part.is_hidden && !appearance.is_hidden[i]) scene_.addEntity(part.renderable.get());
    if (!part.is_hidden && appearance.is_hidden[i]) scene_.remove(part.renderable.get());
    part.is_hidden = appearance.is_hidden[i];
    if (part.is_hidden) continue;
    reshape(part, avatar_.parts[i], appearance.shape);
    pose_part(part, avatar_.parts[i]);
  }
  if (!worn_ || worn_->is_hidden != appearance.is_hidden || worn_->shape != appearance.shape)
    is_reshaped_ = true;
  worn_ = std::move(appearance);
}

}  // namespace vivavox

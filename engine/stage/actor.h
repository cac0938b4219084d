// An avatar on the stage: its geometry, textures and materials in the renderer.
#pragma once

#include <filament/IndexBuffer.h>
#include <filament/Scene.h>
#include <filament/VertexBuffer.h>

#include <optional>
#include <vector>

#include "engine/stage/avatar.h"
#include "engine/stage/blend.h"
#include "engine/stage/rig.h"
#include "engine/stage/surfaces.h"
#include "engine/stage/swing.h"

namespace vivavox {

class Actor {
 public:
  /// Uploads the avatar and adds it to the scene; `placement` takes the model
  /// to the stage.
  Actor(filament::Engine& engine, filament::Scene& scene, const Surfaces& surfaces, Avatar avatar,
        const mat4f& placement);
  ~Actor();
  Actor(const Actor&) = delete;
  Actor& operator=(const Actor&) = delete;

  /// `t_s` and `motion` as of Swing::move(); the clip, where one plays, is at `clip_s`.
  void set_pose(const FacePose& pose, double t_s, double clip_s, Motion& motion);

 private:
  struct Part {
    BlendedPart blended;
    bool ignores_gaze;  ///< turned by an eye joint already
    Owned<filament::VertexBuffer> vertices;
    Owned<filament::IndexBuffer> indices;
    OwnedEntity renderable;
  };

  void add_part(const AvatarPart& part, const mat4f& placement,
                std::span<const std::vector<mat4f>> moments);
  void set_bones(const Part& part, const AvatarPart& source, std::span<const mat4f> nodes);

  filament::Engine& engine_;
  filament::Scene& scene_;
  Avatar avatar_;
  Rig rig_;
  Swing swing_;
  std::optional<FacePose> shown_;
  double clip_s_ = 0;
  std::vector<Owned<filament::Texture>> textures_;
  std::vector<Owned<filament::MaterialInstance>> materials_;
  std::vector<Part> parts_;
};

}  // namespace vivavox

// An avatar on the stage: its geometry, textures and materials in the renderer.
#pragma once

#include <filament/IndexBuffer.h>
#include <filament/Scene.h>
#include <filament/VertexBuffer.h>

#include <optional>
#include <vector>

#include "engine/stage/appearance.h"
#include "engine/stage/avatar.h"
#include "engine/stage/blend.h"
#include "engine/stage/framing.h"
#include "engine/stage/occlusion.h"
#include "engine/stage/rig.h"
#include "engine/stage/surfaces.h"
#include "engine/stage/swing.h"

namespace vivavox {

/// The corners of a box around a part at rest, in the model's units.
struct PartBounds {
  float3 low, high;
};

class Actor {
 public:
  /// Uploads the avatar and adds it to the scene; `placement` takes the model
  /// to the stage.
  Actor(filament::Engine& engine, filament::Scene& scene, Surfaces& surfaces, Avatar avatar,
        const mat4f& placement);
  ~Actor();
  Actor(const Actor&) = delete;
  Actor& operator=(const Actor&) = delete;

  /// `t_s` and `motion` as of Swing::move(); the clip, where one plays, is at `clip_s`.
  void set_pose(const FacePose& pose, double t_s, double clip_s, Motion& motion);

  /// Without its textures.
  const Avatar& avatar() const { return avatar_; }
  /// The value of each trait.
  std::span<const std::string> chosen() const { return chosen_; }
  /// Takes other values; parts that these hide cost nothing until they are shown again.
  void wear(std::vector<std::string> values);
  /// How long one of the model's units is on the stage.
  float scale() const;
  /// Of what is shown of it, at rest.
  Extent extent() const;
  /// Leaves out what is too small to be seen where so many of the model's units are a pixel, of
  /// some parts in a call; false once that is done with all.
  bool fit_detail(float pixel);
  /// Goes on finding how much of the light around comes to each vertex, by so many directions;
  /// false once that is found and shown.
  bool look_around(int directions);

 private:
  struct Part {
    BlendedPart blended;
    PartBounds reach;
    bool ignores_gaze;  ///< turned by an eye joint already
    Owned<filament::VertexBuffer> vertices;
    Owned<filament::IndexBuffer> indices;
    OwnedEntity renderable;
    bool is_hidden = false;
    float most_error = 0;  ///< of the triangles that are drawn
  };

  void add_part(const AvatarPart& part, const mat4f& placement);
  void set_bones(const Part& part, const AvatarPart& source);
  /// Gives it the pose that is shown.
  void pose_part(Part& part, const AvatarPart& source);
  /// Opens and closes what light comes into, as the pose does.
  void shade();
  void upload(const Part& part, std::size_t vertices);
  void fit_detail(Part& part, const AvatarPart& source, float most_error);
  void reshape(Part& part, const AvatarPart& source, std::span<const float> shape);

  filament::Engine& engine_;
  filament::Scene& scene_;
  Avatar avatar_;
  mat4f placement_;
  Rig rig_;
  Swing swing_;
  std::vector<std::string> chosen_;
  std::optional<Appearance> worn_;
  bool is_reshaped_ = false;            ///< since its occlusion was found
  std::optional<Occlusion> occlusion_;  ///< while it is being found
  float depth_ = 0;                     ///< how much of it is shown
  std::optional<FacePose> shown_;
  double clip_s_ = 0;
  std::vector<float> weights_, without_gaze_;  ///< of the targets in the pose that is shown
  std::vector<std::vector<mat4f>> moments_;    ///< standing_moments()
  std::vector<mat4f> nodes_;                   ///< the places of its nodes
  std::vector<Owned<filament::Texture>> textures_;
  std::vector<Owned<filament::MaterialInstance>> materials_;
  std::vector<Part> parts_;
};

}  // namespace vivavox

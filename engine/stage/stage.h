// The stage: one avatar, lit and framed, drawn by Filament. The same code draws
// on WebGL 2 in browsers and on Vulkan elsewhere.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "engine/error.h"
#include "engine/face/face_pose.h"
#include "engine/media/image.h"
#include "engine/stage/avatar.h"
#include "engine/stage/color.h"
#include "engine/stage/framing.h"
#include "engine/stage/lighting.h"
#include "engine/stage/quality.h"
#include "engine/stage/swing.h"

namespace vivavox {

/// The background where nobody asks for another.
inline constexpr Color studio_grey{0xae, 0xb9, 0xc8};

/// The largest width and height of a picture.
inline constexpr int max_picture_side_px = 4096;

/// What the targets of one drawing may take: enough for 1920 × 1080 pixels of one sample,
/// or 1024 × 1024 of four.
inline constexpr std::int64_t most_target_bytes = std::int64_t{72} << 20;

class Stage {
 public:
  /// Opens the renderer: in a browser on the current WebGL context, elsewhere
  /// without a window, on the first Vulkan device. One stage per thread.
  /// Errors: renderer_unavailable, invalid_argument (a side outside
  /// 1…max_picture_side_px).
  static Result<Stage> create(int width_px, int height_px);

  Stage(Stage&&) noexcept;
  Stage& operator=(Stage&&) noexcept;
  ~Stage();

  /// Replaces the avatar on the stage by this one, in its neutral pose.
  void show(Avatar avatar);

  /// Shows the avatar as its file has it, but for these traits: its `look` first, then the others
  /// over it. Pose and camera stay. Errors: invalid_argument (naming what the avatar has), after
  /// which nothing has changed.
  Result<void> customize(std::span<const TraitChoice> choices);
  /// What can be changed of the avatar, and what is chosen: see traits_json().
  std::string traits() const;

  /// The face for the frames to come, hair and clothes at rest, the clip at its start; without an
  /// avatar, nothing.
  void set_pose(const FacePose& pose);
  /// The same for one of many pictures in a row, shown at `t_s` on any steady clock: the clip is
  /// where it is then, and hair and clothes swing on from where the picture before left them, which
  /// is `motion`.
  void set_pose(const FacePose& pose, double t_s, Motion& motion);
  /// Whether the avatar's clip stands still at its start, for those who want less motion.
  void hold_clip(bool holds);
  void set_view(View view);
  /// A view of one's own choice.
  void set_shot(const Shot& shot);
  /// The colour all over, or nothing: see-through. studio_grey alone, which is there from the
  /// start, is a light behind the head that gets darker towards the corners.
  void set_background(std::optional<Color> color);
  /// "portrait" until then.
  void set_lighting(const Lighting& lighting);
  /// How well the frames to come are drawn; "high" until then.
  void set_quality(const Quality& quality);
  /// How many pixels a frame has, by the size that was asked for and the quality's scale.
  ImageSize drawn_size() const;
  /// Errors: invalid_argument (as create).
  Result<void> resize(int width_px, int height_px);

  /// What an avatar need not have in its first frame. Triangles that are too small for the picture
  /// are left out, of some of its parts in a call; light comes past hair, chin and lips, as is
  /// looked for from some 170 directions, by so many in a call. False once all is done and shown.
  bool settle(int directions);

  /// Draws a frame into the browser's canvas.
  void render();

  /// Looks all around, draws a frame and returns it in the size that was asked for; in tiles where
  /// its targets would take more than `most_bytes`. Not in browsers: there, read the canvas.
  Image picture(std::int64_t most_bytes = most_target_bytes);

 private:
  struct Parts;
  explicit Stage(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace vivavox

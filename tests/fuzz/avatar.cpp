// Any bytes, packed or not, either read as an avatar that can be rigged, framed and posed, or
// fail.
#include "engine/stage/avatar.h"

#include <algorithm>
#include <cstdlib>

#include "engine/stage/blend.h"
#include "engine/stage/framing.h"
#include "engine/stage/rig.h"
#include "engine/stage/swing.h"
#include "engine/unpack/test_packed.h"
#include "engine/unpack/unpack.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

using namespace vivavox;

/// An avatar, plain and packed in each way.
std::vector<std::vector<std::byte>> readable_files() {
  const auto webp =
      test::webp_glb(test::face_glb({.images = {test::webp_file(test::colorful(4, 4, false))}}));
  return {test::face_glb(),
          webp,
          test::meshopt_glb(webp),
          test::meshopt_glb(webp, "KHR_meshopt_compression"),
          test::draco_glb(webp, draco::MESH_SEQUENTIAL_ENCODING),
          test::draco_glb(webp, draco::MESH_EDGEBREAKER_ENCODING)};
}

void use(const Avatar& avatar) {
  const Rig rig(avatar);
  FacePose pose;
  pose.weights.values().fill(0.5F);
  pose.head.yaw_rad = 0.2F;
  const auto weights = rig.target_weights(pose.weights);
  for (const AvatarPart& part : avatar.parts) BlendedPart(part).blend(weights);
  const auto local = rig.local_transforms(avatar, pose);
  auto world = world_transforms(avatar, local);
  Motion motion;
  const Swing swing(avatar);
  for (const double t_s : {0.0, 0.1}) swing.move(avatar, local, world, t_s, motion);
  if (!(find_head(avatar, rig.joints()).height > 0)) std::abort();
  if (rig_report_json(avatar, rig).empty()) std::abort();
}

}  // namespace

/// Starts from readable avatars, which chance would take long to find.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  static const auto avatars = readable_files();
  const auto& avatar = avatars[seed % avatars.size()];
  constexpr unsigned often = 64;
  if ((size < 20 || seed / avatars.size() % often == 0) && avatar.size() <= max_size) {
    std::ranges::copy(avatar, reinterpret_cast<std::byte*>(data));
    size = avatar.size();
  }
  return LLVMFuzzerMutate(data, size, max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  if (const auto avatar = read_packed_avatar(file)) use(*avatar);
  // As the browser has it: what is plain then needs nothing more.
  const auto plain = unpacked(file, WebpImages::become_png);
  if (plain && read_packed_avatar(file) && !read_avatar(*plain)) std::abort();
  return 0;
}

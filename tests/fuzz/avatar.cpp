// Any bytes either read as an avatar that can be rigged, framed and posed, or
// fail.
#include "engine/stage/avatar.h"

#include <algorithm>
#include <cstdlib>

#include "engine/stage/blend.h"
#include "engine/stage/framing.h"
#include "engine/stage/rig.h"
#include "engine/stage/test_glb.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

/// Starts from a readable avatar, which chance would take long to find.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned) {
  static const std::vector<std::byte> avatar = vivavox::test::face_glb();
  if (size < 20 && avatar.size() <= max_size) {
    std::ranges::copy(avatar, reinterpret_cast<std::byte*>(data));
    size = avatar.size();
  }
  return LLVMFuzzerMutate(data, size, max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vivavox;
  const auto avatar = read_avatar(std::as_bytes(std::span(data, size)));
  if (!avatar) return 0;
  const Rig rig(*avatar);
  FacePose pose;
  pose.weights.values().fill(0.5F);
  pose.head.yaw_rad = 0.2F;
  const auto weights = rig.target_weights(pose.weights);
  for (const AvatarPart& part : avatar->parts) BlendedPart(part).blend(weights);
  if (rig.node_transforms(*avatar, pose).size() != avatar->nodes.size()) std::abort();
  if (!(find_head(*avatar, rig.joints()).height > 0)) std::abort();
  if (rig_report_json(*avatar, rig).empty()) std::abort();
  return 0;
}

#include "engine/stage/face_joints.h"

#include <array>
#include <span>

#include "engine/stage/target_names.h"

namespace vivavox {

namespace {

std::optional<std::size_t> find_joint(const Avatar& avatar, const std::vector<bool>& candidates,
                                      std::span<const std::string_view> endings) {
  for (const std::string_view ending : endings) {
    for (std::size_t i = 0; i < avatar.nodes.size(); ++i) {
      if (candidates[i] && letters_of(avatar.nodes[i].name).ends_with(ending)) return i;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<bool> skeleton(const Avatar& avatar) {
  std::vector<bool> in(avatar.nodes.size(), false);
  for (const AvatarPart& part : avatar.parts) {
    for (const Bone& bone : part.bones) {
      for (std::optional<std::size_t> node = bone.node; node && !in[*node];
           node = avatar.nodes[*node].parent) {
        in[*node] = true;
      }
    }
  }
  return in;
}

FaceJoints find_joints(const Avatar& avatar) {
  static constexpr std::array<std::string_view, 2> head{"head", "head1"};
  static constexpr std::array<std::string_view, 4> neck{"neck", "neck1", "neck01", "necktwist01"};
  static constexpr std::array<std::string_view, 5> left{"lefteye", "eyeleft", "eyel", "leye",
                                                        "lfaceeye"};
  static constexpr std::array<std::string_view, 5> right{"righteye", "eyeright", "eyer", "reye",
                                                         "rfaceeye"};
  static constexpr std::array<std::string_view, 6> jaw{"jawroot",  "lowerjaw", "jawmaster",
                                                       "jawbonex", "mandible", "jaw"};
  static constexpr std::array<std::string_view, 4> left_shoulder{"leftshoulder", "shoulderl",
                                                                 "claviclel", "lclavicle"};
  static constexpr std::array<std::string_view, 4> right_shoulder{"rightshoulder", "shoulderr",
                                                                  "clavicler", "rclavicle"};
  const std::vector<bool> candidates = skeleton(avatar);
  const auto find = [&](std::string_view bone, std::span<const std::string_view> endings) {
    const auto named = avatar.humanoid.find(bone);
    return named != avatar.humanoid.end() ? std::optional(named->second)
                                          : find_joint(avatar, candidates, endings);
  };
  return {.head = find("head", head),
          .neck = find("neck", neck),
          .left_eye = find("leftEye", left),
          .right_eye = find("rightEye", right),
          .jaw = find("jaw", jaw),
          .left_shoulder = find("leftShoulder", left_shoulder),
          .right_shoulder = find("rightShoulder", right_shoulder)};
}

}  // namespace vivavox

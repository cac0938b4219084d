#include "engine/stage/animated_glb.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/face/test_timelines.h"
#include "engine/stage/gltf.h"
#include "engine/stage/rig.h"
#include "engine/stage/test_glb.h"

using namespace vivavox;

namespace {

Performance speaking() {
  return Performance::create(spoken({{"p", 0.1}, {"ɑ", 0.3, Stress::primary}, {"p", 0.1}})).value();
}

const boost::json::array& members(const boost::json::object& object, std::string_view name) {
  return object.at(name).as_array();
}

}  // namespace

TEST_CASE("an avatar's file gets the speech as an animation of targets and joints") {
  constexpr int fps = 30;
  const auto file = test::face_glb();
  const auto performance = speaking();
  const auto animated = animated_glb(file, read_avatar(file).value(), performance, fps);
  REQUIRE(animated);
  const gltf::Document document(*animated);
  const auto& animation = members(document.root(), "animations").back().as_object();
  CHECK(animation.at("name") == "speech");

  const auto avatar = read_avatar(*animated).value();
  const Rig rig(avatar);
  int weights = 0, rotations = 0;
  for (const auto& channel : members(animation, "channels")) {
    const auto& target = channel.at("target").as_object();
    const auto& sampler =
        members(animation, "samplers")[channel.at("sampler").to_number<std::size_t>()];
    const auto times = document.floats(sampler.at("input").to_number<std::size_t>(), 1);
    CHECK(times.count == 16);
    CHECK(std::abs(times.values.back() - 0.5F) < 1e-6F);
    const auto output = sampler.at("output").to_number<std::size_t>();
    if (target.at("path") == "weights") {
      ++weights;
      const auto values = document.floats(output, 1);
      REQUIRE(values.count == 16 * 2);
      for (std::size_t frame = 0; frame < 16; ++frame) {
        const auto expected =
            rig.target_weights(performance.pose(static_cast<double>(frame) / fps).weights);
        CHECK(values.values[2 * frame] == expected[0]);
        CHECK(values.values[2 * frame + 1] == expected[1]);
      }
    } else {
      ++rotations;
      CHECK(document.floats(output, 4).count == 16);
    }
  }
  CHECK(weights == 2);    // "LeftEye" and "face" show the mesh
  CHECK(rotations == 3);  // neck, head and left eye
  CHECK(avatar.parts.size() == read_avatar(file)->parts.size());
}

TEST_CASE("an animated node has no matrix, and stands where it stood") {
  const std::string nodes =
      R"({"name":"Head","matrix":[2,0,0,0,0,2,0,0,0,0,2,0,1,2,3,1],"children":[1]},)"
      R"({"name":"face","mesh":0})";
  const auto file = test::face_glb({.nodes = nodes});
  const auto animated = animated_glb(file, read_avatar(file).value(), speaking(), 10);
  REQUIRE(animated);
  const gltf::Document document(*animated);
  const auto& head = document.element("nodes", 0);
  CHECK_FALSE(head.contains("matrix"));
  CHECK(head.at("translation") == boost::json::array{1.0F, 2.0F, 3.0F});
  CHECK(head.at("scale") == boost::json::array{2.0F, 2.0F, 2.0F});
}

TEST_CASE("what cannot be animated is refused") {
  CHECK(animated_glb({}, {}, speaking(), 30).error().code == ErrorCode::invalid_avatar);
  const auto file = test::face_glb();
  const auto avatar = read_avatar(file).value();
  CHECK(animated_glb(file, avatar, speaking(), 0).error().code == ErrorCode::invalid_argument);
}

#include "engine/stage/swing.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace vivavox;
using Catch::Approx;

namespace {

constexpr float reach = 0.1F;

/// A head (0) at a height of 1 with a strand of joints that go on along +X, the last of them its
/// end alone.
Avatar strand(const SpringJoint& joint, std::size_t joints = 1) {
  Avatar avatar;
  avatar.nodes.push_back({.name = "head", .translation = {0, 1, 0}});
  for (std::size_t i = 0; i <= joints; ++i) {
    avatar.nodes.push_back(
        {.name = "hair", .parent = i, .translation = {i == 0 ? 0 : reach, 0, 0}});
  }
  avatar.collider_groups.emplace_back();
  for (std::size_t i = 0; i < joints; ++i) {
    avatar.springs.push_back(joint);
    avatar.springs.back().node = i + 1;
    avatar.springs.back().tail = {reach, 0, 0};
  }
  return avatar;
}

/// Takes pictures of an avatar whose head moves, and says where the strand's end is in each.
class Film {
 public:
  explicit Film(Avatar avatar) : avatar_(std::move(avatar)), swing_(avatar_) {
    for (const AvatarNode& node : avatar_.nodes) local_.push_back(local_transform(node));
  }

  float3 end(double t_s, float3 head = {0, 1, 0}, float yaw_rad = 0) {
    local_[0] = mat4f::translation(head) * mat4f(quaternion({.yaw_rad = yaw_rad}));
    auto world = world_transforms(avatar_, local_);
    swing_.move(avatar_, local_, world, t_s, motion_);
    return world.back()[3].xyz;
  }

 private:
  Avatar avatar_;
  Swing swing_;
  std::vector<mat4f> local_;
  Motion motion_;
};

bool is_near(float3 a, float3 b, float margin) {
  return length(a - b) <= margin;
}

}  // namespace

TEST_CASE("The first picture is at rest: as the forces of springs and gravity pull") {
  const float3 root(0, 1, 0);
  CHECK(is_near(Film(strand({.stiffness = 1})).end(0), root + float3(reach, 0, 0), 1e-6F));
  const float3 leaning = root + normalize(float3(1, -1, 0)) * reach;
  CHECK(is_near(Film(strand({.stiffness = 2, .gravity = {0, -2, 0}})).end(5), leaning, 1e-6F));
  const float3 hanging = root + float3(0, -3 * reach, 0);
  CHECK(is_near(Film(strand({.stiffness = 0, .gravity = {0, -1, 0}}, 3)).end(0), hanging, 1e-5F));
  // Without any force nothing moves.
  CHECK(is_near(Film(strand({.stiffness = 0})).end(0), root + float3(reach, 0, 0), 1e-6F));
}

TEST_CASE("What rests goes on resting") {
  Film film(strand({.stiffness = 1, .gravity = {0, -0.5F, 0}}, 3));
  const float3 first = film.end(0);
  for (int i = 1; i < 30; ++i) CHECK(is_near(film.end(i / 30.0), first, 1e-5F));
}

TEST_CASE("A strand stays behind a head that moves, swings beyond it and comes to rest") {
  Film film(strand({.stiffness = 1, .drag = 0.1F, .gravity = {0, -1, 0}}));
  const float rest_x = film.end(0).x;
  const float3 aside(0.05F, 1, 0);
  const float behind = film.end(1 / 60.0, aside).x - (rest_x + 0.05F);
  CHECK(behind < -0.01F);
  float beyond = 0;
  for (int i = 2; i < 60; ++i) beyond = std::max(beyond, film.end(i / 60.0, aside).x);
  CHECK(beyond > rest_x + 0.05F + 0.005F);
  float3 last;
  for (int i = 60; i < 600; ++i) last = film.end(i / 60.0, aside);
  CHECK(last.x == Approx(rest_x + 0.05F).margin(1e-4));
}

TEST_CASE("A strand keeps its length") {
  Film film(strand({.stiffness = 0.2F, .drag = 0.2F, .gravity = {0, -1, 0}}));
  for (int i = 0; i < 60; ++i) {
    const float3 head(0.1F * std::sin(static_cast<float>(i)), 1, 0);
    CHECK(length(film.end(i / 30.0, head) - head) == Approx(reach).epsilon(1e-4));
  }
}

TEST_CASE("A step is that of the specification's reference algorithm") {
  const SpringJoint joint{.stiffness = 2, .drag = 0.4F, .gravity = {0, -0.5F, 0}};
  Film film(strand(joint));
  float3 tail = film.end(0);
  float3 before = tail;
  for (int i = 1; i <= 20; ++i) {
    const float3 head(0.01F * static_cast<float>(i % 7), 1, 0);
    float3 next = tail + (tail - before) * (1 - joint.drag) +
                  (float3(1, 0, 0) * joint.stiffness + joint.gravity) / 60.0F;
    next = head + normalize(next - head) * reach;
    before = tail;
    tail = next;
    CHECK(is_near(film.end(i / 60.0, head), tail, 1e-5F));
  }
}

TEST_CASE("The same moments give the same picture, however many lie between") {
  const auto swung = [](int fps) {
    Film film(strand({.stiffness = 0.5F, .drag = 0.2F, .gravity = {0, -0.5F, 0}}, 2));
    float3 end;
    // The head goes aside at an even pace.
    for (int i = 0; i <= fps / 2; ++i) {
      const double t_s = static_cast<double>(i) / fps;
      end = film.end(t_s, {0.2F * static_cast<float>(t_s), 1, 0});
    }
    return end;
  };
  const float3 expected = swung(60);
  CHECK(length(expected - float3(0.1F, 1, 0)) > 0.1F);
  for (const int fps : {10, 20, 30}) {
    CAPTURE(fps);
    CHECK(is_near(swung(fps), expected, 1e-4F));
  }
  // Whose pictures lie between steps: these go where the head has not been yet.
  CHECK(is_near(swung(24), expected, 2e-3F));
  CHECK(is_near(swung(120), expected, 2e-3F));
}

TEST_CASE("Between two steps a strand is between their places") {
  const auto end_at = [](double t_s) {
    Film film(strand({.stiffness = 0.2F, .drag = 0.1F}));
    film.end(0);
    film.end(1 / 60.0, {0, 1.05F, 0});
    film.end(2 / 60.0, {0, 1.05F, 0});
    return film.end(t_s, {0, 1.05F, 0}).y;
  };
  const float a = end_at(2 / 60.0), b = end_at(2.5 / 60.0), c = end_at(3 / 60.0);
  CHECK(std::abs(c - a) > 1e-4F);
  CHECK(b == Approx((a + c) / 2).margin(std::abs(c - a) / 10));
}

TEST_CASE("A pause, a jump and a time that is none begin at rest") {
  const SpringJoint joint{.stiffness = 0.1F, .drag = 0, .gravity = {0, -0.1F, 0}};
  const float3 aside(0.5F, 1, 0);
  const float3 resting = Film(strand(joint)).end(0, aside);
  for (const double t_s : {0.7, 1e9, -0.6, std::nan(""), HUGE_VAL}) {
    CAPTURE(t_s);
    Film film(strand(joint));
    film.end(0);
    CHECK(is_near(film.end(t_s, aside), resting, 1e-6F));
  }
  Film film(strand(joint));
  film.end(0);
  CHECK_FALSE(is_near(film.end(0.4, aside), resting, 1e-3F));
}

TEST_CASE("A picture drawn again, or a little back in time, swings no further") {
  Film film(strand({.stiffness = 0.1F, .drag = 0}));
  film.end(0);
  const float3 head(0.1F, 1, 0);
  const float3 end = film.end(0.1, head);
  CHECK(is_near(film.end(0.1, head), end, 0));
  CHECK(is_near(film.end(0.09, head), end, 0));
}

TEST_CASE("Colliders keep strands out, balls and capsules, also at rest") {
  Avatar avatar = strand({.stiffness = 0, .radius = 0.01F, .gravity = {0, -1, 0}});
  // Right below the strand's root, where it would hang.
  avatar.colliders.push_back(
      {.node = 0, .from = {-0.01F, -0.1F, 0}, .to = {-0.01F, -0.1F, 0}, .radius = 0.05F});
  avatar.collider_groups[0] = {0};
  const float3 middle(-0.01F, 0.9F, 0);
  const float3 beside = Film(avatar).end(0);
  CHECK(length(beside - middle) == Approx(0.06F).margin(1e-3));
  CHECK(beside.x > 0.04F);
  CHECK(length(beside - float3(0, 1, 0)) == Approx(reach).epsilon(1e-4));
  avatar.colliders[0].from.z = -1;
  avatar.colliders[0].to.z = 1;
  CHECK(Film(avatar).end(0).x == Approx(beside.x).margin(1e-3));
  // One that ends before it reaches the strand keeps nothing out.
  avatar.colliders[0].to.z = -0.5F;
  CHECK(std::abs(Film(avatar).end(0).x) < 1e-4F);
}

TEST_CASE("What its centre does itself swings nothing") {
  Avatar avatar = strand({.stiffness = 0.3F, .drag = 0.1F});
  avatar.springs[0].center = 0;
  Film film(avatar);
  film.end(0);
  const float3 aside(0.3F, 1, 0);
  CHECK(is_near(film.end(0.1, aside), aside + float3(reach, 0, 0), 1e-5F));
  const float3 turned = film.end(0.2, aside, 1.0F);
  CHECK(is_near(turned, aside + float3(std::cos(1.0F), 0, -std::sin(1.0F)) * reach, 1e-5F));
}

TEST_CASE("Numbers beyond all sense leave a strand where it is at rest") {
  Avatar avatar = strand({.stiffness = 1e30F, .radius = 1e30F, .gravity = {1e30F, 1e30F, 0}});
  avatar.colliders.push_back({.node = 0, .radius = 1e38F});
  avatar.collider_groups[0] = {0};
  Film film(avatar);
  for (int i = 0; i < 10; ++i) {
    const float3 head(0, i % 2 == 0 ? 1.0F : 1e20F, 0);
    film.end(i / 30.0, head);
  }
  CHECK(length(film.end(0.35) - float3(0, 1, 0)) == Approx(reach).epsilon(1e-3));
  // Without a length it has no direction.
  avatar.springs[0].tail = {0, 0, 0};
  CHECK(Film(avatar).end(0).x == Approx(reach));
}

#include "engine/stage/stage.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <numbers>
#include <set>

#include "engine/stage/test_glb.h"

using namespace vivavox;

namespace {

Avatar square() {
  auto avatar = read_avatar(test::face_glb());
  REQUIRE(avatar);
  return *avatar;
}

Stage opened(int width_px, int height_px) {
  auto stage = Stage::create(width_px, height_px);
  REQUIRE(stage);
  return std::move(*stage);
}

std::array<int, 4> pixel(const Image& image, int x, int y) {
  const auto* at = &image.rgba[4 * (static_cast<std::size_t>(y) * image.width_px + x)];
  return {at[0], at[1], at[2], at[3]};
}

double mean_difference(const Image& a, const Image& b) {
  REQUIRE(a.rgba.size() == b.rgba.size());
  double sum = 0;
  for (std::size_t i = 0; i < a.rgba.size(); ++i) sum += std::abs(a.rgba[i] - b.rgba[i]);
  return sum / static_cast<double>(a.rgba.size());
}

Avatar vivi() {
  std::ifstream file(VIVAVOX_ROOT "/shared/avatars/vivi.glb", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  auto avatar = read_avatar(std::as_bytes(std::span(bytes)));
  REQUIRE(avatar);
  return *std::move(avatar);
}

/// A ball of this material, half a unit wide around the head's middle, its texture's second
/// coordinate running down, or around.
Avatar ball(const AvatarMaterial& material, bool is_turned = false) {
  constexpr std::uint32_t rows = 40, columns = 80;
  Avatar avatar = square();
  avatar.materials = {material};
  avatar.parts.resize(1);
  AvatarPart& part = avatar.parts.front();
  const auto joints = part.joints.front();
  const auto weights = part.weights.front();
  part = {.material = 0, .bones = part.bones};
  for (std::uint32_t row = 0; row <= rows; ++row) {
    for (std::uint32_t column = 0; column <= columns; ++column) {
      const float u = static_cast<float>(column) / columns, v = static_cast<float>(row) / rows;
      const float theta = std::numbers::pi_v<float> * v, phi = 2 * std::numbers::pi_v<float> * u;
      const float3 n(std::sin(theta) * std::sin(phi), std::cos(theta),
                     std::sin(theta) * std::cos(phi));
      part.positions.push_back(n * 0.5F);
      part.normals.push_back(n);
      part.uvs.push_back(is_turned ? float2(v, u) : float2(u, v));
      part.joints.push_back(joints);
      part.weights.push_back(weights);
      if (row == rows || column == columns) continue;
      const std::uint32_t here = row * (columns + 1) + column, below = here + columns + 1;
      for (const std::uint32_t corner : {here, below, here + 1, here + 1, below, below + 1})
        part.indices.push_back(corner);
    }
  }
  return avatar;
}

AvatarMaterial of(Surface surface, float4 color, float roughness) {
  return {.surface = surface, .base_color = color, .metallic = 0, .roughness = roughness};
}

/// In degrees, of sRGB values.
double hue_deg(const std::array<double, 3>& rgb) {
  const auto [r, g, b] = rgb;
  return std::atan2(std::sqrt(3.0) * (g - b), 2 * r - g - b) * 180 / std::numbers::pi;
}

Lighting without_key() {
  Lighting lighting = lightings().front();
  lighting.key_color = float3(0.0F);
  return lighting;
}

}  // namespace

TEST_CASE("The same pose gives the same picture, another pose another") {
  Stage stage = opened(96, 96);
  stage.show(square());
  const Image neutral = stage.picture();
  FacePose pose;
  pose.weights[BlendShape::jawOpen] = 1;
  stage.set_pose(pose);
  const Image open = stage.picture();
  stage.set_pose({});
  CHECK(stage.picture() == neutral);
  CHECK(mean_difference(open, neutral) > 0.1);
}

TEST_CASE("What swings is behind in a film's pictures, and at rest in one alone") {
  auto braid = read_avatar(
      test::face_glb({.nodes = R"({"name":"Head","children":[1]},{"name":"a","children":[2]},)"
                               R"({"name":"b","translation":[1,0,0],"mesh":0})",
                      .extra = R"(,"extensions":{"VRMC_springBone":{"springs":[{"joints":[)"
                               R"({"node":1,"stiffness":0.5},{"node":2}]}]}})"}));
  REQUIRE(braid);
  Stage stage = opened(96, 96);
  stage.show(*std::move(braid));
  FacePose turned;
  turned.head.roll_rad = 0.5F;
  stage.set_pose(turned);
  const Image at_rest = stage.picture();
  Motion motion;
  stage.set_pose({}, 0, motion);
  stage.set_pose(turned, 1.0 / 30, motion);
  CHECK(mean_difference(stage.picture(), at_rest) > 0.5);
  for (int frame = 2; frame < 300; ++frame) stage.set_pose(turned, frame / 30.0, motion);
  CHECK(mean_difference(stage.picture(), at_rest) < 0.1);
}

TEST_CASE("The background is the colour asked for, all over") {
  Stage stage = opened(64, 64);
  for (const Color& asked : {Color{200, 100, 50}, Color{255, 255, 255}, Color{12, 34, 56}}) {
    stage.set_background(asked);
    const Image picture = stage.picture();
    for (const auto& [x, y] : {std::pair(32, 26), std::pair(0, 0), std::pair(63, 63)}) {
      const auto seen = pixel(picture, x, y);
      for (std::size_t i = 0; i < 3; ++i)
        CHECK(std::abs(seen[i] - asked[i]) <= (asked[i] == 255 ? 0 : 2));
      CHECK(seen[3] == 255);
    }
  }
}

TEST_CASE("The studio's grey gets darker towards the corners") {
  Stage stage = opened(64, 64);
  const Image picture = stage.picture();
  CHECK(std::abs(pixel(picture, 32, 26)[0] - studio_grey[0]) <= 6);
  CHECK(pixel(picture, 0, 63)[0] < studio_grey[0] - 25);
}

TEST_CASE("Without a background the picture is see-through but for the avatar") {
  Stage stage = opened(96, 96);
  stage.show(square());
  stage.set_background(std::nullopt);
  const Image image = stage.picture();
  CHECK(pixel(image, 2, 2)[3] == 0);
  CHECK(pixel(image, 48, 40)[3] == 255);
}

TEST_CASE("Hair and clothes hide what is behind them, also in a see-through picture") {
  Stage stage = opened(96, 96);
  stage.show(vivi());
  stage.set_background(Color{0, 0, 0});
  const Image on_black = stage.picture();
  stage.set_background(Color{255, 255, 255});
  const Image on_white = stage.picture();
  stage.set_background(std::nullopt);
  const Image see_through = stage.picture();
  int covered = 0, opaque = 0;
  for (int y = 0; y < 96; ++y) {
    for (int x = 0; x < 96; ++x) {
      if (pixel(on_black, x, y) != pixel(on_white, x, y)) continue;
      ++covered;
      opaque += pixel(see_through, x, y)[3] > 250;
    }
  }
  CHECK(covered > 96 * 96 / 3);
  CHECK(opaque > 0.99 * covered);
}

TEST_CASE("Flat lighting has no side that is darker") {
  Stage stage = opened(64, 64);
  stage.show(square());
  const Image lit = stage.picture();
  stage.set_lighting(*lighting_named("flat"));
  CHECK(mean_difference(stage.picture(), lit) > 0.5);
  stage.set_lighting(lightings().front());
  CHECK(stage.picture() == lit);
}

TEST_CASE("What is unlit shows its colour in any light") {
  Stage stage = opened(64, 64);
  const auto shown = [&](const std::string& material) {
    stage.show(*read_avatar(test::face_glb({.material = material})));
    return pixel(stage.picture(), 32, 26);
  };
  // The linear 0.8, 0.6 and 0.5 of the file, as sRGB.
  constexpr std::array colour{231, 203, 188};
  const std::string unlit = R"("name":"x","extensions":{"KHR_materials_unlit":{}})";
  for (const std::string& alpha : {std::string(), std::string(R"(,"alphaMode":"BLEND")")}) {
    for (const Lighting& lighting : lightings()) {
      stage.set_lighting(lighting);
      const auto seen = shown(unlit + alpha);
      for (std::size_t i = 0; i < 3; ++i) CHECK(std::abs(seen[i] - colour[i]) <= 4);
    }
  }
  stage.set_lighting(lightings().front());
  const auto lit = shown(R"("name":"x")");
  CHECK(std::abs(lit[0] - colour[0]) + std::abs(lit[2] - colour[2]) > 12);
}

TEST_CASE("What shines by itself is lighter, what is coloured at its corners has their colour") {
  Stage stage = opened(64, 64);
  const auto shown = [&](const test::Face& face) {
    stage.show(*read_avatar(test::face_glb(face)));
    return pixel(stage.picture(), 32, 26);
  };
  const auto plain = shown({});
  CHECK(shown({.material = R"("name":"x","emissiveFactor":[0,0,1])"})[2] > plain[2] + 10);
  const auto red = shown({.attributes = R"(,"COLOR_0":7)"});
  CHECK(red[0] > 100);
  CHECK(red[1] < plain[1] - 60);
  CHECK(red[2] < plain[2] - 60);
}

TEST_CASE("A texture beyond its edges goes on as its sampler says") {
  Stage stage = opened(64, 64);
  Image halves{.width_px = 2, .height_px = 1, .rgba = {255, 255, 255, 255, 0, 0, 0, 255}};
  const auto shown = [&](const std::string& wrap) {
    const std::string far =
        R"(,"extensions":{"KHR_texture_transform":{"offset":[2.25,0],"scale":[0,1]}})";
    stage.show(*read_avatar(
        test::face_glb({.extra = R"(,"samplers":[{"magFilter":9728,"wrapS":)" + wrap + "}]",
                        .material = R"("name":"x","extensions":{"KHR_materials_unlit":{}})",
                        .color_info = far,
                        .attributes = R"(,"TEXCOORD_0":5)",
                        .texture = R"(,"sampler":0)",
                        .images = {encode_png(halves)}})));
    return pixel(stage.picture(), 32, 26)[0];
  };
  CHECK(shown("10497") > 200);
  CHECK(shown("33071") < 20);
}

TEST_CASE("Pictures come in the size asked for, the right way up") {
  Stage stage = opened(40, 30);
  Avatar avatar = square();
  stage.show(avatar);
  REQUIRE(stage.resize(60, 90));
  stage.set_background(std::nullopt);
  const Image image = stage.picture();
  CHECK(image.width_px == 60);
  CHECK(image.height_px == 90);
}

TEST_CASE("Sizes out of range are refused") {
  for (const auto& [width, height] : {std::pair{0, 10}, {10, -1}, {5000, 10}}) {
    const auto stage = Stage::create(width, height);
    REQUIRE_FALSE(stage);
    CHECK(stage.error().code == ErrorCode::invalid_argument);
  }
}

TEST_CASE("A picture drawn in tiles is the one that is drawn whole") {
  Stage stage = opened(333, 250);
  stage.show(vivi());
  for (const int samples : {1, 4}) {
    stage.set_quality({.name = "tiled", .samples = samples});
    const Image whole = stage.picture();
    const Image tiled = stage.picture(std::int64_t{300'000} * samples);
    CAPTURE(samples);
    CHECK(tiled.width_px == 333);
    CHECK(tiled.height_px == 250);
    CHECK(mean_difference(whole, tiled) < 0.02);
    CHECK(stage.picture() == whole);
  }
}

TEST_CASE("Each level smooths edges as its row says") {
  auto white = read_avatar(
      test::face_glb({.material = R"("name":"x","extensions":{"KHR_materials_unlit":{}})"}));
  REQUIRE(white);
  Stage stage = opened(96, 96);
  stage.show(*std::move(white));
  stage.set_background(Color{0, 0, 0});
  FacePose tilted;
  tilted.head.roll_rad = 0.2F;
  stage.set_pose(tilted);
  std::vector<Quality> qualities(quality_levels.begin(), quality_levels.end());
  qualities.push_back({.name = "without", .samples = 1});
  for (Quality level : qualities) {
    level.scale = 1;
    stage.set_quality(level);
    const Image picture = stage.picture();
    const int inside = pixel(picture, 48, 40)[0];
    std::set<int> steps;
    for (std::size_t i = 0; i < picture.rgba.size(); i += 4) {
      const int red = picture.rgba[i];
      if (red > 8 && red < inside - 8) steps.insert(red / 8);
    }
    CAPTURE(level.name, inside);
    if (level.samples == 1) {
      CHECK(steps.empty());
    } else {
      CHECK(steps.size() >= static_cast<std::size_t>(level.samples - 1));
    }
  }
}

TEST_CASE("Each level draws as many pixels as its row says, and shows those asked for") {
  Stage stage = opened(96, 64);
  stage.show(vivi());
  for (const Quality& level : quality_levels) {
    stage.set_quality(level);
    const auto [width_px, height_px] = stage.drawn_size();
    CHECK(width_px == std::lround(96 * level.scale));
    CHECK(height_px == std::lround(64 * level.scale));
    const Image picture = stage.picture();
    CHECK(picture.width_px == 96);
    CHECK(picture.height_px == 64);
  }
  REQUIRE(stage.resize(max_picture_side_px, 64));
  stage.set_quality(*quality_named("ultra"));
  CHECK(stage.drawn_size() == ImageSize{max_picture_side_px, 64});
}

TEST_CASE("The chin casts a shadow on the neck at every level but the last") {
  Stage stage = opened(128, 128);
  stage.show(vivi());
  for (const Quality& level : quality_levels) {
    const auto neck = [&](Quality quality) {
      stage.set_quality(quality);
      const Image picture = stage.picture();
      int light = 0;
      for (int y = 92; y < 100; ++y)
        for (int x = 56; x < 72; ++x) light += pixel(picture, x, y)[0];
      return light / 128;
    };
    Quality without = level;
    without.shadow_px = 0;
    CAPTURE(level.name);
    if (level.name == "minimal") {
      CHECK(neck(level) == neck(without));
    } else {
      CHECK(neck(level) < neck(without) - 8);
    }
  }
}

TEST_CASE("Skin under the key light has its own hue") {
  Stage stage = opened(128, 128);
  // Linear, from pale to dark.
  for (const float3 color :
       {float3(0.96F, 0.62F, 0.48F), float3(0.62F, 0.32F, 0.20F), float3(0.16F, 0.075F, 0.045F)}) {
    AvatarMaterial unlit = of(Surface::plain, float4(color, 1.0F), 1);
    unlit.is_unlit = true;
    stage.show(ball(unlit));
    const auto own = pixel(stage.picture(), 64, 58);
    const double own_hue_deg = hue_deg({1.0 * own[0], 1.0 * own[1], 1.0 * own[2]});
    stage.set_lighting(lightings().front());
    stage.show(ball(of(Surface::skin, float4(color, 1.0F), 0.6F)));
    const Image lit = stage.picture();
    stage.set_lighting(without_key());
    const Image unkeyed = stage.picture();
    std::array<double, 3> sum{};
    int count = 0;
    for (int y = 0; y < 128; ++y) {
      for (int x = 0; x < 128; ++x) {
        const auto seen = pixel(lit, x, y);
        if (seen[0] < pixel(unkeyed, x, y)[0] + 20) continue;
        for (std::size_t i = 0; i < 3; ++i) sum[i] += seen[i];
        ++count;
      }
    }
    CAPTURE(own_hue_deg, hue_deg(sum));
    CHECK(count > 400);
    CHECK(std::abs(hue_deg(sum) - own_hue_deg) <= 3);
  }
}

TEST_CASE("Highlights stay below white, of what is wet too") {
  Stage stage = opened(128, 128);
  const float4 white(0.9F, 0.9F, 0.9F, 1);
  for (const Lighting& lighting : lightings()) {
    stage.set_lighting(lighting);
    for (const Surface surface : {Surface::skin, Surface::eye, Surface::hair, Surface::teeth}) {
      stage.set_background(Color{0, 0, 0});
      stage.show(ball(of(surface, white, 0.15F)));
      const Image picture = stage.picture();
      int brightest = 0;
      for (std::size_t i = 0; i < picture.rgba.size(); i += 4)
        brightest = std::max<int>(brightest, picture.rgba[i]);
      CAPTURE(lighting.name, static_cast<int>(surface));
      CHECK(brightest > 150);
      CHECK(brightest < 255);
    }
  }
}

TEST_CASE("A gradient's levels run into one another without an edge") {
  Stage stage = opened(512, 512);
  const Image picture = stage.picture();
  // Along each row it gets lighter from the edge inwards. Of two neighbouring levels, the darker
  // one is still there where the lighter one begins.
  constexpr int first_row = 400, rows = 16, columns = 256;
  for (int step = 2; step < 18; ++step) {
    int mixed = 0;
    for (int y = first_row; y < first_row + rows; ++y) {
      const int level = pixel(picture, 0, y)[0] + step;
      int first_above = columns, last_below = 0;
      for (int x = 0; x < columns; ++x) {
        const bool is_above = pixel(picture, x, y)[0] > level;
        if (is_above) first_above = std::min(first_above, x);
        if (!is_above) last_below = x;
      }
      mixed += first_above < columns && last_below > first_above;
    }
    CAPTURE(step);
    CHECK(mixed > rows / 2);
  }
}

TEST_CASE("No key light comes out of skin in the shadow of the chin") {
  Stage stage = opened(256, 256);
  stage.show(vivi());
  const Image lit = stage.picture();
  stage.set_lighting(without_key());
  const Image unkeyed = stage.picture();
  int darkest = 255;
  for (int y = 184; y < 200; ++y) {
    for (int x = 120; x < 136; ++x)
      darkest = std::min(darkest, pixel(lit, x, y)[0] - pixel(unkeyed, x, y)[0]);
  }
  CHECK(darkest <= 3);
}

TEST_CASE("Skin shines as its map of roughness says") {
  Stage stage = opened(128, 128);
  const auto brightest = [&](std::uint8_t green) {
    AvatarMaterial skin = of(Surface::skin, float4(0.3F, 0.2F, 0.15F, 1), 1);
    skin.metallic_roughness_texture = AvatarTexture{};
    Avatar avatar = ball(skin);
    avatar.textures = {Image{.width_px = 1, .height_px = 1, .rgba = {255, green, 0, 255}}};
    stage.show(std::move(avatar));
    int most = 0;
    const Image picture = stage.picture();
    for (int y = 20; y < 100; ++y)
      for (int x = 40; x < 90; ++x) most = std::max(most, pixel(picture, x, y)[2]);
    return most;
  };
  CHECK(brightest(70) > brightest(200) + 15);
}

TEST_CASE("Hair shines across its strands, whichever way they run") {
  Stage stage = opened(128, 128);
  stage.set_lighting(*lighting_named("soft"));
  stage.set_background(Color{});
  const auto spread = [&](bool is_turned) {
    stage.show(ball(of(Surface::hair, float4(0.08F, 0.04F, 0.02F, 1), 0.5F), is_turned));
    const Image picture = stage.picture();
    int most = 0;
    for (int y = 30; y < 90; ++y)
      for (int x = 40; x < 90; ++x) most = std::max(most, pixel(picture, x, y)[2]);
    std::set<int> columns, rows;
    for (int y = 30; y < 90; ++y) {
      for (int x = 40; x < 90; ++x) {
        if (pixel(picture, x, y)[2] < 0.85 * most) continue;
        columns.insert(x);
        rows.insert(y);
      }
    }
    return std::pair(columns.size(), rows.size());
  };
  const auto [wide, low] = spread(false);
  CHECK(3 * wide > 4 * low);
  const auto [narrow, high] = spread(true);
  CHECK(3 * high > 4 * narrow);
}

TEST_CASE("An eye has a small sharp light in it, and lies in the shade of its lid") {
  Stage stage = opened(128, 128);
  stage.show(ball(of(Surface::eye, float4(0.1F, 0.1F, 0.1F, 1), 0.5F)));
  const Image picture = stage.picture();
  int bright = 0;
  for (int y = 20; y < 100; ++y)
    for (int x = 30; x < 100; ++x) bright += pixel(picture, x, y)[0] > 200;
  CHECK(bright > 4);
  CHECK(bright < 200);
  stage.set_lighting(*lighting_named("flat"));
  const Image flat = stage.picture();
  CHECK(pixel(flat, 64, 40)[0] < pixel(flat, 64, 72)[0] - 10);
}

TEST_CASE("An iris lies behind the cornea: seen from aside, its pupil is nearer to the near rim") {
  // A ball that one sees from the front, white with a black pupil, of an eye and of cloth.
  const auto pupil_x = [](Surface surface) {
    constexpr int side_px = 96, pupil_px = 10;
    Avatar eye = ball(of(surface, {1, 1, 1, 1}, 0.9F));
    for (std::size_t i = 0; i < eye.parts[0].uvs.size(); ++i)
      eye.parts[0].uvs[i] = float2(0.5F) + 0.45F * eye.parts[0].normals[i].xy;
    Image painted{.width_px = side_px, .height_px = side_px, .rgba = {}};
    for (int at = 0; at < side_px * side_px; ++at) {
      const int x = at % side_px - side_px / 2, y = at / side_px - side_px / 2;
      const bool is_pupil = x * x + y * y < pupil_px * pupil_px;
      const auto level = static_cast<std::uint8_t>(is_pupil ? 0 : 255);
      painted.rgba.insert(painted.rgba.end(), {level, level, level, 255});
    }
    eye.textures = {painted};
    eye.materials[0].base_color_texture = AvatarTexture{.image = 0};
    Stage stage = opened(192, 192);
    stage.show(eye);
    stage.set_view(View::three_quarter);
    const Image picture = stage.picture();
    double sum = 0, count = 0;
    for (int y = 0; y < 192; ++y) {
      for (int x = 0; x < 192; ++x) {
        if (pixel(picture, x, y)[0] > 60) continue;
        sum += x;
        ++count;
      }
    }
    REQUIRE(count > 20);
    return sum / count;
  };
  const double painted = pupil_x(Surface::cloth), seen = pupil_x(Surface::eye);
  CAPTURE(painted, seen);
  const bool is_right_of_middle = painted > 96;
  CHECK(std::abs(painted - 96) > 10);
  CHECK((is_right_of_middle ? painted - seen : seen - painted) > 1.5);
}

TEST_CASE("Lacquer mirrors the key light where the surface below is dull") {
  Stage stage = opened(128, 128);
  stage.set_background(Color{});
  const auto brightest = [&](const MaterialLayers& layers) {
    AvatarMaterial dull = of(Surface::plain, float4(0.2F, 0.02F, 0.02F, 1), 1);
    dull.layers = layers;
    stage.show(ball(dull));
    const Image picture = stage.picture();
    int most = 0;
    for (int y = 20; y < 100; ++y)
      for (int x = 30; x < 100; ++x) most = std::max(most, pixel(picture, x, y)[2]);
    return most;
  };
  const int bare = brightest({});
  const int polished = brightest({.coat = 1, .coat_roughness = 0.15F});
  const int brushed = brightest({.coat = 1, .coat_roughness = 0.6F});
  CHECK(polished > bare + 100);
  CHECK(brushed > bare + 10);
  CHECK(polished > brushed + 30);
  CHECK(polished < 255);
}

TEST_CASE("Fibres that stand up brighten a dark cloth's rim more than its middle") {
  Stage stage = opened(128, 128);
  stage.set_lighting(without_key());
  stage.set_background(Color{});
  const auto across = [&](float3 sheen) {
    AvatarMaterial cloth = of(Surface::cloth, float4(0.02F, 0.02F, 0.05F, 1), 1);
    cloth.layers = {.sheen = sheen, .sheen_roughness = 0.4F};
    stage.show(ball(cloth));
    const Image picture = stage.picture();
    int left = 0;
    while (pixel(picture, left, 52)[2] == 0) ++left;
    return std::pair(pixel(picture, left + 3, 52), pixel(picture, 64, 52));
  };
  const auto [bare_rim, bare_middle] = across(float3(0.0F));
  const auto [rim, middle] = across({0, 0.8F, 0});
  CHECK(rim[1] - bare_rim[1] > middle[1] - bare_middle[1] + 30);
  CHECK(rim[0] <= bare_rim[0]);
  CHECK(rim[2] <= bare_rim[2]);
}

TEST_CASE("Glass shows what is behind it, and mirrors all the same") {
  Stage stage = opened(128, 128);
  stage.set_background(Color{20, 60, 20});
  const auto shown = [&](bool is_clear) {
    AvatarMaterial glass = of(Surface::plain, float4(1, 1, 1, is_clear ? 0 : 1), 0.15F);
    glass.layers = {.is_clear = is_clear};
    stage.show(ball(glass));
    return stage.picture();
  };
  const Image solid = shown(false), glass = shown(true);
  const auto behind = pixel(glass, 64, 70);
  CHECK(pixel(solid, 64, 70)[0] > 150);
  CHECK(behind[0] < 80);
  CHECK(behind[1] > behind[0] + 20);
  int most = 0;
  for (int y = 20; y < 100; ++y)
    for (int x = 30; x < 100; ++x) most = std::max(most, pixel(glass, x, y)[0]);
  CHECK(most > 180);
}

TEST_CASE("What mirrors less shines less, and in the colour that it says") {
  Stage stage = opened(128, 128);
  stage.set_background(Color{});
  const auto brightest = [&](float4 mirrored) {
    AvatarMaterial plastic = of(Surface::plain, float4(0.02F, 0.02F, 0.02F, 1), 0.4F);
    plastic.mirrored = mirrored;
    stage.show(ball(plastic));
    const Image picture = stage.picture();
    std::array<int, 3> most{};
    for (int y = 20; y < 100; ++y)
      for (int x = 30; x < 100; ++x)
        for (std::size_t i = 0; i < 3; ++i) most[i] = std::max(most[i], pixel(picture, x, y)[i]);
    return most;
  };
  const auto usual = brightest({0.04F, 0.04F, 0.04F, 1});
  const auto none = brightest(float4(0.0F));
  const auto red = brightest({0.2F, 0.02F, 0.02F, 1});
  CHECK(usual[0] > none[0] + 30);
  CHECK(red[0] > usual[0]);
  CHECK(red[1] < usual[1]);
}

TEST_CASE("Traits change what is seen at once, and are taken back to the bit") {
  Stage stage = opened(96, 96);
  auto avatar = read_avatar(test::trait_glb());
  REQUIRE(avatar);
  stage.show(*std::move(avatar));
  const Image plain = stage.picture();
  for (const auto& [choice, least] : {std::pair{TraitChoice{"hat", "cap"}, 1.0},
                                      {TraitChoice{"width", "wide"}, 1.0},
                                      {TraitChoice{"tone", "red"}, 2.0},
                                      {TraitChoice{"tone", "#0000ff"}, 2.0},
                                      {TraitChoice{"look", "wide"}, 1.0}}) {
    CAPTURE(choice.trait, choice.value);
    REQUIRE(stage.customize(std::array{choice}));
    CHECK(mean_difference(stage.picture(), plain) > least);
    REQUIRE(stage.customize({}));
    CHECK(stage.picture() == plain);
  }
}

TEST_CASE("A colour that is asked for is the one that is seen") {
  Stage stage = opened(64, 64);
  // Two thirds of it are dark: the middle alone would not tell.
  Image stripes{
      .width_px = 3, .height_px = 1, .rgba = {90, 60, 30, 255, 90, 60, 30, 255, 180, 120, 60, 255}};
  auto avatar = read_avatar(
      test::face_glb({.material = R"("name":"skin","extensions":{"KHR_materials_unlit":{}})",
                      .attributes = R"(,"TEXCOORD_0":5)",
                      .images = {encode_png(stripes)}}));
  REQUIRE(avatar);
  stage.show(*std::move(avatar));
  REQUIRE(stage.customize(std::array{TraitChoice{"skin", "#40a060"}}));
  const auto seen = pixel(stage.picture(), 32, 26);
  CHECK(seen[1] > 1.4 * seen[0]);
  CHECK(seen[1] > 1.2 * seen[2]);
}

TEST_CASE("A pose lies upon the shape that traits give") {
  Stage stage = opened(96, 96);
  auto avatar = read_avatar(test::trait_glb());
  REQUIRE(avatar);
  stage.show(*std::move(avatar));
  FacePose open;
  open.weights[BlendShape::jawOpen] = 1;
  REQUIRE(stage.customize(std::array{TraitChoice{"width", "wide"}, TraitChoice{"hat", "cap"}}));
  const Image wide = stage.picture();
  stage.set_pose(open);
  const Image wide_open = stage.picture();
  CHECK(mean_difference(wide, wide_open) > 0.1);
  // The other way round: what was hidden takes the pose as it is shown.
  REQUIRE(stage.customize({}));
  CHECK(mean_difference(stage.picture(), wide_open) > 1);
  REQUIRE(stage.customize(std::array{TraitChoice{"look", "wide"}, TraitChoice{"hat", "cap"}}));
  CHECK(stage.picture() == wide_open);
}

TEST_CASE("What is hidden casts no shadow and does not move the camera") {
  Stage stage = opened(96, 96);
  stage.show(*read_avatar(test::trait_glb()));
  const Image hidden = stage.picture();
  auto without = read_avatar(test::trait_glb());
  REQUIRE(without);
  std::erase_if(without->parts, [](const AvatarPart& part) { return part.name == "brim"; });
  stage.show(*std::move(without));
  CHECK(stage.picture() == hidden);
}

TEST_CASE("What an avatar cannot be is refused, and nothing changes") {
  Stage stage = opened(64, 64);
  REQUIRE_FALSE(stage.customize({}));
  stage.show(*read_avatar(test::trait_glb()));
  const Image plain = stage.picture();
  const auto done =
      stage.customize(std::array{TraitChoice{"tone", "red"}, TraitChoice{"glasses", "round"}});
  REQUIRE_FALSE(done);
  CHECK(done.error().message ==
        "this avatar has no trait \"glasses\": it can change hat, width, tone");
  CHECK(stage.picture() == plain);
}

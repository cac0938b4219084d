#include "engine/stage/stage.h"

#include <filament/Camera.h>
#include <filament/Color.h>
#include <filament/ColorGrading.h>
#include <filament/Engine.h>
#include <filament/IndexBuffer.h>
#include <filament/IndirectLight.h>
#include <filament/LightManager.h>
#include <filament/RenderableManager.h>
#include <filament/Renderer.h>
#include <filament/Scene.h>
#include <filament/SwapChain.h>
#include <filament/VertexBuffer.h>
#include <filament/View.h>
#include <filament/Viewport.h>
#include <math/half.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "engine/stage/actor.h"
#include "engine/stage/appearance.h"
#include "engine/stage/environment.h"
#include "engine/stage/gpu.h"
#include "engine/stage/owned.h"
#include "engine/stage/surfaces.h"
#include "engine/stage/tiling.h"

namespace vivavox {

using filament::Engine;

namespace {

struct EngineCloser {
  void operator()(Engine* engine) const { Engine::destroy(engine); }
};

Owned<filament::Texture> upload_reflections(Engine& engine, std::span<const LightLobe> lobes) {
  // Filament takes its levels for perceptual roughness 1 − √(1 − level ÷ last).
  constexpr int levels = 5;
  constexpr int side_px = 32;
  using filament::Texture;
  auto texture = own(engine, Texture::Builder()
                                 .width(side_px)
                                 .height(side_px)
                                 .levels(levels)
                                 .sampler(Texture::Sampler::SAMPLER_CUBEMAP)
                                 .format(Texture::InternalFormat::RGBA16F)
                                 .build(engine));
  for (int level = 0; level < levels; ++level) {
    const int side = side_px >> level;
    const float roughness = 1 - std::sqrt(1 - static_cast<float>(level) / (levels - 1));
    std::vector<filament::math::half4> texels;
    for (const float3& color : reflections(lobes, side, roughness))
      texels.emplace_back(float4(color, 1.0F));
    const std::size_t face_bytes = texels.size() / 6 * sizeof texels[0];
    texture->setImage(
        engine, static_cast<std::size_t>(level),
        copied_pixels<filament::math::half4>(texels, Texture::Format::RGBA, Texture::Type::HALF),
        Texture::FaceOffsets(face_bytes));
  }
  return texture;
}

OwnedEntity make_key_light(Engine& engine) {
  OwnedEntity light(engine);
  filament::LightManager::ShadowOptions shadow;
  shadow.mapSize = 1024;
  shadow.constantBias = 0.004F;
  shadow.normalBias = 1.5F;
  filament::LightManager::Builder(filament::LightManager::Type::DIRECTIONAL)
      .castShadows(true)
      .shadowOptions(shadow)
      .build(engine, light.get());
  return light;
}

/// A triangle that covers the picture, behind everything.
struct Backdrop {
  Backdrop(Engine& engine, const filament::Material& material)
      : vertices(own(engine, filament::VertexBuffer::Builder()
                                 .vertexCount(3)
                                 .bufferCount(1)
                                 .attribute(filament::VertexAttribute::POSITION, 0,
                                            filament::VertexBuffer::AttributeType::FLOAT4)
                                 .build(engine))),
        indices(own(engine, filament::IndexBuffer::Builder()
                                .indexCount(3)
                                .bufferType(filament::IndexBuffer::IndexType::UINT)
                                .build(engine))),
        instance(own(engine, material.createInstance())),
        renderable(engine) {
    // On the far plane, and the last of what is opaque: it is drawn where nothing else was, before
    // what is see-through.
    static constexpr std::array corners{float4{-1, -1, 1, 1}, float4{3, -1, 1, 1},
                                        float4{-1, 3, 1, 1}};
    static constexpr std::array<std::uint32_t, 3> order{0, 1, 2};
    vertices->setBufferAt(engine, 0, copied(std::span<const float4>(corners)));
    indices->setBuffer(engine, copied(std::span<const std::uint32_t>(order)));
    filament::RenderableManager::Builder(1)
        .geometry(0, filament::RenderableManager::PrimitiveType::TRIANGLES, vertices.get(),
                  indices.get())
        .material(0, instance.get())
        .boundingBox({{0, 0, 0}, {1e3F, 1e3F, 1e3F}})
        .priority(7)
        .culling(false)
        .castShadows(false)
        .receiveShadows(false)
        .build(engine, renderable.get());
  }

  Owned<filament::VertexBuffer> vertices;
  Owned<filament::IndexBuffer> indices;
  Owned<filament::MaterialInstance> instance;
  OwnedEntity renderable;
};

/// The scene colour that is shown as this one.
float3 scene_color(const Color& color, float brightness) {
  float3 linear =
      brightness * filament::Color::toLinear(filament::sRGBColor(
                       static_cast<float>(color[0]) / 255, static_cast<float>(color[1]) / 255,
                       static_cast<float>(color[2]) / 255));
  for (std::size_t i = 0; i < 3; ++i) {
    // The table that grading is read from falls a little short: what is white is to be so.
    constexpr float beyond_white = 0.15F;
    if (color[i] == 255 && brightness == 1) linear[i] += beyond_white;
  }
  return linear;
}

Result<void> check_size(int width_px, int height_px) {
  const auto fits = [](int side) { return side >= 1 && side <= max_picture_side_px; };
  if (fits(width_px) && fits(height_px)) return {};
  return fail(ErrorCode::invalid_argument, "a picture of " + std::to_string(width_px) + " × " +
                                               std::to_string(height_px) +
                                               " pixels: each side must be 1 to 4096");
}

/// The surface's width for a picture of this one. Filament 1.9.25 reads pixels
/// from Vulkan as if rows were never padded: so make them need no padding.
int row_px(int width_px) {
  constexpr int unpadded_px = 64;
  return (width_px + unpadded_px - 1) / unpadded_px * unpadded_px;
}

/// For each pixel: of each sample the colour as half floats and the depth, then the pictures
/// that become of them.
std::int64_t target_bytes(int samples) {
  return 12 * samples + 20;
}

Image blank(const ImageSize& size) {
  return {.width_px = size.width_px,
          .height_px = size.height_px,
          .rgba = std::vector<std::uint8_t>(4 * size.pixels())};
}

/// Copies a drawn tile to where it belongs.
void paste_tile(const Image& tile, const Tiling& tiling, int column, int row, Image& image) {
  const int left_px = column * tiling.tile_width_px;
  const int top_px = row * tiling.tile_height_px;
  const int width_px = std::min(tiling.tile_width_px, image.width_px - left_px);
  const int height_px = std::min(tiling.tile_height_px, image.height_px - top_px);
  const auto bytes_before = [](const Image& in, int x, int y) {
    return static_cast<std::ptrdiff_t>(4) * (static_cast<std::ptrdiff_t>(y) * in.width_px + x);
  };
  for (int y = 0; y < height_px; ++y) {
    std::copy_n(tile.rgba.begin() + bytes_before(tile, 0, y), std::size_t{4} * width_px,
                image.rgba.begin() + bytes_before(image, left_px, top_px + y));
  }
}

void to_straight_alpha(Image& image) {
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    const int alpha = image.rgba[i + 3];
    if (alpha == 0 || alpha == 255) continue;
    for (std::size_t k = 0; k < 3; ++k) {
      const int straight = (image.rgba[i + k] * 255 + alpha / 2) / alpha;
      image.rgba[i + k] = static_cast<std::uint8_t>(std::min(255, straight));
    }
  }
}

}  // namespace

struct Stage::Parts {
  std::unique_ptr<Engine, EngineCloser> engine;
  int width_px;
  int height_px;
  Quality quality = quality_named("high").value();
  Tiling tiling;  ///< that the surface is made for
  Shot shot = shot_of(View::front);
  std::optional<Color> background = studio_grey;
  Lighting lighting = lightings().front();
  Owned<filament::SwapChain> surface;
  Owned<filament::Renderer> renderer;
  Owned<filament::Scene> scene;
  Owned<filament::View> view;
  OwnedEntity camera;
  Surfaces surfaces;
  Owned<filament::Texture> mirrored;
  Owned<filament::IndirectLight> ambient;
  OwnedEntity key_light;
  Owned<filament::ColorGrading> grading;  ///< of the pass over the picture, where there is one
  Backdrop backdrop;
  std::unique_ptr<Actor> actor;
  bool holds_clip = false;

  Parts(Engine* opened, int width, int height)
      : engine(opened),
        width_px(width),
        height_px(height),
        tiling(tiling_of(width, height, most_target_bytes / target_bytes(quality.samples))),
        surface(own(*opened, make_surface())),
        renderer(own(*opened, opened->createRenderer())),
        scene(own(*opened, opened->createScene())),
        view(own(*opened, opened->createView())),
        camera(*opened),
        surfaces(*opened),
        key_light(make_key_light(*opened)),
        backdrop(*opened, surfaces.background()) {
    engine->createCamera(camera.get());
    scene->addEntity(backdrop.renderable.get());
    view->setScene(scene.get());
    view->setCamera(engine->getCameraComponent(camera.get()));
    view->setDithering(filament::View::Dithering::NONE);
    view->setAntiAliasing(filament::View::AntiAliasing::NONE);
    // The renderer takes several samples of a pixel only for a pass over the picture. A canvas has
    // them itself (wasm/stage_bindings.cpp), so there surfaces give what is shown
    // (materials/shown.fs).
#ifdef __EMSCRIPTEN__
    view->setPostProcessingEnabled(false);
#else
    grading = own(*engine, filament::ColorGrading::Builder()
                               .toneMapping(filament::ColorGrading::ToneMapping::LINEAR)
                               .build(*engine));
    view->setColorGrading(grading.get());
#endif
    view->setDynamicResolutionOptions({});
    light_scene();
    apply_quality();
    paint_background();
  }

  void apply_quality() {
    view->setSampleCount(static_cast<std::uint8_t>(quality.samples));
    filament::LightManager& lights = engine->getLightManager();
    const auto light = lights.getInstance(key_light.get());
    lights.setShadowCaster(light, quality.shadow_px > 0);
    auto shadow = lights.getShadowOptions(light);
    shadow.mapSize = static_cast<std::uint32_t>(std::max(1, quality.shadow_px));
    lights.setShadowOptions(light, shadow);
    frame();
  }

  void light_scene() {
    scene->setIndirectLight(nullptr);
    ambient.reset();
    mirrored = upload_reflections(*engine, lighting.lobes);
    ambient = own(*engine, filament::IndirectLight::Builder()
                               .reflections(mirrored.get())
                               .radiance(3, radiance_harmonics(lighting.lobes).data())
                               .intensity(1.0F)
                               .build(*engine));
    scene->setIndirectLight(ambient.get());
    scene->remove(key_light.get());
    if (lighting.key_color == float3(0.0F)) return;
    filament::LightManager& lights = engine->getLightManager();
    const auto light = lights.getInstance(key_light.get());
    lights.setDirection(light, -lighting.key_axis);
    lights.setColor(light, lighting.key_color);
    lights.setIntensity(light, 1.0F);
    scene->addEntity(key_light.get());
  }

  filament::SwapChain* make_surface() {
    constexpr std::uint64_t flags =
        filament::SwapChain::CONFIG_TRANSPARENT | filament::SwapChain::CONFIG_READABLE;
#ifdef __EMSCRIPTEN__
    return engine->createSwapChain(nullptr, flags);
#else
    return engine->createSwapChain(static_cast<std::uint32_t>(row_px(tiling.tile_width_px)),
                                   static_cast<std::uint32_t>(tiling.tile_height_px), flags);
#endif
  }

  void set_tiling(const Tiling& wanted) {
    if (wanted == tiling) return;
    tiling = wanted;
    engine->flushAndWait();
    surface.reset();
    surface = own(*engine, make_surface());
  }

  void frame() {
    const CameraPlace place = camera_for(shot, aspect(), extent());
    engine->getCameraComponent(camera.get())->lookAt(place.eye, place.target, {0, 1, 0});
    engine->getCameraComponent(camera.get())->setExposure(1.0F);
    backdrop.instance->setParameter("aspect", static_cast<float>(aspect()));
    frame_part({}, drawn_size().width_px, drawn_size().height_px);
  }

  /// How many of the model's units are a pixel of the head.
  float model_pixel() const {
    const CameraPlace place = camera_for(shot, aspect(), extent());
    const double field_rad = place.vertical_field_deg * std::numbers::pi / 180;
    const double shown = 2 * std::tan(field_rad / 2) * length(place.eye - place.target);
    return static_cast<float>(shown / drawn_size().height_px) / actor->scale();
  }

  /// Frames a part of the picture, of this size. Shadows are cast for the whole of it, so
  /// that they are the same in each part.
  void frame_part(const TileWindow& window, int part_width_px, int part_height_px) {
    const CameraPlace place = camera_for(shot, aspect(), extent());
    filament::Camera& lens = *engine->getCameraComponent(camera.get());
    const double distance = length(place.eye - place.target);
    const double near = distance - 3, far = distance + 4;
    lens.setProjection(place.vertical_field_deg, aspect(), near, far,
                       filament::Camera::Fov::VERTICAL);
    const filament::math::mat4 cut{filament::math::mat4::row_major_init{
        1 / window.scale_x, 0, 0, -window.offset_x / window.scale_x,  //
        0, 1 / window.scale_y, 0, -window.offset_y / window.scale_y,  //
        0, 0, 1, 0,                                                   //
        0, 0, 0, 1}};
    lens.setCustomProjection(cut * lens.getProjectionMatrix(), lens.getCullingProjectionMatrix(),
                             near, far);
    view->setViewport({0, 0, static_cast<std::uint32_t>(part_width_px),
                       static_cast<std::uint32_t>(part_height_px)});
    backdrop.instance->setParameter(
        "window", float4(window.scale_x, window.scale_y, window.offset_x, window.offset_y));
  }

  ImageSize drawn_size() const {
    const auto fits = [](double side) { return side <= max_picture_side_px; };
    const double wide = quality.scale * width_px, high = quality.scale * height_px;
    // Beyond the largest picture nothing more can be drawn than is shown.
    if (!fits(wide) || !fits(high)) return {width_px, height_px};
    return {std::max(1, static_cast<int>(std::lround(wide))),
            std::max(1, static_cast<int>(std::lround(high)))};
  }

  Extent extent() const { return actor ? actor->extent() : Extent{}; }

  double aspect() const { return static_cast<double>(width_px) / height_px; }

  /// What the surface shows, in rows that may be wider than a tile.
  Image read_surface() {
    Image image = blank({row_px(tiling.tile_width_px), tiling.tile_height_px});
    renderer->beginFrame(surface.get());
    renderer->render(view.get());
    renderer->readPixels(
        0, 0, static_cast<std::uint32_t>(image.width_px),
        static_cast<std::uint32_t>(image.height_px),
        {image.rgba.data(), image.rgba.size(), filament::backend::PixelDataFormat::RGBA,
         filament::backend::PixelDataType::UBYTE});
    renderer->endFrame();
    engine->flushAndWait();
    return image;
  }

  /// Draws the picture at once, whose surface is a tile.
  Image draw_whole(const ImageSize& size) {
    Image surface_image = read_surface();
    if (surface_image.width_px == size.width_px) return surface_image;
    Image image = blank(size);
    paste_tile(surface_image, tiling, 0, 0, image);
    return image;
  }

  /// Draws each tile into its place.
  Image draw_tiles(const ImageSize& size) {
    Image image = blank(size);
    for (int row = 0; row < tiling.rows; ++row) {
      for (int column = 0; column < tiling.columns; ++column) {
        frame_part(window_of(tiling, image.width_px, image.height_px, column, row),
                   tiling.tile_width_px, tiling.tile_height_px);
        paste_tile(read_surface(), tiling, column, row, image);
      }
    }
    frame();
    return image;
  }

  void paint_background() {
    const Color color = background.value_or(Color{});
    backdrop.instance->setParameter("centre", scene_color(color, 1.0F));
    constexpr float corner_share = 0.45F;
    backdrop.instance->setParameter(
        "edge", scene_color(color, background == studio_grey ? corner_share : 1.0F));
    backdrop.instance->setParameter("opacity", background ? 1.0F : 0.0F);
    // Cut-out materials leave alpha as it is: so it begins covered, and the backdrop
    // multiplies what it fills by its colour, or by nothing. A translucent view
    // would begin uncovered.
    view->setBlendMode(filament::View::BlendMode::OPAQUE);
    renderer->setClearOptions({.clearColor = {1, 1, 1, 1}, .clear = true, .discard = true});
  }
};

Stage::Stage(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Stage::Stage(Stage&&) noexcept = default;
Stage& Stage::operator=(Stage&&) noexcept = default;
Stage::~Stage() = default;

Result<Stage> Stage::create(int width_px, int height_px) {
  if (auto checked = check_size(width_px, height_px); !checked)
    return std::unexpected(checked.error());
  auto engine = open_gpu();
  if (!engine) return std::unexpected(engine.error());
  return Stage(std::make_unique<Parts>(*engine, width_px, height_px));
}

void Stage::show(Avatar avatar) {
  parts_->actor.reset();
  // A face stays where it is while its traits change.
  const Appearance appearance = appearance_of(avatar, initial_values(avatar.traits));
  const mat4f placement = to_stage(find_head(avatar, find_joints(avatar), appearance.is_hidden));
  parts_->actor = std::make_unique<Actor>(*parts_->engine, *parts_->scene, parts_->surfaces,
                                          std::move(avatar), placement);
  parts_->frame();
  set_pose({});
}

Result<void> Stage::customize(std::span<const TraitChoice> choices) {
  if (!parts_->actor)
    return fail(ErrorCode::invalid_argument, "there is no avatar to customize: show one first");
  auto chosen = chosen_values(parts_->actor->avatar().traits, choices);
  if (!chosen) return std::unexpected(chosen.error());
  parts_->actor->wear(*std::move(chosen));
  parts_->frame();
  return {};
}

std::string Stage::traits() const {
  if (!parts_->actor) return traits_json({}, {});
  return traits_json(parts_->actor->avatar(), parts_->actor->chosen());
}

void Stage::set_pose(const FacePose& pose) {
  Motion motion;
  set_pose(pose, 0, motion);
}

void Stage::set_pose(const FacePose& pose, double t_s, Motion& motion) {
  if (parts_->actor) parts_->actor->set_pose(pose, t_s, parts_->holds_clip ? 0 : t_s, motion);
}

void Stage::hold_clip(bool holds) {
  parts_->holds_clip = holds;
}

void Stage::set_view(View view) {
  set_shot(shot_of(view));
}

void Stage::set_shot(const Shot& shot) {
  parts_->shot = shot;
  parts_->frame();
}

void Stage::set_background(std::optional<Color> color) {
  parts_->background = color;
  parts_->paint_background();
}

void Stage::set_lighting(const Lighting& lighting) {
  parts_->lighting = lighting;
  parts_->light_scene();
}

void Stage::set_quality(const Quality& quality) {
  parts_->quality = quality;
  parts_->apply_quality();
}

ImageSize Stage::drawn_size() const {
  return parts_->drawn_size();
}

Result<void> Stage::resize(int width_px, int height_px) {
  if (auto checked = check_size(width_px, height_px); !checked) return checked;
  if (width_px == parts_->width_px && height_px == parts_->height_px) return {};
  parts_->width_px = width_px;
  parts_->height_px = height_px;
  parts_->frame();
  return {};
}

bool Stage::settle(int directions) {
  if (!parts_->actor) return false;
  return parts_->actor->fit_detail(parts_->model_pixel()) || parts_->actor->look_around(directions);
}

void Stage::render() {
  parts_->renderer->beginFrame(parts_->surface.get());
  parts_->renderer->render(parts_->view.get());
  parts_->renderer->endFrame();
#ifdef __EMSCRIPTEN__
  parts_->engine->execute();
#endif
}

Image Stage::picture(std::int64_t most_bytes) {
  Parts& parts = *parts_;
  while (settle(std::numeric_limits<int>::max())) continue;
  const ImageSize drawn = parts.drawn_size();
  parts.set_tiling(
      tiling_of(drawn.width_px, drawn.height_px, most_bytes / target_bytes(parts.quality.samples)));
  const bool is_whole = parts.tiling.columns * parts.tiling.rows == 1;
  Image image = resized(is_whole ? parts.draw_whole(drawn) : parts.draw_tiles(drawn),
                        {parts.width_px, parts.height_px});
  if (!parts.background) to_straight_alpha(image);
  return image;
}

}  // namespace vivavox

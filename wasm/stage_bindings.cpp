// stage.wasm: the engine's face and stage for JavaScript.
// SPDX-License-Identifier: Apache-2.0
#include <emscripten.h>
#include <emscripten/bind.h>

#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "engine/face/performance.h"
#include "engine/stage/appearance.h"
#include "engine/stage/clips.h"
#include "engine/stage/stage.h"
#include "engine/timeline/timeline.h"
#include "wasm/embind.h"

// Filament links against these, and calls them only where a mapped buffer is
// read back, which WebGL cannot do.
extern "C" {
void* glMapBufferRange(unsigned, long, long, unsigned) {
  return nullptr;
}
unsigned char glUnmapBuffer(unsigned) {
  return 0;
}
}

// Makes the canvas's WebGL 2 context current; 0 where there is none. Filament
// 1.9.25 is shown the extensions it was written for alone: with newer ones, such
// as EXT_clip_control, it calls functions that WebAssembly does not have.
// clang-format off
EM_JS_DEPS(stage_context, "$GL,$Emval");
EM_JS(int, use_context_of, (emscripten::EM_VAL canvas), {
  const context = Emval.toValue(canvas).getContext('webgl2', {
    alpha: true, antialias: false, depth: true, stencil: false, premultipliedAlpha: true,
    powerPreference: 'high-performance'
  });
  if (!context) return 0;
  const known = new Set(['EXT_color_buffer_float', 'EXT_color_buffer_half_float', 'OES_texture_float_linear',
    'EXT_texture_filter_anisotropic', 'WEBGL_compressed_texture_s3tc', 'WEBGL_compressed_texture_etc']);
  const supported = context.getSupportedExtensions() || [];
  context.getSupportedExtensions = () => supported.filter((name) => known.has(name));
  // What Filament draws on the canvas goes to `smoothed`, where there is one (smooth_canvas()).
  const bindFramebuffer = context.bindFramebuffer.bind(context);
  context.bindFramebuffer = (target, framebuffer) =>
    bindFramebuffer(target, framebuffer || (context.smoothed ? context.smoothed.framebuffer : null));
  const invalidateFramebuffer = context.invalidateFramebuffer.bind(context);
  context.invalidateFramebuffer = (target, attachments) => {
    // A canvas calls its parts otherwise.
    const names = new Map([[context.COLOR, context.COLOR_ATTACHMENT0], [context.DEPTH, context.DEPTH_ATTACHMENT]]);
    const named = Array.from(attachments, (name) => names.get(name) || name);
    invalidateFramebuffer(target, context.smoothed ? named : attachments);
  };
  // Asking would have shaders compiled one after the other. What does not compile does not link.
  const getShaderParameter = context.getShaderParameter.bind(context);
  context.getShaderParameter = (shader, name) =>
    name === context.COMPILE_STATUS || getShaderParameter(shader, name);
  const handle = GL.registerContext(context, {majorVersion : 2, minorVersion : 0, enableExtensionsByDefault : 1});
  return GL.makeContextCurrent(handle) ? handle : 0;
});

// Has the canvas drawn with so many samples a pixel: contexts are asked for with or without for good,
// and levels of quality change.
EM_JS(void, smooth_canvas, (int samples), {
  const gl = GLctx;
  const old = gl.smoothed;
  gl.smoothed = null;
  if (old) {
    gl.deleteFramebuffer(old.framebuffer);
    for (const buffer of old.buffers) gl.deleteRenderbuffer(buffer);
  }
  if (samples === 1) return;
  const width = gl.drawingBufferWidth;
  const height = gl.drawingBufferHeight;
  const before = gl.getParameter(gl.RENDERBUFFER_BINDING);
  const smoothed = { framebuffer: gl.createFramebuffer(), width, height };
  gl.bindFramebuffer(gl.FRAMEBUFFER, smoothed.framebuffer);
  const parts = [[gl.RGBA8, gl.COLOR_ATTACHMENT0], [gl.DEPTH_COMPONENT24, gl.DEPTH_ATTACHMENT]];
  smoothed.buffers = parts.map(([format, place]) => {
    const buffer = gl.createRenderbuffer();
    gl.bindRenderbuffer(gl.RENDERBUFFER, buffer);
    gl.renderbufferStorageMultisample(gl.RENDERBUFFER, samples, format, width, height);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, place, gl.RENDERBUFFER, buffer);
    return buffer;
  });
  gl.bindRenderbuffer(gl.RENDERBUFFER, before);
  gl.smoothed = smoothed;
});

// Brings what was drawn so onto the canvas. Filament takes the context's state for what it left.
EM_JS(void, show_smoothed, (), {
  const gl = GLctx;
  const smoothed = gl.smoothed;
  if (!smoothed) return;
  const width = smoothed.width;
  const height = smoothed.height;
  const read = gl.getParameter(gl.READ_FRAMEBUFFER_BINDING);
  const drawn = gl.getParameter(gl.DRAW_FRAMEBUFFER_BINDING);
  const isCut = gl.isEnabled(gl.SCISSOR_TEST);
  gl.disable(gl.SCISSOR_TEST);
  gl.smoothed = null;
  gl.bindFramebuffer(gl.READ_FRAMEBUFFER, smoothed.framebuffer);
  gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
  gl.blitFramebuffer(0, 0, width, height, 0, 0, width, height, gl.COLOR_BUFFER_BIT, gl.NEAREST);
  gl.smoothed = smoothed;
  gl.bindFramebuffer(gl.READ_FRAMEBUFFER, read);
  gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, drawn);
  if (isCut) gl.enable(gl.SCISSOR_TEST);
});
// clang-format on

namespace vivavox {
namespace {

namespace json = boost::json;
using emscripten::val;

constexpr std::size_t joint_count = 4;
constexpr std::size_t pose_length = blend_shape_count + 3 * joint_count + 3;

/// A pose as JavaScript has it: 52 weights, then pitch, yaw and roll in radians
/// of the head, the neck, the left and the right eye, then how far the tongue's tip and back
/// are up, and the breath.
std::array<float, pose_length> to_numbers(const FacePose& pose) {
  std::array<float, pose_length> numbers{};
  auto out = std::ranges::copy(pose.weights.values(), numbers.begin()).out;
  for (const Rotation& rotation : {pose.head, pose.neck, pose.left_eye, pose.right_eye}) {
    *out++ = rotation.pitch_rad;
    *out++ = rotation.yaw_rad;
    *out++ = rotation.roll_rad;
  }
  *out++ = pose.tongue.tip_up;
  *out++ = pose.tongue.back_up;
  *out++ = pose.breath;
  return numbers;
}

FacePose to_pose(std::span<const float, pose_length> numbers) {
  FacePose pose;
  std::ranges::copy(numbers.first(blend_shape_count), pose.weights.values().begin());
  const float* in = numbers.data() + blend_shape_count;
  for (Rotation* rotation : {&pose.head, &pose.neck, &pose.left_eye, &pose.right_eye}) {
    *rotation = {.pitch_rad = in[0], .yaw_rad = in[1], .roll_rad = in[2]};
    in += 3;
  }
  pose.tongue = {.tip_up = in[0], .back_up = in[1]};
  pose.breath = in[2];
  return pose;
}

/// A page's stage, on its canvas: its pictures follow one another.
struct PageStage {
  Stage stage;
  val canvas;
  Quality quality = quality_named("high").value();
  std::string_view lighting = lightings().front().name;
  Motion motion = {};
};

/// The canvas has the pixels that are drawn.
void fit_canvas(PageStage& page) {
  const auto [width_px, height_px] = page.stage.drawn_size();
  if (page.canvas["width"].as<int>() != width_px) page.canvas.set("width", width_px);
  if (page.canvas["height"].as<int>() != height_px) page.canvas.set("height", height_px);
  smooth_canvas(page.quality.samples);
}

std::unique_ptr<PageStage> create_stage(val canvas, int width_px, int height_px) {
  canvas.set("width", width_px);
  canvas.set("height", height_px);
  if (use_context_of(canvas.as_handle()) == 0) {
    throw_in_js(
        {ErrorCode::renderer_unavailable,
         "this browser gives no WebGL 2: switch on hardware acceleration or use a newer browser"});
  }
  auto page =
      std::make_unique<PageStage>(value_or_throw(Stage::create(width_px, height_px)), canvas);
  fit_canvas(*page);
  return page;
}

/// With these traits from its first frame on; the avatar before stays if it cannot have them.
/// `clip`: the name of the one that plays; null: none; undefined: as the file has it. No texture is
/// kept larger than `texture_side_px`; returns how large the file has them.
int load_avatar(PageStage& page, const val& glb, const val& clip, const std::string& traits,
                int texture_side_px) {
  const auto bytes = emscripten::convertJSArrayToNumberVector<std::uint8_t>(glb);
  Avatar avatar = value_or_throw(
      read_avatar(std::as_bytes(std::span(bytes)), {.most_side_px = texture_side_px}));
  const int longest_side_px = avatar.longest_texture_side_px;
  if (clip.isNull()) avatar.clip.reset();
  if (clip.isString()) value_or_throw(choose_clip(avatar, clip.as<std::string>()));
  const auto choices = value_or_throw(trait_choices_from_json(traits));
  value_or_throw(chosen_values(avatar.traits, choices));
  page.motion = {};
  page.stage.show(std::move(avatar));
  value_or_throw(page.stage.customize(choices));
  return longest_side_px;
}

void hold_clip(PageStage& page, bool holds) {
  page.stage.hold_clip(holds);
}

void customize(PageStage& page, const std::string& traits) {
  value_or_throw(page.stage.customize(value_or_throw(trait_choices_from_json(traits))));
}

std::string traits(const PageStage& page) {
  return page.stage.traits();
}

void set_pose(PageStage& page, const val& pose, double t_s) {
  const auto numbers = emscripten::convertJSArrayToNumberVector<float>(pose);
  if (numbers.size() != pose_length) {
    throw_in_js({ErrorCode::invalid_argument,
                 "a pose must have " + std::to_string(pose_length) + " numbers"});
  }
  page.stage.set_pose(to_pose(std::span(numbers).first<pose_length>()), t_s, page.motion);
}

void set_background(PageStage& page, const std::string& color) {
  if (color == "transparent") {
    page.stage.set_background(std::nullopt);
  } else {
    page.stage.set_background(value_or_throw(color_from_hex(color)));
  }
}

void resize(PageStage& page, int width_px, int height_px) {
  value_or_throw(page.stage.resize(width_px, height_px));
  fit_canvas(page);
}

void set_shot(PageStage& page, double yaw_deg, double rise, double height_shown, double target_y,
              int fit) {
  page.stage.set_shot({.yaw_deg = yaw_deg,
                       .rise = rise,
                       .height_shown = height_shown,
                       .target_y = target_y,
                       .fit = static_cast<ShotFit>(fit)});
}

void set_lighting(PageStage& page, const std::string& name) {
  if (name == page.lighting) return;  // a light's reflections take time
  const Lighting lighting = value_or_throw(lighting_named(name));
  page.stage.set_lighting(lighting);
  page.lighting = lighting.name;
}

void set_quality(PageStage& page, const std::string& name) {
  page.quality = value_or_throw(quality_named(name));
  page.stage.set_quality(page.quality);
  fit_canvas(page);
}

bool settle(PageStage& page, int directions) {
  return page.stage.settle(directions);
}

void render(PageStage& page) {
  page.stage.render();
  show_smoothed();
}

PerformanceOptions options_from_json(const std::string& text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object()) {
    throw_in_js({ErrorCode::invalid_json, "the options of a performance must be a JSON object"});
  }
  const json::object& object = value.get_object();
  const auto number = [&](const char* name, double otherwise) {
    const json::value* member = object.if_contains(name);
    return member && member->is_number() ? member->to_number<double>() : otherwise;
  };
  MoodMark mood{.at_s = 0, .mood = "neutral", .intensity = number("moodIntensity", 1)};
  if (const json::value* member = object.if_contains("mood"); member && member->is_string()) {
    mood.mood = std::string(member->get_string());
  }
  return {.moods = {mood},
          .styles = {{.at_s = 0, .style = {.jaw = number("jaw", 1), .lips = number("lips", 1)}}},
          .seed = static_cast<std::uint32_t>(static_cast<std::int64_t>(number("seed", 0))),
          .idle_start_s = number("idleStart_s", 0)};
}

std::unique_ptr<Performance> create_performance(const std::string& timeline,
                                                const std::string& options) {
  return std::make_unique<Performance>(value_or_throw(Performance::create(
      value_or_throw(timeline_from_json(timeline)), options_from_json(options))));
}

void write(const FacePose& pose, const val& out) {
  const auto numbers = to_numbers(pose);
  out.call<void>("set", emscripten::typed_memory_view(numbers.size(), numbers.data()));
}

/// `share` of the attention goes to a direction; see Attention.
void write_pose(const Performance& performance, double t_s, float pitch_rad, float yaw_rad,
                float share, const val& out) {
  write(performance.pose(t_s, {.direction = {pitch_rad, yaw_rad, 0}, .share = share}), out);
}

/// The same with a mouth of its own; see Performance::pose_with.
void write_pose_with(const Performance& performance, const val& channels, double t_s,
                     float pitch_rad, float yaw_rad, float share, const val& out) {
  const auto values = emscripten::convertJSArrayToNumberVector<float>(channels);
  Mouth mouth;
  for (std::size_t i = 0; i < std::min(channel_count, values.size()); ++i) {
    mouth[static_cast<Channel>(i)] = static_cast<double>(values[i]);
  }
  const Attention attention{.direction = {pitch_rad, yaw_rad, 0}, .share = share};
  write(performance.pose_with(mouth, t_s, attention), out);
}

/// A clause that is heard `gap_s` after the one before, in which the mouth rests.
void add_clause(Performance& performance, const std::string& timeline, double gap_s) {
  const Timeline clause = value_or_throw(timeline_from_json(timeline));
  Timeline gap{.sample_rate_hz = clause.sample_rate_hz,
               .length_samples = std::llround(gap_s * clause.sample_rate_hz)};
  if (gap.length_samples > 0) {
    gap.phones.push_back({.end_samples = gap.length_samples});
    performance.append(gap);
  }
  performance.append(clause);
}

/// Known only now: what is said from start_s on, to be shown from from_s on.
void revise_clause(Performance& performance, const std::string& timeline, double start_s,
                   double from_s) {
  performance.revise(value_or_throw(timeline_from_json(timeline)), start_s, from_s);
}

void set_mood(Performance& performance, double at_s, const std::string& mood, double intensity) {
  value_or_throw(performance.set_mood({.at_s = at_s, .mood = mood, .intensity = intensity}));
}

void set_style(Performance& performance, double at_s, double jaw, double lips) {
  value_or_throw(performance.set_style({.at_s = at_s, .style = {.jaw = jaw, .lips = lips}}));
}

/// JSON: the visemes of a Timeline one after the other, as [name, start_s, end_s].
std::string visemes_of(const std::string& timeline) {
  return timed_visemes_json(value_or_throw(timeline_from_json(timeline)));
}

std::string blend_shape_names() {
  json::array names;
  for (std::size_t i = 0; i < blend_shape_count; ++i)
    names.emplace_back(name(static_cast<BlendShape>(i)));
  return json::serialize(names);
}

}  // namespace

EMSCRIPTEN_BINDINGS(stage) {
  emscripten::function("createStage", &create_stage);
  emscripten::function("createPerformance", &create_performance);
  emscripten::function("visemesOf", &visemes_of);
  emscripten::function("blendShapeNames", &blend_shape_names);
  emscripten::constant("performanceLead_s", performance_lead_s);
  emscripten::class_<PageStage>("Stage")
      .function("loadAvatar", &load_avatar)
      .function("customize", &customize)
      .function("traits", &traits)
      .function("setPose", &set_pose)
      .function("holdClip", &hold_clip)
      .function("resize", &resize)
      .function("setShot", &set_shot)
      .function("setLighting", &set_lighting)
      .function("setQuality", &set_quality)
      .function("setBackground", &set_background)
      .function("settle", &settle)
      .function("render", &render);
  emscripten::class_<Performance>("Performance")
      .function("pose", &write_pose)
      .function("poseWith", &write_pose_with)
      .function("append", &add_clause)
      .function("revise", &revise_clause)
      .function("forget", &Performance::forget)
      .function("setMood", &set_mood)
      .function("setStyle", &set_style)
      .function("duration", &Performance::duration_s);
}

}  // namespace vivavox

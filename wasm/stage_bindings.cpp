// stage.wasm: the engine's face and stage for JavaScript.
// SPDX-License-Identifier: Apache-2.0
#include <emscripten.h>
#include <emscripten/bind.h>

#include <array>
#include <boost/json.hpp>
#include <memory>
#include <string>
#include <vector>

#include "engine/face/performance.h"
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
  const handle = GL.registerContext(context, {majorVersion : 2, minorVersion : 0, enableExtensionsByDefault : 1});
  return GL.makeContextCurrent(handle) ? handle : 0;
});
// clang-format on

namespace vivavox {
namespace {

namespace json = boost::json;
using emscripten::val;

constexpr std::size_t joint_count = 4;
constexpr std::size_t pose_length = blend_shape_count + 3 * joint_count;

/// A pose as JavaScript has it: 52 weights, then pitch, yaw and roll in radians
/// of the head, the neck, the left and the right eye.
std::array<float, pose_length> to_numbers(const FacePose& pose) {
  std::array<float, pose_length> numbers{};
  auto out = std::ranges::copy(pose.weights.values(), numbers.begin()).out;
  for (const Rotation& rotation : {pose.head, pose.neck, pose.left_eye, pose.right_eye}) {
    *out++ = rotation.pitch_rad;
    *out++ = rotation.yaw_rad;
    *out++ = rotation.roll_rad;
  }
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
  return pose;
}

std::unique_ptr<Stage> create_stage(val canvas, int width_px, int height_px) {
  canvas.set("width", width_px);
  canvas.set("height", height_px);
  if (use_context_of(canvas.as_handle()) == 0) {
    throw_in_js(
        {ErrorCode::renderer_unavailable,
         "this browser gives no WebGL 2: switch on hardware acceleration or use a newer browser"});
  }
  return std::make_unique<Stage>(value_or_throw(Stage::create(width_px, height_px)));
}

std::string load_avatar(Stage& stage, const val& glb) {
  const auto bytes = emscripten::convertJSArrayToNumberVector<std::uint8_t>(glb);
  return stage.show(value_or_throw(read_avatar(std::as_bytes(std::span(bytes)))));
}

void set_pose(Stage& stage, const val& pose) {
  const auto numbers = emscripten::convertJSArrayToNumberVector<float>(pose);
  if (numbers.size() != pose_length) {
    throw_in_js({ErrorCode::invalid_argument,
                 "a pose must have " + std::to_string(pose_length) + " numbers"});
  }
  stage.set_pose(to_pose(std::span(numbers).first<pose_length>()));
}

void set_background(Stage& stage, const std::string& color) {
  if (color == "transparent") {
    stage.set_background(std::nullopt);
  } else {
    stage.set_background(value_or_throw(color_from_hex(color)));
  }
}

void resize(Stage& stage, int width_px, int height_px) {
  value_or_throw(stage.resize(width_px, height_px));
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
          .seed = static_cast<std::uint32_t>(static_cast<std::int64_t>(number("seed", 0))),
          .idle_start_s = number("idleStart_s", 0)};
}

std::unique_ptr<Performance> create_performance(const std::string& timeline,
                                                const std::string& options) {
  return std::make_unique<Performance>(value_or_throw(Performance::create(
      value_or_throw(timeline_from_json(timeline)), options_from_json(options))));
}

void write_pose(const Performance& performance, double t_s, const val& out) {
  const auto numbers = to_numbers(performance.pose(t_s));
  out.call<void>("set", emscripten::typed_memory_view(numbers.size(), numbers.data()));
}

void add_clause(Performance& performance, const std::string& timeline) {
  performance.append(value_or_throw(timeline_from_json(timeline)));
}

void set_mood(Performance& performance, double at_s, const std::string& mood, double intensity) {
  value_or_throw(performance.set_mood({.at_s = at_s, .mood = mood, .intensity = intensity}));
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
  emscripten::function("blendShapeNames", &blend_shape_names);
  emscripten::class_<Stage>("Stage")
      .function("loadAvatar", &load_avatar)
      .function("setPose", &set_pose)
      .function("resize", &resize)
      .function("setBackground", &set_background)
      .function("render", &Stage::render);
  emscripten::class_<Performance>("Performance")
      .function("pose", &write_pose)
      .function("append", &add_clause)
      .function("setMood", &set_mood)
      .function("duration", &Performance::duration_s);
}

}  // namespace vivavox

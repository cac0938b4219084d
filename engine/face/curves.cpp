#include "engine/face/curves.h"

#include <cmath>
#include <cstdio>

namespace vivavox {

namespace {

constexpr int fps_max = 240;
constexpr double frames_max = 200'000;

std::string names_json() {
  std::string out;
  for (std::size_t i = 0; i < blend_shape_count; ++i) {
    if (i > 0) out += ',';
    out += "\"" + std::string(name(static_cast<BlendShape>(i))) + "\"";
  }
  return "[" + out + "]";
}

void append_frame(std::string& out, const BlendWeights& weights) {
  constexpr long decimals = 10'000;
  out += '[';
  for (std::size_t i = 0; i < blend_shape_count; ++i) {
    const long value = std::lround(static_cast<double>(weights.values()[i]) * decimals);
    char number[16];
    std::snprintf(number, sizeof number, "%s%ld.%04ld", i > 0 ? "," : "", value / decimals,
                  value % decimals);
    out += number;
  }
  out += ']';
}

/// Live Link Face's order is ours but for these pairs.
BlendShape in_live_link_order(std::size_t index) {
  using enum BlendShape;
  switch (const auto shape = static_cast<BlendShape>(index)) {
    case jawLeft:
      return jawRight;
    case jawRight:
      return jawLeft;
    case mouthLeft:
      return mouthRight;
    case mouthRight:
      return mouthLeft;
    default:
      return shape;
  }
}

std::string csv_header() {
  std::string out = "Timecode,BlendShapeCount";
  for (std::size_t i = 0; i < blend_shape_count; ++i) {
    std::string title(name(in_live_link_order(i)));
    title[0] = static_cast<char>(title[0] - 'a' + 'A');
    out += "," + title;
  }
  for (const char* part : {"Head", "LeftEye", "RightEye"}) {
    for (const char* axis : {"Yaw", "Pitch", "Roll"}) out += std::string(",") + part + axis;
  }
  return out + "\n";
}

void append_row(std::string& out, const FacePose& pose, int frame, int fps) {
  const int seconds = frame / fps;
  char number[40];
  std::snprintf(number, sizeof number, "%02d:%02d:%02d:%02d.000,61", seconds / 3600,
                seconds / 60 % 60, seconds % 60, frame % fps);
  out += number;
  const auto add = [&](float value) {
    std::snprintf(number, sizeof number, ",%.5f", static_cast<double>(value));
    out += number;
  };
  for (std::size_t i = 0; i < blend_shape_count; ++i) add(pose.weights[in_live_link_order(i)]);
  add(pose.head.yaw_rad + pose.neck.yaw_rad);
  add(pose.head.pitch_rad + pose.neck.pitch_rad);
  add(pose.head.roll_rad + pose.neck.roll_rad);
  for (const Rotation& eye : {pose.left_eye, pose.right_eye}) {
    add(eye.yaw_rad);
    add(eye.pitch_rad);
    add(eye.roll_rad);
  }
  out += '\n';
}

}  // namespace

Result<int> curve_frames(const Performance& performance, int fps) {
  if (fps < 1 || fps > fps_max) {
    return fail(ErrorCode::invalid_argument, "frames per second must be between 1 and 240");
  }
  const double frames = std::floor(performance.duration_s() * fps) + 1;
  if (frames > frames_max) {
    return fail(ErrorCode::invalid_argument,
                "more than 200000 frames: use fewer frames per second or a shorter text");
  }
  return static_cast<int>(frames);
}

Result<std::string> curves_json(const Performance& performance, int fps) {
  const auto frames = curve_frames(performance, fps);
  if (!frames) return std::unexpected(frames.error());
  std::string out = "{\"fps\":" + std::to_string(fps) + ",\"names\":" + names_json();
  out += ",\"frames\":[";
  for (int frame = 0; frame < *frames; ++frame) {
    if (frame > 0) out += ',';
    append_frame(out, performance.pose(static_cast<double>(frame) / fps).weights);
  }
  return out + "]}";
}

Result<std::string> curves_csv(const Performance& performance, int fps) {
  const auto frames = curve_frames(performance, fps);
  if (!frames) return std::unexpected(frames.error());
  std::string out = csv_header();
  for (int frame = 0; frame < *frames; ++frame) {
    append_row(out, performance.pose(static_cast<double>(frame) / fps), frame, fps);
  }
  return out;
}

}  // namespace vivavox

#include "engine/face/curves_json.h"

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

}  // namespace

Result<std::string> curves_json(const Performance& performance, int fps) {
  if (fps < 1 || fps > fps_max) {
    return fail(ErrorCode::invalid_argument, "frames per second must be between 1 and 240");
  }
  const double frames = std::floor(performance.duration_s() * fps) + 1;
  if (frames > frames_max) {
    return fail(ErrorCode::invalid_argument,
                "more than 200000 frames: use fewer frames per second or a shorter text");
  }
  std::string out = "{\"fps\":" + std::to_string(fps) + ",\"names\":" + names_json();
  out += ",\"frames\":[";
  for (int frame = 0; frame < static_cast<int>(frames); ++frame) {
    if (frame > 0) out += ',';
    append_frame(out, performance.pose(static_cast<double>(frame) / fps).weights);
  }
  return out + "]}";
}

}  // namespace vivavox

#include "tests/lips/face_curves.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

namespace vivavox {

namespace {

namespace json = boost::json;

Result<std::vector<double>> times_of(const json::object& curves, std::size_t count) {
  std::vector<double> times_s;
  if (const json::value* times = curves.if_contains("times")) {
    times_s = json::value_to<std::vector<double>>(*times);
  } else if (const json::value* fps = curves.if_contains("fps")) {
    for (std::size_t i = 0; i < count; ++i) {
      times_s.push_back(static_cast<double>(i) / fps->to_number<double>());
    }
  }
  if (times_s.size() != count || !std::ranges::is_sorted(times_s)) {
    return fail(ErrorCode::invalid_json, "curves need \"fps\", or \"times\" in order, one a frame");
  }
  return times_s;
}

}  // namespace

Result<FaceCurves> FaceCurves::from_json(std::string_view text) {
  try {
    const json::object curves = json::parse(text).as_object();
    std::vector<std::optional<BlendShape>> shapes;
    for (const json::value& name : curves.at("names").as_array()) {
      shapes.push_back(blend_shape_named(name.as_string()));
    }
    FaceCurves result;
    for (const json::value& row : curves.at("frames").as_array()) {
      BlendWeights& weights = result.frames_.emplace_back();
      for (std::size_t i = 0; i < shapes.size(); ++i) {
        if (shapes[i]) weights[*shapes[i]] = row.as_array().at(i).to_number<float>();
      }
    }
    auto times_s = times_of(curves, result.frames_.size());
    if (!times_s) return std::unexpected(times_s.error());
    if (times_s->empty()) return fail(ErrorCode::invalid_json, "curves without frames");
    result.times_s_ = *std::move(times_s);
    return result;
  } catch (const std::exception& error) {
    return fail(ErrorCode::invalid_json, std::string("no curves: ") + error.what());
  }
}

BlendWeights FaceCurves::at(double t_s) const {
  const auto next = std::ranges::upper_bound(times_s_, t_s);
  if (next == times_s_.begin()) return frames_.front();
  if (next == times_s_.end()) return frames_.back();
  const auto i = static_cast<std::size_t>(next - times_s_.begin());
  const auto share = static_cast<float>((t_s - times_s_[i - 1]) / (times_s_[i] - times_s_[i - 1]));
  BlendWeights weights;
  for (std::size_t k = 0; k < blend_shape_count; ++k) {
    const float before = frames_[i - 1].values()[k];
    weights.values()[k] = before + share * (frames_[i].values()[k] - before);
  }
  return weights;
}

}  // namespace vivavox

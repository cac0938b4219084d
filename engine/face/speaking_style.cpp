#include "engine/face/speaking_style.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <optional>

#include "engine/face/random.h"

extern "C" {
extern const unsigned char vivavox_speaking_styles_json[];
extern const std::size_t vivavox_speaking_styles_json_size;
}

namespace vivavox {

namespace json = boost::json;

namespace {

std::vector<NamedSpeakingStyle> read_styles() {
  const json::value table =
      json::parse(json::string_view(reinterpret_cast<const char*>(vivavox_speaking_styles_json),
                                    vivavox_speaking_styles_json_size));
  std::vector<NamedSpeakingStyle> styles;
  for (const json::value& style : table.at("speaking_styles").as_array()) {
    styles.push_back({std::string(style.at("name").as_string()),
                      {style.at("jaw").to_number<double>(), style.at("lips").to_number<double>()}});
  }
  return styles;
}

Result<void> check(const StyleMark& mark) {
  const auto is_share = [](double value) { return value >= 0 && value <= speaking_style_max; };
  if (!is_share(mark.style.jaw) || !is_share(mark.style.lips)) {
    return fail(ErrorCode::invalid_argument,
                "jaw and lips of a speaking style must be between 0 and 2");
  }
  if (!std::isfinite(mark.at_s)) {
    return fail(ErrorCode::invalid_argument, "the time of a style mark must be finite");
  }
  return {};
}

/// "JAW,LIPS" is two members of a JSON array.
std::optional<SpeakingStyle> jaw_and_lips(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse("[" + std::string(text) + "]", error);
  const json::array* numbers = error ? nullptr : value.if_array();
  if (!numbers || numbers->size() != 2) return std::nullopt;
  if (!(*numbers)[0].is_number() || !(*numbers)[1].is_number()) return std::nullopt;
  return SpeakingStyle{(*numbers)[0].to_number<double>(), (*numbers)[1].to_number<double>()};
}

double mix(double a, double b, double share) {
  return a + share * (b - a);
}

}  // namespace

std::span<const NamedSpeakingStyle> speaking_styles() {
  static const std::vector<NamedSpeakingStyle> table = read_styles();
  return table;
}

Result<SpeakingStyle> speaking_style_of(std::string_view text) {
  const auto found = std::ranges::find(speaking_styles(), text, &NamedSpeakingStyle::name);
  if (found != speaking_styles().end()) return found->style;
  if (const auto style = jaw_and_lips(text); style && check({.style = *style})) return *style;
  std::string known;
  for (const NamedSpeakingStyle& each : speaking_styles()) known += each.name + ", ";
  return fail(ErrorCode::invalid_argument, "unknown speaking style \"" + std::string(text) +
                                               "\": choose one of " + known +
                                               "or give jaw and lips from 0 to 2 (\"0.8,1.2\")");
}

Result<StyleTrack> StyleTrack::from(std::span<const StyleMark> marks) {
  StyleTrack track;
  for (const StyleMark& mark : marks) {
    if (auto added = track.add(mark); !added) return std::unexpected(added.error());
  }
  std::vector<StyleMark>& all = track.marks_;
  const auto later = std::ranges::upper_bound(all, 0, {}, &StyleMark::at_s);
  if (later != all.begin()) track.initial_ = (later - 1)->style;
  all.erase(all.begin(), later);
  return track;
}

Result<void> StyleTrack::add(const StyleMark& mark) {
  if (auto checked = check(mark); !checked) return checked;
  marks_.insert(std::ranges::upper_bound(marks_, mark.at_s, {}, &StyleMark::at_s), mark);
  return {};
}

SpeakingStyle StyleTrack::at(double t_s) const {
  const auto next = std::ranges::upper_bound(marks_, t_s, {}, &StyleMark::at_s);
  // Fades may overlap: begin with the last style that is wholly there.
  auto mark =
      std::ranges::upper_bound(marks_.begin(), next, t_s - style_fade_s, {}, &StyleMark::at_s);
  SpeakingStyle style = mark == marks_.begin() ? initial_ : (mark - 1)->style;
  for (; mark != next; ++mark) {
    const double share = smoothstep((t_s - mark->at_s) / style_fade_s);
    style = {mix(style.jaw, mark->style.jaw, share), mix(style.lips, mark->style.lips, share)};
  }
  return style;
}

SpeakingStyle varied(const SpeakingStyle& style, std::uint32_t seed, double t_s) {
  constexpr double by = 0.05, per_s = 2.5;
  return {style.jaw * (1 + by * noise(seed, Stream::jaw_effort, per_s * t_s)),
          style.lips * (1 + by * noise(seed, Stream::lip_effort, per_s * t_s))};
}

Mouth styled(const Mouth& mouth, const SpeakingStyle& style) {
  using enum Channel;
  // A lip between the teeth, or on the other, is where it is.
  const double free = 1 - std::clamp(std::max(mouth[seal], mouth[tuck]), 0.0, 1.0);
  Mouth result = mouth;
  const auto scale = [&](Channel channel, double by) {
    result[channel] = std::min(1.0, mouth[channel] * mix(1, by, free));
  };
  scale(jaw, style.jaw);
  for (const Channel channel : {pucker, funnel, spread, lower_lip, upper_lip}) {
    scale(channel, style.lips);
  }
  return result;
}

void make_uneven(BlendWeights& weights, std::uint32_t seed, double idle_s) {
  using enum BlendShape;
  constexpr double always = 0.05, at_times = 0.04, per_s = 0.2;
  const double lean = uniform(seed, Stream::uneven, -1, -always, always) +
                      at_times * noise(seed, Stream::uneven, per_s * idle_s);
  constexpr std::array<std::pair<BlendShape, BlendShape>, 5> pairs{
      {{mouthSmileLeft, mouthSmileRight},
       {mouthStretchLeft, mouthStretchRight},
       {mouthDimpleLeft, mouthDimpleRight},
       {mouthLowerDownLeft, mouthLowerDownRight},
       {mouthUpperUpLeft, mouthUpperUpRight}}};
  for (const auto& [left, right] : pairs) {
    weights[left] = std::min(1.0F, weights[left] * static_cast<float>(1 + lean));
    weights[right] = std::min(1.0F, weights[right] * static_cast<float>(1 - lean));
  }
}

}  // namespace vivavox

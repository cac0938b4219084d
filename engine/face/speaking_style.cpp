#include "engine/face/speaking_style.h"

#include <algorithm>
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

}  // namespace

std::span<const NamedSpeakingStyle> speaking_styles() {
  static const std::vector<NamedSpeakingStyle> table = read_styles();
  return table;
}

std::string speaking_style_names() {
  std::string names;
  for (const NamedSpeakingStyle& each : speaking_styles()) {
    names += (names.empty() ? "" : ", ") + each.name;
  }
  return names;
}

Result<SpeakingStyle> speaking_style_of(std::string_view text) {
  const auto found = std::ranges::find(speaking_styles(), text, &NamedSpeakingStyle::name);
  if (found != speaking_styles().end()) return found->style;
  if (const auto style = jaw_and_lips(text); style && check({.style = *style})) return *style;
  return fail(ErrorCode::invalid_argument, "unknown speaking style \"" + std::string(text) +
                                               "\": choose one of " + speaking_style_names() +
                                               ", or give jaw and lips from 0 to 2 (\"0.8,1.2\")");
}

SpeakingStyle mixed(const SpeakingStyle& a, const SpeakingStyle& b, double share) {
  return {std::lerp(a.jaw, b.jaw, share), std::lerp(a.lips, b.lips, share)};
}

Result<StyleTrack> StyleTrack::from(std::span<const StyleMark> marks) {
  StyleTrack track;
  for (const StyleMark& mark : marks) {
    if (auto added = track.add(mark); !added) return std::unexpected(added.error());
  }
  track.styles_.begin_at_0();
  return track;
}

Result<void> StyleTrack::add(const StyleMark& mark) {
  if (auto checked = check(mark); !checked) return checked;
  styles_.add(mark.at_s, mark.style);
  return {};
}

SpeakingStyle varied(const SpeakingStyle& style, std::uint32_t seed, double t_s) {
  constexpr double by = 0.03, per_s = 2.5;
  return {style.jaw * (1 + by * noise(seed, Stream::jaw_effort, per_s * t_s)),
          style.lips * (1 + by * noise(seed, Stream::lip_effort, per_s * t_s))};
}

Mouth styled(const Mouth& mouth, const SpeakingStyle& style) {
  using enum Channel;
  // A lip between the teeth, or on the other, is where it is.
  const double free = 1 - std::clamp(std::max(mouth[seal], mouth[tuck]), 0.0, 1.0);
  Mouth result = mouth;
  const auto scale = [&](Channel channel, double by) {
    result[channel] = std::min(1.0, mouth[channel] * std::lerp(1.0, by, free));
  };
  scale(jaw, style.jaw);
  for (const Channel channel : {pucker, funnel, spread, lower_lip, upper_lip}) {
    scale(channel, style.lips);
  }
  return result;
}

}  // namespace vivavox

// How much jaw and lips are used to speak, whatever is said.
// Source: JALI (Edwards, Landreth, Fiume and Singh, SIGGRAPH 2016), whose two axes these are: a
// mumbler uses neither, who enunciates uses both, who shouts opens the jaw.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/error.h"
#include "engine/face/fading_track.h"
#include "engine/face/mouth.h"

namespace vivavox {

/// 1 is usual, 0 is not at all; lips that must meet do so in any style.
struct SpeakingStyle {
  double jaw = 1;
  double lips = 1;

  bool operator==(const SpeakingStyle&) const = default;
};

inline constexpr double speaking_style_max = 2;

/// From `a` (share 0) to `b` (share 1).
SpeakingStyle mixed(const SpeakingStyle& a, const SpeakingStyle& b, double share);

struct NamedSpeakingStyle {
  std::string name;
  SpeakingStyle style;
};

/// Those of shared/speaking_styles.json, the first of which is natural.
std::span<const NamedSpeakingStyle> speaking_styles();

/// "natural, whisper, …", for a message.
std::string speaking_style_names();

/// A style by its name, or as "JAW,LIPS" ("0.8,1.2"). Errors: invalid_argument for anything else,
/// saying what there is.
Result<SpeakingStyle> speaking_style_of(std::string_view text);

/// From a time on, this style. The change takes style_fade_s.
struct StyleMark {
  double at_s = 0;
  SpeakingStyle style;
};

inline constexpr double style_fade_s = 0.25;

/// The styles of a performance over time. Before the first mark it is the first mark's where that
/// is at or before 0, else natural.
class StyleTrack {
 public:
  /// Marks may come in any order; of two at one time the later one holds.
  /// Errors: invalid_argument for a jaw or lips outside 0…speaking_style_max, or a time that is
  /// not finite.
  static Result<StyleTrack> from(std::span<const StyleMark> marks);

  /// One mark more. Errors: as from().
  Result<void> add(const StyleMark& mark);

  SpeakingStyle at(double t_s) const { return styles_.at(t_s); }

 private:
  FadingTrack<SpeakingStyle> styles_{{}, style_fade_s};
};

/// The style as a seed varies it from moment to moment: nobody opens for two [a] alike.
SpeakingStyle varied(const SpeakingStyle& style, std::uint32_t seed, double t_s);

/// A mouth in a style.
Mouth styled(const Mouth& mouth, const SpeakingStyle& style);

}  // namespace vivavox

// The mouth as its few independent movements.
// Source: JALI (Edwards, Landreth, Fiume and Singh, SIGGRAPH 2016) separates jaw from lips.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace vivavox {

/// One movement of the mouth. `seal` brings the lips together whatever the jaw
/// does, `press` says how firmly; `tuck` lays the lower lip to the upper teeth;
/// `tongue` shows it between the teeth, `tongue_tip` and `tongue_back` raise its parts to the
/// palate; `speaking` is 1 while the mouth is busy with speech and 0 at rest.
enum class Channel : std::uint8_t {
  jaw,
  seal,
  press,
  tuck,
  pucker,
  funnel,
  spread,
  lower_lip,
  upper_lip,
  tongue,
  jaw_forward,
  speaking,
  tongue_tip,
  tongue_back,
};

inline constexpr std::size_t channel_count = 14;
/// The first of them can be told by sound alone; where the tongue is inside the mouth cannot.
inline constexpr std::size_t heard_channel_count = 12;

/// How far each movement goes, 0…1.
class Mouth {
 public:
  double& operator[](Channel channel) { return values_[static_cast<std::size_t>(channel)]; }
  double operator[](Channel channel) const { return values_[static_cast<std::size_t>(channel)]; }

  bool operator==(const Mouth&) const = default;

 private:
  std::array<double, channel_count> values_{};
};

/// How the mouth stands at a moment of a Timeline.
struct MouthMoment {
  std::int64_t at_samples = 0;
  Mouth mouth;

  bool operator==(const MouthMoment&) const = default;
};

}  // namespace vivavox

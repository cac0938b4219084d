#include "engine/align/phone_sounds.h"

#include <algorithm>
#include <cmath>

extern "C" {
extern const unsigned char vivavox_phone_sounds[];
extern const size_t vivavox_phone_sounds_size;
}

namespace vivavox {

namespace {

constexpr float mean_steps = 32, variance_steps = 16;

std::uint8_t byte_of(float value) {
  return static_cast<std::uint8_t>(std::clamp(std::lround(value), -128L, 127L) + 128);
}

float value_of(std::uint8_t byte) {
  return static_cast<float>(byte) - 128;
}

const PhoneSound* find_exactly(const PhoneSounds& sounds, std::string_view ipa) {
  const auto found = std::ranges::find(sounds, ipa, &PhoneSound::ipa);
  return found == sounds.end() ? nullptr : &*found;
}

}  // namespace

const PhoneSounds& phone_sounds() {
  static const PhoneSounds sounds =
      phone_sounds_from({vivavox_phone_sounds, vivavox_phone_sounds_size});
  return sounds;
}

const PhoneSound* find_sound(const PhoneSounds& sounds, std::string_view ipa) {
  constexpr std::string_view long_mark = "ː";
  while (!ipa.empty()) {
    if (const PhoneSound* found = find_exactly(sounds, ipa)) return found;
    if (const PhoneSound* found = find_exactly(sounds, std::string(ipa) + std::string(long_mark)))
      return found;
    // One code point less.
    const auto is_inside = [](char byte) {
      return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
    };
    while (ipa.size() > 1 && is_inside(ipa.back())) ipa.remove_suffix(1);
    ipa.remove_suffix(1);
  }
  return nullptr;
}

std::vector<std::uint8_t> to_bytes(const PhoneSounds& sounds) {
  std::vector<std::uint8_t> bytes;
  for (const PhoneSound& sound : sounds) {
    bytes.push_back(static_cast<std::uint8_t>(sound.ipa.size()));
    bytes.insert(bytes.end(), sound.ipa.begin(), sound.ipa.end());
    for (const Gaussian& part : sound.parts) {
      for (const float mean : part.mean) bytes.push_back(byte_of(mean * mean_steps));
      for (const float variance : part.variance) {
        bytes.push_back(byte_of(std::log2(variance) * variance_steps));
      }
    }
  }
  return bytes;
}

PhoneSounds phone_sounds_from(std::span<const std::uint8_t> bytes) {
  PhoneSounds sounds;
  while (!bytes.empty()) {
    PhoneSound sound;
    const std::size_t length = bytes.front();
    if (bytes.size() < 1 + length + parts_of_phone * 2 * feature_size) break;
    const auto name = bytes.subspan(1, length);
    sound.ipa.assign(name.begin(), name.end());
    bytes = bytes.subspan(1 + length);
    for (Gaussian& part : sound.parts) {
      for (std::size_t k = 0; k < feature_size; ++k) {
        part.mean[k] = value_of(bytes[k]) / mean_steps;
        part.variance[k] = std::exp2(value_of(bytes[feature_size + k]) / variance_steps);
      }
      bytes = bytes.subspan(2 * feature_size);
    }
    sounds.push_back(std::move(sound));
  }
  return sounds;
}

}  // namespace vivavox

// How phones sound when people say them: what was learnt from recordings.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/align/chain.h"
#include "engine/align/gaussian.h"

namespace vivavox {

struct PhoneSound {
  std::string ipa;
  std::array<Gaussian, parts_of_phone> parts;
};

using PhoneSounds = std::vector<PhoneSound>;

/// Those of shared/align/phone_sounds.bin, which scripts/train-phones makes.
const PhoneSounds& phone_sounds();

/// That of a phone, else of the one that is written most alike ("aː" as "a"); nullptr:
/// none is.
const PhoneSound* find_sound(const PhoneSounds& sounds, std::string_view ipa);

/// The file's bytes: for each phone the length of its name, the name, and for each part
/// the means in 1/32 and the variances as 16·log2, all in bytes.
std::vector<std::uint8_t> to_bytes(const PhoneSounds& sounds);
PhoneSounds phone_sounds_from(std::span<const std::uint8_t> bytes);

}  // namespace vivavox

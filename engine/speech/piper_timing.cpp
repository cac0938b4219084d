#include "engine/speech/piper_timing.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace vivavox {

namespace {

/// Quieter than this part of the loudest sample is silence.
constexpr float silence_part = 0.02F;

struct LetterClass {
  std::u32string_view letters;
  double duration;  ///< relative to a short vowel
};

constexpr LetterClass letter_classes[] = {{U"ˈˌ ", 0},
                                          {U"ː", 0.7},
                                          {U",;:-–—", 2.5},
                                          {U".?!…", 4},
                                          {U"ptkbdɡgqcɟʈɖɢʔɓɗ", 0.75},
                                          {U"fsʃθxçχħhɸʂɕɬ", 1},
                                          {U"vzʒðɣʝʁʕβʐʑ", 0.7},
                                          {U"mnŋɲɳɴɱ", 0.7},
                                          {U"lɹrɾwjɥɫʎɭʀɻɰʋʍ", 0.6},
                                          {U"əɐɪʊᵻɨ", 0.7}};

/// Letters that are not listed are vowels; marks above and below add nothing.
double expected_duration(char32_t symbol) {
  if (symbol >= 0x2B0 && symbol <= 0x36F && symbol != U'ː') return 0;
  for (const LetterClass& entry : letter_classes) {
    if (entry.letters.contains(symbol)) return entry.duration;
  }
  return 1;
}

/// Where the sound begins and ends.
std::pair<std::int64_t, std::int64_t> heard(std::span<const float> samples) {
  float peak = 0;
  for (const float sample : samples) peak = std::max(peak, std::abs(sample));
  const auto is_heard = [&](float sample) { return std::abs(sample) > silence_part * peak; };
  const auto first = std::ranges::find_if(samples, is_heard);
  if (first == samples.end()) return {0, static_cast<std::int64_t>(samples.size())};
  auto last = samples.end();
  while (!is_heard(*std::prev(last))) --last;
  return {first - samples.begin(), last - samples.begin()};
}

}  // namespace

std::optional<SymbolLengths> lengths_from_frames(const PiperConfig& config, const PhonemeIds& ids,
                                                 std::size_t symbol_count,
                                                 std::span<const float> frames,
                                                 std::int64_t total_samples) {
  if (frames.size() != ids.ids.size()) return std::nullopt;
  SymbolLengths lengths;
  lengths.symbols_samples.resize(symbol_count);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto most = static_cast<float>(total_samples);
    if (!(frames[i] >= 0 && frames[i] <= most) || std::floor(frames[i]) != frames[i]) {
      return std::nullopt;
    }
    const auto length = static_cast<std::int64_t>(frames[i]) * config.hop_length_samples;
    const std::int32_t symbol = ids.symbol_of_id[i];
    (symbol == -1   ? lengths.begin_samples
     : symbol == -2 ? lengths.end_samples
                    : lengths.symbols_samples[static_cast<std::size_t>(symbol)]) += length;
    sum += length;
  }
  return sum == total_samples ? std::optional(lengths) : std::nullopt;
}

SymbolLengths estimated_lengths(const PiperSentence& sentence, std::span<const float> samples) {
  const auto [begin, end] = heard(samples);
  // What ends the sentence is not heard.
  std::size_t sounding = sentence.symbols.size();
  while (sounding > 0 && sentence.symbols[sounding - 1].phone < 0) --sounding;
  double total = 0;
  for (std::size_t i = 0; i < sounding; ++i) total += expected_duration(sentence.symbols[i].value);

  SymbolLengths lengths{.begin_samples = begin};
  lengths.symbols_samples.resize(sentence.symbols.size());
  lengths.end_samples = static_cast<std::int64_t>(samples.size()) - end;
  double sum = 0;
  std::int64_t at = begin;
  for (std::size_t i = 0; i < sounding; ++i) {
    sum += expected_duration(sentence.symbols[i].value);
    const std::int64_t until =
        begin + std::llround(static_cast<double>(end - begin) * sum / std::max(total, 1e-9));
    lengths.symbols_samples[i] = until - at;
    at = until;
  }
  lengths.end_samples += end - at;
  return lengths;
}

}  // namespace vivavox

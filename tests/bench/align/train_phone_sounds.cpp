// Learns how people's phones sound from recordings with their texts.
// Usage: train_phone_sounds OUT < LIST; each line of LIST has, between tabs, an espeak voice,
// a file of 32-bit floats at 16 kHz, and the text.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>

#include "engine/align/sound_levels.h"
#include "engine/align/way.h"
#include "tests/bench/align/examples.h"

using namespace vivavox;

namespace {

/// Rarer phones are left to the reading.
constexpr double least_frames_of_part = 8;
constexpr float least_variance = 0.05F;

struct Example {
  std::string voice, file, text;
};

std::vector<Example> examples_from(std::istream& list) {
  std::vector<Example> examples;
  for (std::string line; std::getline(list, line);) {
    auto fields = fields_of(line);
    if (fields.size() == 3) {
      examples.push_back({std::move(fields[0]), std::move(fields[1]), std::move(fields[2])});
    }
  }
  return examples;
}

PhoneSounds learn(EspeakEngine& engine, const std::vector<Example>& examples,
                  const PhoneSounds& known) {
  std::map<std::string, std::array<Sums, parts_of_phone>> heard;
  for (const Example& example : examples) {
    const SpeechClause reading = read(engine, example.text, example.voice);
    const std::vector<float> samples = floats_of(example.file);
    if (reading.samples.empty() || samples.empty()) continue;
    const Features said(SoundLevels(samples, spectrum_hz).frames());
    const Chain chain = chain_of(reading.timeline);
    const SoundLevels levels(reading.samples, reading.timeline.sample_rate_hz);
    const Features spoken(levels.frames());
    SoundModel model = model_of_reading(chain, reading.timeline, spoken, known);
    model.pause = pause_of(said);
    const Way way = find_way(chain, model, said, Ending::known);
    for (std::size_t t = 0; t < way.states.size(); ++t) {
      const ChainState& state = chain.states[std::size_t(way.states[t])];
      if (state.phone < 0) continue;
      const Phone& phone = reading.timeline.phones[std::size_t(state.phone)];
      heard[phone.ipa][std::size_t(state.part)].add(said[t]);
    }
  }
  PhoneSounds sounds;
  for (const auto& [ipa, parts] : heard) {
    PhoneSound sound{.ipa = ipa, .parts = {}};
    bool is_known = true;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      is_known = is_known && parts[i].count() >= least_frames_of_part;
      sound.parts[i] = {parts[i].mean(), parts[i].variance()};
      for (float& variance : sound.parts[i].variance) {
        variance = std::max(least_variance, variance);
      }
    }
    if (is_known) sounds.push_back(std::move(sound));
  }
  return sounds;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto engine = EspeakEngine::open(VIVAVOX_ESPEAK_DATA);
  if (!engine) return 1;
  const std::vector<Example> examples = examples_from(std::cin);
  constexpr int rounds = 2;
  PhoneSounds sounds;
  for (int round = 0; round < rounds; ++round) sounds = learn(**engine, examples, sounds);
  const std::vector<std::uint8_t> bytes = to_bytes(sounds);
  std::ofstream out(argv[1], std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
  std::printf("%zu recordings, %zu phones, %zu bytes\n", examples.size(), sounds.size(),
              bytes.size());
  return out.good() ? 0 : 1;
}

// What the ear learns from: sound as it hears it, and what the mouth does that a Timeline of the
// words gives. Usage: ear_examples OUT < LIST; each line of LIST has, between tabs, `train` or
// `check`, an espeak voice, a file of 32-bit floats at 16 kHz (or `-`: the voice itself says it),
// how many times as fast it is played (which changes the voice, too), and the text. OUT: for each
// example `train` or `check` as 0 or 1 and its frames, each in four bytes; and of each frame of 10
// ms the levels, the mouth's channels and the viseme as floats.
#include <cstdio>
#include <fstream>
#include <iostream>

#include "engine/align/align.h"
#include "engine/face/coarticulation.h"
#include "engine/face/gestures.h"
#include "engine/face/sounds.h"
#include "engine/face/visemes.h"
#include "engine/listen/ear_levels.h"
#include "engine/media/wav.h"
#include "tests/bench/align/examples.h"

using namespace vivavox;

namespace {

/// Less likely texts are not what is said.
constexpr double least_confidence = 0.6;
constexpr std::size_t least_frames = 60;

/// A recording with its Timeline; nothing where the text is not what is said.
std::optional<SpeechClause> said(SpeechClause reading, const std::string& file) {
  if (file == "-") return reading;
  Recording recording{.sample_rate_hz = 16000, .samples = floats_of(file)};
  auto aligned = align(std::move(reading), recording);
  if (!aligned || aligned->confidence < least_confidence) return {};
  return SpeechClause{std::move(aligned->timeline), std::move(recording.samples)};
}

std::vector<EarLevels> levels_of(std::span<const float> samples, std::int32_t rate_hz) {
  EarLevelStream stream(rate_hz);
  std::vector<EarLevels> levels = stream.push(samples);
  const std::vector<EarLevels> last = stream.finish();
  levels.insert(levels.end(), last.begin(), last.end());
  return levels;
}

template <class Value>
void put(std::ostream& out, const Value& value) {
  out.write(reinterpret_cast<const char*>(&value), sizeof value);
}

void put_example(std::ostream& out, bool is_check, const SpeechClause& spoken, double speed) {
  const auto rate_hz = static_cast<std::int32_t>(spoken.timeline.sample_rate_hz * speed);
  const std::vector<EarLevels> levels = levels_of(spoken.samples, rate_hz);
  if (levels.size() < least_frames) return;
  put(out, static_cast<std::uint32_t>(is_check));
  put(out, static_cast<std::uint32_t>(levels.size()));
  const std::vector<Sound> all = sounds(spoken.timeline);
  const MouthTracks tracks = coarticulated(gestures(all));
  std::size_t sound = 0;
  for (std::size_t frame = 0; frame < levels.size(); ++frame) {
    const double at_s = (static_cast<double>(frame) + 0.5) * 0.01 * speed;
    put(out, levels[frame]);
    const Mouth mouth = tracks.at(at_s);
    for (std::size_t i = 0; i < heard_channel_count; ++i) {
      put(out, static_cast<float>(mouth[static_cast<Channel>(i)]));
    }
    while (sound < all.size() && all[sound].end_s <= at_s) ++sound;
    const bool sounds = sound < all.size() && all[sound].start_s <= at_s;
    const Viseme viseme = sounds ? viseme_of(all[sound].articulation) : Viseme::sil;
    put(out, static_cast<float>(viseme));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto engine = EspeakEngine::open(VIVAVOX_ESPEAK_DATA);
  if (!engine) return 1;
  std::ofstream out(argv[1], std::ios::binary);
  int used = 0, refused = 0;
  for (std::string line; std::getline(std::cin, line);) {
    const auto fields = fields_of(line);
    if (fields.size() != 5) return 2;
    SpeechClause reading = read(**engine, fields[4], fields[1]);
    if (reading.samples.empty()) continue;
    const auto spoken = said(std::move(reading), fields[2]);
    ++(spoken ? used : refused);
    if (spoken) put_example(out, fields[0] == "check", *spoken, std::stod(fields[3]));
  }
  std::fprintf(stderr, "%d recordings, %d refused\n", used, refused);
  return out.good() ? 0 : 1;
}

// What the engine adds to the model: the time from a text to its Timeline and
// samples with a Piper voice, against the bare model's for the same ids.
// usage: pipeline_bench MODEL.onnx    Prints one line of JSON; times are medians.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "engine/speech/piper_request.h"
#include "server/files.h"
#include "server/onnx_session.h"

namespace {

using namespace vivavox;
using Clock = std::chrono::steady_clock;

constexpr int rounds = 7;
constexpr const char* text =
    "A rainbow is caused by reflection, refraction and dispersion of light in water droplets. "
    "The quick brown fox jumps over the lazy dog. Please call Stella, and ask her to bring these "
    "things with her from the store.";
// Durations without noise: both sides then compute the same number of samples.
const SpeechOptions options{.noise_w = 0};

struct Measure {
  double seconds = 0;
  std::size_t samples = 0;
};

template <class Work>
Measure timed(Work work) {
  const auto start = Clock::now();
  const std::size_t samples = work();
  return {std::chrono::duration<double>(Clock::now() - start).count(), samples};
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

[[noreturn]] void stop(const Error& error) {
  std::fprintf(stderr, "pipeline_bench: %s\n", error.message.c_str());
  std::exit(1);
}

template <class T>
T must(Result<T> result) {
  if (!result) stop(result.error());
  return std::move(*result);
}

/// Speaks the text; keeps the inputs that the model got.
std::size_t speak(EspeakEngine& engine, const std::shared_ptr<const PiperConfig>& config,
                  const PiperSession& session, std::vector<PiperInput>& inputs) {
  inputs.clear();
  std::size_t samples = 0;
  auto request = must(PiperRequest::create(engine, config, text, options));
  while (auto input = must(request.next_input())) {
    const PiperOutput output = must(session.run(*input));
    samples += must(request.complete(output.samples, output.frames)).samples.size();
    inputs.push_back(std::move(*input));
  }
  return samples;
}

std::size_t run_bare(const PiperSession& session, const std::vector<PiperInput>& inputs) {
  std::size_t samples = 0;
  for (const PiperInput& input : inputs) samples += must(session.run(input)).samples.size();
  return samples;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("usage: pipeline_bench MODEL.onnx\n", stderr), 2;
  const std::string path = argv[1];
  const auto engine = must(EspeakEngine::open(VIVAVOX_ESPEAK_DATA));
  const auto config = std::make_shared<const PiperConfig>(
      must(piper_config_from_json(must(read_text_file(path + ".json")))));
  const PiperSession session = must(PiperSession::open(must(read_file(path)), 1));
  std::vector<PiperInput> inputs;
  speak(*engine, config, session, inputs);  // warm
  std::vector<double> ratios;
  std::vector<double> per_sound_second;
  for (int round = 0; round < rounds; ++round) {
    const Measure whole = timed([&] { return speak(*engine, config, session, inputs); });
    const Measure bare = timed([&] { return run_bare(session, inputs); });
    if (whole.samples != bare.samples) return std::fputs("the samples differ\n", stderr), 1;
    ratios.push_back(whole.seconds / bare.seconds);
    per_sound_second.push_back(bare.seconds * config->sample_rate_hz /
                               static_cast<double>(bare.samples));
  }
  std::printf("{\"bench\":\"pipeline\",\"ratio_to_bare_model\":%.4f,\"model_s_per_s\":%.4f}\n",
              median(ratios), median(per_sound_second));
}

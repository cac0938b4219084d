#include "server/command_phonemize.h"

#include <boost/json.hpp>
#include <iostream>

#include "engine/speech/input_text.h"
#include "engine/text/nfd.h"
#include "server/command.h"
#include "server/files.h"
#include "server/installation.h"

namespace vivavox {

namespace json = boost::json;

namespace {

struct PhonemizeOptions {
  std::string voice;
  std::string piper_config;
};

constexpr std::string_view usual_voice = "espeak:en-us";
constexpr std::size_t max_config_bytes = 16 << 20;

/// Piper's settings, or for espeak-ng alone the same without ids.
Result<PiperConfig> read_config(const PhonemizeOptions& options) {
  PiperConfig config;
  if (!options.piper_config.empty()) {
    const auto text = read_text_file(options.piper_config, max_config_bytes);
    if (!text) return std::unexpected(text.error());
    auto read = piper_config_from_json(*text);
    if (!read) return read;
    config = std::move(*read);
  }
  if (options.voice.empty() && !options.piper_config.empty()) return config;
  const auto voice = find_voice(options.voice.empty() ? usual_voice : options.voice);
  if (!voice) return std::unexpected(voice.error());
  config.espeak_voice = *voice;
  return config;
}

Result<void> phonemize_lines(const PhonemizeOptions& options) {
  const auto config = read_config(options);
  if (!config) return std::unexpected(config.error());
  const auto engine = EspeakEngine::open(installation().espeak_data);
  if (!engine) return std::unexpected(engine.error());
  std::u32string unknown;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.empty()) continue;
    const auto out = phonemize(**engine, *config, line, unknown);
    if (!out) return std::unexpected(out.error());
    std::cout << *out << '\n' << std::flush;
  }
  for (const char32_t symbol : unknown) {
    std::cerr << "vivavox: the voice has no id for \"" << to_utf8(symbol) << "\": left out\n";
  }
  return {};
}

}  // namespace

Result<std::string> phonemize(EspeakEngine& engine, const PiperConfig& config,
                              const std::string& line, std::u32string& unknown) {
  if (auto checked = check_text(line); !checked) return std::unexpected(checked.error());
  const std::string readable = without_controls(line);
  json::array phonemes;
  json::array ids;
  for (std::uint32_t at = 0;;) {
    const auto sentence = next_sentence(engine, config, readable, at);
    if (!sentence) return std::unexpected(sentence.error());
    const std::optional<PiperSentence>& found = *sentence;
    if (!found) break;
    at = found->end_bytes;
    const std::u32string symbols = found->symbol_values();
    for (const char32_t symbol : symbols) phonemes.emplace_back(to_utf8(symbol));
    if (config.phoneme_ids.empty()) continue;
    const PhonemeIds numbered = phoneme_ids(config, symbols);
    ids.insert(ids.end(), numbered.ids.begin(), numbered.ids.end());
    for (const char32_t symbol : numbered.unknown) {
      if (!unknown.contains(symbol)) unknown += symbol;
    }
  }
  json::object out = {{"text", line}, {"phonemes", std::move(phonemes)}};
  if (!config.phoneme_ids.empty()) out["phoneme_ids"] = std::move(ids);
  return json::serialize(out);
}

void add_phonemize_command(CLI::App& tool, int& status) {
  CLI::App* command =
      tool.add_subcommand("phonemize", "Read lines, print each line's phonemes as a line of JSON");
  const auto options = std::make_shared<PhonemizeOptions>();
  command->add_option("--voice", options->voice, "espeak:LANGUAGE (default espeak:en-us)");
  command->add_option("--piper", options->piper_config,
                      "a Piper voice's .onnx.json: its language and its phoneme ids");
  command->callback([options, &status] {
    const auto done = phonemize_lines(*options);
    if (!done) status = report(done.error());
  });
}

}  // namespace vivavox

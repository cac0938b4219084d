// Prints the Timeline of every clause of the sentences in tests/data/sentences.json,
// one line of JSON each, for comparison with what speech.wasm gives.
#include <boost/json.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "engine/speech/espeak_request.h"

using namespace vivavox;

namespace {

Result<void> print_clauses(EspeakEngine& engine, const std::string& text,
                           const std::string& voice) {
  auto request = EspeakRequest::create(engine, text, voice, {});
  if (!request) return std::unexpected(request.error());
  for (;;) {
    const auto clause = request->next();
    if (!clause) return std::unexpected(clause.error());
    const std::optional<SpeechClause>& spoken = *clause;
    if (!spoken) return {};
    std::puts(to_json(spoken->timeline).c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::ifstream file(argv[1]);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  const auto engine = EspeakEngine::open(VIVAVOX_ESPEAK_DATA);
  if (!engine) return 1;
  for (const auto& sentence : boost::json::parse(content).as_array()) {
    const auto printed = print_clauses(**engine, std::string(sentence.at("text").as_string()),
                                       std::string(sentence.at("voice").as_string()));
    if (!printed) {
      std::fprintf(stderr, "%s\n", printed.error().message.c_str());
      return 1;
    }
  }
}

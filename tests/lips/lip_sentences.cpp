#include "tests/lips/lip_sentences.h"

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "engine/speech/espeak_request.h"
#include "engine/speech/espeak_test_engine.h"

namespace vivavox {

std::vector<LipSentence> lip_sentences() {
  std::ifstream file(VIVAVOX_ROOT "/tests/data/lip_sentences.json");
  const auto document =
      boost::json::parse(std::string{std::istreambuf_iterator<char>(file), {}}).as_object();
  std::vector<LipSentence> result;
  for (const auto& language : document.at("languages").as_array()) {
    for (const auto& text : language.at("sentences").as_array()) {
      const auto half = result.size() % 2 == 0 ? SentenceHalf::tuning : SentenceHalf::reporting;
      result.push_back({.voice = std::string(language.at("voice").as_string()),
                        .text = std::string(text.as_string()),
                        .half = half});
    }
  }
  return result;
}

SpokenSentence speak(const LipSentence& sentence) {
  auto request = EspeakRequest::create(test_engine(), sentence.text, sentence.voice, {});
  if (!request) throw std::runtime_error(request.error().message);
  SpokenSentence spoken;
  for (bool first = true;; first = false) {
    auto clause = request->next();
    if (!clause) throw std::runtime_error(clause.error().message);
    if (!*clause) return spoken;
    if (first) {
      spoken.timeline = (*clause)->timeline;
    } else {
      append(spoken.timeline, (*clause)->timeline);
    }
    spoken.samples.insert(spoken.samples.end(), (*clause)->samples.begin(),
                          (*clause)->samples.end());
  }
}

}  // namespace vivavox

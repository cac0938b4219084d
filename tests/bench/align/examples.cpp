#include "tests/bench/align/examples.h"

#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

namespace vivavox {

std::vector<std::string> fields_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> fields;
  for (std::string field; std::getline(stream, field, '\t');) fields.push_back(field);
  return fields;
}

std::vector<float> floats_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
  std::vector<float> samples(bytes.size() / sizeof(float));
  std::memcpy(samples.data(), bytes.data(), samples.size() * sizeof(float));
  return samples;
}

SpeechClause read(EspeakEngine& engine, const std::string& text, const std::string& voice) {
  auto request = EspeakRequest::create(engine, text, voice, {});
  SpeechClause reading;
  while (request) {
    auto clause = request->next();
    if (!clause || !*clause) break;
    if (reading.samples.empty()) {
      reading = {std::move((*clause)->timeline), std::move((*clause)->samples)};
    } else {
      append(reading.timeline, (*clause)->timeline);
      reading.samples.insert(reading.samples.end(), (*clause)->samples.begin(),
                             (*clause)->samples.end());
    }
  }
  return reading;
}

}  // namespace vivavox

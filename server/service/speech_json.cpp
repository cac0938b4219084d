#include "server/service/speech_json.h"

#include <cmath>

#include "engine/face/visemes.h"
#include "engine/phonetics/arpabet.h"

namespace vivavox {

namespace json = boost::json;

namespace {

std::int64_t ms(double seconds) {
  return std::llround(seconds * 1000);
}

}  // namespace

double rounded_s(double seconds) {
  return std::round(seconds * 1e4) / 1e4;
}

std::string_view viseme_of_ipa(std::string_view ipa) {
  const Articulations parsed = parse_ipa(ipa);
  if (parsed.sequence.empty()) return name(Viseme::sil);
  const Articulation& first = parsed.sequence.front();
  const Articulation& last = parsed.sequence.back();
  return name(viseme_of(last.manner == Manner::fricative ? last : first));
}

std::vector<Phoneme> phoneme_rows(const Speech& speech) {
  const Timeline& timeline = speech.timeline;
  std::vector<Phoneme> rows;
  rows.reserve(timeline.phones.size());
  for (const Phone& phone : timeline.phones) {
    rows.push_back({.phoneme = std::string(arpabet(phone.ipa)),
                    .ipa = phone.ipa,
                    .start_ms = ms(rounded_s(timeline.seconds(phone.start_samples))),
                    .end_ms = ms(rounded_s(timeline.seconds(phone.end_samples))),
                    .viseme = std::string(viseme_of_ipa(phone.ipa)),
                    .confidence = speech.confidence});
  }
  return rows;
}

json::array phonemes_json(const Speech& speech) {
  const Timeline& timeline = speech.timeline;
  json::array list;
  list.reserve(timeline.phones.size());
  for (const Phone& phone : timeline.phones) {
    const double start_s = rounded_s(timeline.seconds(phone.start_samples));
    const double end_s = rounded_s(timeline.seconds(phone.end_samples));
    list.push_back({{"phoneme", arpabet(phone.ipa)},
                    {"ipa", phone.ipa},
                    {"start", start_s},
                    {"end", end_s},
                    {"start_ms", ms(start_s)},
                    {"end_ms", ms(end_s)},
                    {"t", start_s},
                    {"viseme", viseme_of_ipa(phone.ipa)},
                    {"confidence", speech.confidence}});
  }
  return list;
}

json::array visemes_json(const Timeline& timeline) {
  json::array list;
  std::string_view last;
  for (const Phone& phone : timeline.phones) {
    const std::string_view viseme = viseme_of_ipa(phone.ipa);
    const double end_s = rounded_s(timeline.seconds(phone.end_samples));
    if (!list.empty() && viseme == last) {
      list.back().as_object()["end"] = end_s;
      continue;
    }
    list.push_back({{"viseme", viseme},
                    {"start", rounded_s(timeline.seconds(phone.start_samples))},
                    {"end", end_s}});
    last = viseme;
  }
  return list;
}

json::array words_json(const Timeline& timeline) {
  json::array list;
  for (const Word& word : timeline.words) {
    list.push_back(
        {{"text", timeline.text.substr(word.begin_bytes, word.end_bytes - word.begin_bytes)},
         {"start", rounded_s(timeline.seconds(word.start_samples))},
         {"end", rounded_s(timeline.seconds(word.end_samples))}});
  }
  return list;
}

}  // namespace vivavox

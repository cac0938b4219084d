#include "engine/speech/phone_track.h"

#include <string_view>

namespace vivavox {

bool is_modifier(std::string_view ipa) {
  return ipa.size() >= 2 && ipa.substr(0, 2) >= "\xCA\xB0" && ipa.substr(0, 2) <= "\xCD\xAF";
}

void append_phone(std::vector<Phone>& phones, const Phone& phone) {
  const bool is_pause = phone.ipa.empty();
  if (!phones.empty()) {
    Phone& last = phones.back();
    if (is_pause == last.ipa.empty() && (is_pause || is_modifier(phone.ipa))) {
      last.ipa += phone.ipa;
      last.end_samples = phone.end_samples;
      return;
    }
  }
  if (phone.end_samples > phone.start_samples) phones.push_back(phone);
}

void time_words(Timeline& timeline) {
  for (Word& word : timeline.words) word.start_samples = word.end_samples = -1;
  for (const Phone& phone : timeline.phones) {
    if (phone.word < 0) continue;
    Word& word = timeline.words[static_cast<std::size_t>(phone.word)];
    if (word.start_samples < 0) word.start_samples = phone.start_samples;
    word.end_samples = phone.end_samples;
  }
  std::int64_t end = 0;
  for (Word& word : timeline.words) {
    if (word.start_samples < 0) word.start_samples = word.end_samples = end;
    end = word.end_samples;
  }
}

}  // namespace vivavox

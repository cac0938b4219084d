#include "engine/timeline/timeline.h"

namespace vivavox {

void append(Timeline& timeline, const Timeline& clause) {
  const auto first_word = static_cast<std::int32_t>(timeline.words.size());
  const std::int64_t shift = timeline.length_samples;
  std::uint32_t text_shift = 0;
  if (clause.text != timeline.text) {
    text_shift = static_cast<std::uint32_t>(timeline.text.size());
    timeline.text += clause.text;
  }
  for (Word word : clause.words) {
    word.begin_bytes += text_shift;
    word.end_bytes += text_shift;
    word.start_samples += shift;
    word.end_samples += shift;
    timeline.words.push_back(word);
  }
  for (Phone phone : clause.phones) {
    phone.start_samples += shift;
    phone.end_samples += shift;
    if (phone.word >= 0) phone.word += first_word;
    timeline.phones.push_back(std::move(phone));
  }
  for (const auto& [at_samples, mouth] : clause.mouth) {
    timeline.mouth.push_back({at_samples + shift, mouth});
  }
  timeline.length_samples += clause.length_samples;
  if (clause.timing == Timing::estimated) timeline.timing = Timing::estimated;
}

}  // namespace vivavox

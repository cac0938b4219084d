#include "server/recorded_speech.h"

#include "engine/listen/listener.h"
#include "server/recording_file.h"

namespace vivavox {

Result<Alignment> align_text(Speaker& speaker, const std::string& text, const std::string& voice,
                             SoundLevels said) {
  // Of two hours of reading only what alignment hears is kept.
  Timeline reading;
  std::optional<SoundLevels> read;
  const auto spoken = speaker.speak_clauses(text, voice, {}, [&](SpeechClause clause) {
    if (!read) read.emplace(clause.timeline.sample_rate_hz);
    read->push(clause.samples);
    if (reading.text.empty()) {
      reading = std::move(clause.timeline);
    } else {
      append(reading, clause.timeline);
    }
    return true;
  });
  if (!spoken) return std::unexpected(spoken.error());
  if (!read) read.emplace(reading.sample_rate_hz);
  read->finish();
  return align(reading, *std::move(read), std::move(said));
}

Result<Speech> recorded_speech(const RecordedText& recorded) {
  const auto& [file, text, voice, espeak_data] = recorded;
  const Deadline patient("", std::chrono::hours(24), {});
  const bool is_known = !text.empty();
  auto recording = read_recording(file, is_known ? longest_aligned_s : longest_heard_s, patient);
  if (!recording) return fail(recording.error().code, file + ": " + recording.error().message);
  if (!is_known) {
    auto heard = heard_timeline(*recording);
    if (!heard) return std::unexpected(heard.error());
    return Speech{*std::move(heard), std::move(recording->samples), 0};
  }
  auto speaker = Speaker::open(espeak_data);
  if (!speaker) return std::unexpected(speaker.error());
  auto aligned =
      align_text(*speaker, text, voice, SoundLevels(recording->samples, recording->sample_rate_hz));
  if (!aligned) return std::unexpected(aligned.error());
  return Speech{std::move(aligned->timeline), std::move(recording->samples), aligned->confidence};
}

}  // namespace vivavox

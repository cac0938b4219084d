#include "server/recorded_speech.h"

#include "engine/listen/listener.h"
#include "server/recording_file.h"

namespace vivavox {

Result<Alignment> align_recording(const RecordedText& recorded) {
  auto speaker = Speaker::open(recorded.espeak_data);
  if (!speaker) return std::unexpected(speaker.error());
  const auto reading = speaker->clauses_of(recorded.text, recorded.voice, {});
  if (!reading) return std::unexpected(reading.error());
  std::optional<Aligner> aligner;
  Result<void> heard;
  // Of a recording of another text no more is read.
  const Deadline while_right("", std::chrono::hours(24),
                             [&] { return heard ? nullptr : "the text is another one"; });
  const auto hear = [&](std::span<const float> samples, std::int32_t sample_rate_hz) {
    if (!aligner) aligner.emplace(*reading, sample_rate_hz);
    if (heard) heard = aligner->push(samples);
  };
  const auto read = read_recording_pieces(recorded.file, longest_aligned_s, while_right, hear);
  if (!heard) return std::unexpected(heard.error());
  if (!read) return fail(read.error().code, recorded.file + ": " + read.error().message);
  return aligner->finish();
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
  const auto reading = speaker->clauses_of(text, voice, {});
  if (!reading) return std::unexpected(reading.error());
  auto aligned = align(*reading, *recording);
  if (!aligned) return std::unexpected(aligned.error());
  return Speech{std::move(aligned->timeline), std::move(recording->samples), aligned->confidence};
}

}  // namespace vivavox

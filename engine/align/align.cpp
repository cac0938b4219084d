#include "engine/align/align.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "engine/align/way.h"
#include "engine/align/window_cut.h"
#include "engine/prosody/delivery.h"

namespace vivavox {

namespace {

constexpr double least_confidence = 0.5;
/// Of the words; beyond, the text is another one.
constexpr double most_left_out = 0.4;

Result<void> check_length(const SoundLevels& sound) {
  const auto length = static_cast<double>(sound.length_samples());
  if (length > 0 && length <= longest_aligned_s * sound.sample_rate_hz()) return {};
  return fail(ErrorCode::invalid_audio, "a recording to align has up to " +
                                            std::to_string(static_cast<int>(longest_aligned_s)) +
                                            " s, and is not empty");
}

/// On one line.
std::string with_spaces(std::string text) {
  std::ranges::replace_if(text, [](char byte) { return byte == '\n' || byte == '\r'; }, ' ');
  return text;
}

/// The words between two moments as they are written, the middle of many left out.
std::string words_between(const Timeline& timeline, double from_s, double to_s) {
  constexpr std::size_t most_bytes = 60, kept_bytes = 24;
  const Word *first = nullptr, *last = nullptr;
  for (const Word& word : timeline.words) {
    const double start_s = timeline.seconds(word.start_samples);
    if (start_s < from_s || start_s >= to_s) continue;
    if (!first) first = &word;
    last = &word;
  }
  if (!first) return "";
  std::string text = timeline.text.substr(first->begin_bytes, last->end_bytes - first->begin_bytes);
  if (text.size() <= most_bytes) return text;
  const std::size_t head = text.rfind(' ', kept_bytes);
  const std::size_t tail = text.find(' ', text.size() - kept_bytes);
  if (head == text.npos || tail == text.npos || head >= tail) return text;
  return text.substr(0, head) + " …" + text.substr(tail);
}

/// With one decimal.
std::string in_tenths(double value) {
  const long tenths = std::lround(value * 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

/// The windows that a path ends in the last word of are too short of text.
bool reaches_end(const Chain& chain, std::span<const std::int32_t> path) {
  const auto last_groups = static_cast<std::int32_t>(chain.pauses.size()) - 2;
  return path.empty() || chain.states[std::size_t(path.back())].group >= last_groups;
}

/// A part of the text and the way of a window through it.
struct Found {
  Timeline reading;
  Chain chain;
  SoundModel model;
  Ending ending;
  Way way;
};

/// How the window goes through the next part of the text, so much of it as the window may say.
Result<Found> find_in(ReadingAhead& reading, const Features& said, bool is_last) {
  for (std::size_t ahead = said.size() * 3 / 2;; ahead *= 2) {
    if (auto read = reading.read_until(ahead); !read) return std::unexpected(read.error());
    const std::size_t phones = reading.phones_within(ahead);
    const bool is_rest = reading.is_over() && phones == reading.timeline().phones.size();
    Found found{.reading = first_part(reading.timeline(), phones),
                .chain = {},
                .model = {},
                .ending = is_last && is_rest ? Ending::known : Ending::open,
                .way = {}};
    found.chain = chain_of(found.reading);
    const Features read_sound = reading.features(phones);
    if (phones > 0 && read_sound.size() == 0) {
      return fail(ErrorCode::invalid_audio, "nothing can be heard in the reading");
    }
    found.model = model_of_reading(found.chain, found.reading, read_sound, phone_sounds());
    found.model.pause = pause_of(said);
    found.way = find_way(found.chain, found.model, said, found.ending);
    if (is_rest || !reaches_end(found.chain, found.way.states)) return found;
  }
}

constexpr double frame_s = double(hop_length_samples) / spectrum_hz;
/// What is aligned at once.
constexpr std::size_t window_frames = 30000;
/// The beginning of its share that may be left to the next window.
constexpr std::size_t cut_from_frame = window_frames * 2 / 3;

}  // namespace

Aligner::Aligner(ClauseSource reading, std::int32_t sample_rate_hz)
    : reading_(std::move(reading)), said_(sample_rate_hz) {
  found_.timeline.sample_rate_hz = sample_rate_hz;
}

Result<void> Aligner::push(std::span<const float> samples) {
  const auto piece_samples = static_cast<std::size_t>(60) * std::size_t(said_.sample_rate_hz());
  for (; !samples.empty(); samples = samples.subspan(std::min(piece_samples, samples.size()))) {
    said_.push(samples.first(std::min(piece_samples, samples.size())));
    while (said_.frames().size() >= window_frames) {
      if (auto aligned = align_window(window_frames, false); !aligned) return aligned;
      if (unlike_)
        return mismatch(double(unlike_->begin) * frame_s, double(unlike_->end) * frame_s);
    }
  }
  return {};
}

Result<Alignment> Aligner::finish() {
  said_.finish();
  if (auto checked = check_length(said_); !checked) return std::unexpected(checked.error());
  if (auto aligned = align_window(said_.frames().size(), true); !aligned) {
    return std::unexpected(aligned.error());
  }
  if (auto left = leave_rest_out(); !left) return std::unexpected(left.error());
  if (auto checked = check_whole(); !checked) return std::unexpected(checked.error());
  if (unlike_) return mismatch(double(unlike_->begin) * frame_s, double(unlike_->end) * frame_s);
  UsualVoice().describe(found_.timeline, said_.voice());
  found_.confidence = confidence_of(advantages_);
  return std::move(found_);
}

/// Settles the window, or its part before a pause.
Result<void> Aligner::align_window(std::size_t frames, bool is_last) {
  const Features said(said_.frames(), frames);
  loud_frames_ += said.loud_frames();
  if (is_last && loud_frames_ == 0) {
    return fail(ErrorCode::invalid_audio, "nothing can be heard in the recording");
  }
  const auto found = find_in(reading_, said, is_last);
  if (!found) return std::unexpected(found.error());
  const auto& [reading, chain, model, ending, way] = *found;
  std::optional<WindowCut> cut = WindowCut{frames, reading.phones.size()};
  if (!is_last) cut = cut_of(chain, reading, way.states, cut_from_frame);
  if (!is_last && !cut) cut = cut_of(chain, reading, way.states, 0);
  const double start_s = double(settled_frames_) * frame_s;
  if (!cut) return mismatch(start_s, start_s + double(frames) * frame_s);

  const auto path = std::span(way.states).first(cut->frame);
  const std::vector<float> all_gains = advantages(chain, model, said, way, ending);
  const auto gains = std::span(all_gains).first(cut->frame);
  advantages_.add(gains);
  if (const auto stretch = unlike_stretch(chain, path, gains)) {
    const auto settled = static_cast<std::size_t>(settled_frames_);
    unlike_ = Stretch{settled + stretch->begin, settled + stretch->end};
  }
  const FrameClock clock{said_.sample_rate_hz(), settled_frames_};
  take(placed(first_part(reading, cut->phone), chain, path, clock,
              is_last ? said_.length_samples() - found_.timeline.length_samples
                      : clock.samples_until(cut->frame)));
  reading_.drop(cut->phone);
  said_.drop_frames(cut->frame);
  settled_frames_ += static_cast<std::int64_t>(cut->frame);
  return {};
}

/// Words that the recording ends before.
Result<void> Aligner::leave_rest_out() {
  constexpr std::size_t enough_frames = 6000;
  while (true) {
    if (auto read = reading_.read_until(enough_frames); !read) return read;
    const Timeline& rest = reading_.timeline();
    if (reading_.is_over() && rest.words.empty()) return {};
    take(placed(rest, chain_of(rest), {}, {said_.sample_rate_hz(), settled_frames_}, 0));
    reading_.drop(rest.phones.size());
    if (auto checked = check_whole(); !checked) return checked;
  }
}

/// Appends what is settled.
void Aligner::take(Placement placement) {
  Timeline& whole = found_.timeline;
  const auto words = static_cast<std::int32_t>(whole.words.size());
  for (const std::int32_t word : placement.left_out) found_.left_out.push_back(words + word);
  for (const std::int32_t word : placement.repeated) found_.repeated.push_back(words + word);
  std::vector<Phone>& phones = placement.timeline.phones;
  // A pause that was cut is one.
  if (!whole.phones.empty() && !phones.empty() && whole.phones.back().ipa.empty() &&
      phones.front().ipa.empty()) {
    whole.phones.back().end_samples += phones.front().end_samples;
    phones.erase(phones.begin());
  }
  whole.text = placement.timeline.text;
  whole.voice = placement.timeline.voice;
  whole.language = placement.timeline.language;
  append(whole, placement.timeline);
}

Result<void> Aligner::check_whole() const {
  const auto left_out = static_cast<double>(found_.left_out.size());
  if (confidence_of(advantages_) >= least_confidence &&
      left_out <= most_left_out * static_cast<double>(found_.timeline.words.size())) {
    return {};
  }
  return mismatch(0, found_.timeline.duration_s());
}

std::unexpected<Error> Aligner::mismatch(double from_s, double to_s) const {
  const std::string words = with_spaces(words_between(found_.timeline, from_s, to_s));
  return fail(ErrorCode::text_mismatch, "the recording does not say the text from " +
                                            in_tenths(from_s) + " to " + in_tenths(to_s) + " s" +
                                            (words.empty() ? "" : " (\"" + words + "\")") +
                                            ": send what is said in it, or leave the text out");
}

Result<Alignment> align(ClauseSource reading, const Recording& said) {
  Aligner aligner(std::move(reading), said.sample_rate_hz);
  if (auto heard = aligner.push(said.samples); !heard) return std::unexpected(heard.error());
  return aligner.finish();
}

Result<Alignment> align(SpeechClause reading, const Recording& said) {
  std::optional<SpeechClause> clause(std::move(reading));
  return align([&] { return std::exchange(clause, std::nullopt); }, said);
}

}  // namespace vivavox

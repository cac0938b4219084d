#include "engine/face/performance.h"

#include <algorithm>
#include <cmath>

#include "engine/face/asymmetry.h"
#include "engine/face/gestures.h"
#include "engine/face/heard_mouth.h"
#include "engine/face/sounds.h"

namespace vivavox {

namespace {

constexpr double time_max_s = 1e7;

/// Further than this, no sound shapes the face.
constexpr double reach_s = 1;

double sane(double t_s) {
  return std::isnan(t_s) ? 0 : std::clamp(t_s, -time_max_s, time_max_s);
}

/// Where speech pauses from a time on: the moments that draw blinks.
void find_breaks_from(double from_s, const std::vector<Sound>& sounds,
                      std::vector<double>& breaks_s) {
  breaks_s.erase(std::ranges::lower_bound(breaks_s, from_s), breaks_s.end());
  for (std::size_t i = 0; i < sounds.size(); ++i) {
    const bool last = i + 1 == sounds.size();
    const bool pauses = last || sounds[i + 1].start_s - sounds[i].end_s >= rest_pause_s;
    if (pauses && sounds[i].end_s >= from_s) breaks_s.push_back(sounds[i].end_s);
  }
}

/// Takes the first phones off, and the words, text and moments that only they need.
void drop_phones(Timeline& timeline, std::size_t count) {
  auto& [text, voice, language, rate, length, timing, words, phones, mouth] = timeline;
  const std::int64_t from = count == 0 ? 0 : phones[count - 1].end_samples;
  mouth.erase(mouth.begin(), std::ranges::lower_bound(mouth, from, {}, &MouthMoment::at_samples));
  phones.erase(phones.begin(), phones.begin() + static_cast<std::ptrdiff_t>(count));
  const auto named =
      std::ranges::find_if(phones, [](const Phone& phone) { return phone.word >= 0; });
  const std::int32_t first =
      named == phones.end() ? static_cast<std::int32_t>(words.size()) : named->word;
  words.erase(words.begin(), words.begin() + first);
  for (Phone& phone : phones) {
    if (phone.word >= 0) phone.word -= first;
  }
  const std::uint32_t cut =
      words.empty() ? static_cast<std::uint32_t>(text.size()) : words.front().begin_bytes;
  text.erase(0, cut);
  for (Word& word : words) {
    word.begin_bytes -= cut;
    word.end_bytes -= cut;
  }
}

Rotation scaled(const Rotation& rotation, float factor) {
  return {rotation.pitch_rad * factor, rotation.yaw_rad * factor, rotation.roll_rad * factor};
}

Rotation sum(const Rotation& a, const Rotation& b) {
  return {a.pitch_rad + b.pitch_rad, a.yaw_rad + b.yaw_rad, a.roll_rad + b.roll_rad};
}

/// Head and neck share a movement; breath lifts the chest, so the neck rocks
/// and the head stays level.
void move_head(FacePose& pose, const Rotation& movement, double breath) {
  constexpr float neck_share = 0.35F;
  constexpr double breath_rad = 0.007;
  pose.head = scaled(movement, 1 - neck_share);
  pose.neck = scaled(movement, neck_share);
  pose.neck.pitch_rad -= static_cast<float>(breath_rad * breath);
  pose.head.pitch_rad += static_cast<float>(0.6 * breath_rad * breath);
  pose.breath = static_cast<float>(breath);
}

void raise_brows(BlendWeights& weights, double by) {
  using enum BlendShape;
  for (const BlendShape shape : {browInnerUp, browOuterUpLeft, browOuterUpRight}) {
    weights[shape] += static_cast<float>(by) * (1 - weights[shape]);
  }
}

/// A closing lid overrides what holds the eye open.
void close_lids(BlendWeights& weights, double closed) {
  using enum BlendShape;
  const auto open = static_cast<float>(1 - closed);
  for (const BlendShape shape : {eyeBlinkLeft, eyeBlinkRight}) {
    weights[shape] = 1 - (1 - weights[shape]) * open;
  }
  for (const BlendShape shape : {eyeWideLeft, eyeWideRight}) weights[shape] *= open;
}

}  // namespace

Result<Performance> Performance::create(Timeline timeline, PerformanceOptions options) {
  if (!std::isfinite(options.idle_start_s)) {
    return fail(ErrorCode::invalid_argument, "idle_start_s must be finite");
  }
  auto moods = MoodTrack::from(options.moods);
  if (!moods) return std::unexpected(moods.error());
  auto styles = StyleTrack::from(options.styles);
  if (!styles) return std::unexpected(styles.error());
  return Performance(std::move(timeline), std::move(options), *std::move(moods),
                     *std::move(styles));
}

Performance::Performance(Timeline timeline, PerformanceOptions options, MoodTrack moods,
                         StyleTrack styles)
    : timeline_(std::move(timeline)),
      options_(std::move(options)),
      moods_(std::move(moods)),
      styles_(std::move(styles)),
      blinks_(moods_.clock(&Temper::blinks_per_minute, options_.idle_start_s)),
      breaths_(moods_.clock(&Temper::breaths_per_minute, options_.idle_start_s)) {
  prepare_from(-time_max_s);
}

void Performance::append(const Timeline& clause) {
  const double join_s = duration_s();
  vivavox::append(timeline_, clause);
  prepare_from(join_s - reach_s);
}

void Performance::revise(const Timeline& known, double start_s, double from_s) {
  const auto samples = [&](double time_s) {
    return std::llround(sane(time_s) * timeline_.sample_rate_hz);
  };
  const double first_s = std::max(sane(start_s), sane(from_s));
  vivavox::revise(timeline_, known, samples(start_s), samples(first_s));
  prepare_from(first_s - reach_s);
}

void Performance::forget(double before_s) {
  const double unseen_s = std::min(sane(before_s), duration_s()) - reach_s;
  const std::size_t count = first_phone_at(timeline_, unseen_s - 2 * reach_s);
  forgotten_phones_ += static_cast<std::int64_t>(count);
  drop_phones(timeline_, count);
  mouth_.drop_before(unseen_s);
  heard_.drop_before(unseen_s);
  visemes_.drop_before(unseen_s);
  std::erase_if(accents_, [&](const Accent& accent) { return accent.at_s < unseen_s - reach_s; });
  std::erase_if(breaks_s_, [&](double break_s) { return break_s < unseen_s - reach_s; });
}

Result<void> Performance::set_mood(const MoodMark& mark) {
  if (auto added = moods_.add(mark); !added) return added;
  blinks_ = moods_.clock(&Temper::blinks_per_minute, options_.idle_start_s);
  breaths_ = moods_.clock(&Temper::breaths_per_minute, options_.idle_start_s);
  return {};
}

Result<void> Performance::set_style(const StyleMark& mark) {
  return styles_.add(mark);
}

void Performance::prepare_from(double from_s) {
  const std::vector<Sound> spoken = sounds(timeline_, from_s - reach_s);
  std::vector<Sound> moving = spoken;
  if (!timeline_.mouth.empty()) {
    std::erase_if(moving, [&](const Sound& sound) {
      return is_heard(timeline_, (sound.start_s + sound.end_s) / 2);
    });
  }
  mouth_.replace_from(from_s, coarticulated(gestures(moving)));
  heard_.replace_from(from_s, heard_tracks(timeline_, from_s - reach_s));
  visemes_.replace_from(from_s, VisemeTrack(spoken));
  find_accents_from(from_s, timeline_, options_.seed, forgotten_phones_, accents_);
  find_breaks_from(from_s, spoken, breaks_s_);
}

/// Where phones give way to what was heard, one fades as the other comes. What is heard varies of
/// itself.
Mouth Performance::mouth_at(double t_s) const {
  const SpeakingStyle style = styles_.at(t_s);
  Mouth mouth = styled(mouth_.at(t_s), varied(style, options_.seed, t_s));
  if (timeline_.mouth.empty()) return mouth;
  const Mouth heard = styled(heard_.at(t_s), style);
  for (std::size_t i = 0; i < channel_count; ++i) {
    const auto channel = static_cast<Channel>(i);
    mouth[channel] = std::max(mouth[channel], heard[channel]);
  }
  return mouth;
}

FacePose Performance::pose(double t_s, const Attention& attention) const {
  const double t = sane(t_s);
  return pose_of(mouth_at(t), t, attention);
}

FacePose Performance::pose_with(const Mouth& mouth, double t_s, const Attention& attention) const {
  const double t = sane(t_s);
  return pose_of(styled(mouth, styles_.at(t)), t, attention);
}

FacePose Performance::pose_of(const Mouth& mouth, double t, const Attention& attention) const {
  const double idle_s = t + options_.idle_start_s;
  const Temper temper = moods_.at(t);
  const Prosody accent = prosody(accents_, t);
  FacePose pose;
  pose.weights = shaped(mouth, temper.pose, static_cast<double>(temper.mouth_while_speaking));
  pose.tongue = tongue_of(mouth);
  make_uneven(pose.weights, options_.seed, idle_s);
  // Who opens the mouth wide moves the head with it.
  const auto vigour = static_cast<float>((1 + styles_.at(t).jaw) / 2);
  const Rotation sway = sum(head_sway(idle_s, options_.seed), scaled(accent.head, vigour));
  constexpr float head_follows = 0.45F;
  const Rotation turn = scaled(attention.direction, head_follows * attention.share);
  move_head(pose, sum(turn, sum(temper.head, scaled(sway, temper.head_motion))),
            breath(breaths_.phase(t)));
  // A glance goes on as it began when the mood changes in the middle of it.
  const Temper glancing = moods_.at(glance_slot_start_s(idle_s) - options_.idle_start_s);
  const Rotation wandering = gaze(idle_s, options_.seed, glancing);
  look(pose,
       sum(scaled(wandering, 1 - attention.share), scaled(attention.direction, attention.share)));
  raise_brows(pose.weights, accent.brows);
  close_lids(pose.weights, blink(t, options_.seed, blinks_, breaks_s_));
  return pose;
}

VisemeWeights Performance::visemes(double t_s) const {
  return visemes_.at(sane(t_s));
}

}  // namespace vivavox

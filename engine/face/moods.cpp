#include "engine/face/moods.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <stdexcept>

extern "C" {
extern const unsigned char vivavox_moods_json[];
extern const std::size_t vivavox_moods_json_size;
}

namespace vivavox {

namespace json = boost::json;

namespace {

float number(const json::object& object, std::string_view member) {
  return object.at(member).to_number<float>();
}

Temper read_temper(const json::object& mood) {
  Temper temper;
  for (const auto& [shape, weight] : mood.at("pose").as_object()) {
    const auto named = blend_shape_named(shape);
    if (!named) throw std::invalid_argument("moods.json names an unknown blend shape");
    temper.pose[*named] = weight.to_number<float>();
  }
  const json::object& head = mood.at("head").as_object();
  temper.head = {number(head, "pitch_rad"), number(head, "yaw_rad"), number(head, "roll_rad")};
  temper.mouth_while_speaking = number(mood, "mouth_while_speaking");
  temper.blinks_per_minute = number(mood, "blinks_per_minute");
  temper.breaths_per_minute = number(mood, "breaths_per_minute");
  const json::object& gaze = mood.at("gaze").as_object();
  temper.gaze_aversion = number(gaze, "aversion");
  temper.gaze_yaw_rad = number(gaze, "yaw_rad");
  temper.gaze_pitch_rad = number(gaze, "pitch_rad");
  temper.head_motion = number(mood, "head_motion");
  return temper;
}

std::vector<Mood> read_moods() {
  const json::value table = json::parse(json::string_view(
      reinterpret_cast<const char*>(vivavox_moods_json), vivavox_moods_json_size));
  std::vector<Mood> moods;
  for (const json::value& mood : table.at("moods").as_array()) {
    moods.push_back({std::string(mood.at("name").as_string()), read_temper(mood.as_object())});
  }
  return moods;
}

float mix(float a, float b, double share) {
  return static_cast<float>(static_cast<double>(a) + share * (static_cast<double>(b) - a));
}

Result<Temper> temper_of_mark(const MoodMark& mark) {
  if (!std::isfinite(mark.at_s)) {
    return fail(ErrorCode::invalid_argument, "the time of a mood mark must be finite");
  }
  if (!(mark.intensity >= 0 && mark.intensity <= 1)) {
    return fail(ErrorCode::invalid_argument, "the intensity of a mood must be between 0 and 1");
  }
  const auto temper = temper_of(mark.mood);
  if (!temper) return temper;
  return mixed(moods().front().temper, *temper, mark.intensity);
}

}  // namespace

std::span<const Mood> moods() {
  static const std::vector<Mood> table = read_moods();
  return table;
}

Result<Temper> temper_of(std::string_view mood) {
  const auto found = std::ranges::find(moods(), mood, &Mood::name);
  if (found != moods().end()) return found->temper;
  std::string known;
  for (const Mood& each : moods()) known += (known.empty() ? "" : ", ") + each.name;
  return fail(ErrorCode::invalid_argument,
              "unknown mood \"" + std::string(mood) + "\": choose one of " + known);
}

Temper mixed(const Temper& a, const Temper& b, double share) {
  Temper result;
  for (std::size_t i = 0; i < blend_shape_count; ++i) {
    result.pose.values()[i] = mix(a.pose.values()[i], b.pose.values()[i], share);
  }
  result.head = {mix(a.head.pitch_rad, b.head.pitch_rad, share),
                 mix(a.head.yaw_rad, b.head.yaw_rad, share),
                 mix(a.head.roll_rad, b.head.roll_rad, share)};
  for (float Temper::* member :
       {&Temper::mouth_while_speaking, &Temper::blinks_per_minute, &Temper::breaths_per_minute,
        &Temper::gaze_aversion, &Temper::gaze_yaw_rad, &Temper::gaze_pitch_rad,
        &Temper::head_motion}) {
    result.*member = mix(a.*member, b.*member, share);
  }
  return result;
}

Result<MoodTrack> MoodTrack::from(std::span<const MoodMark> marks) {
  MoodTrack track;
  for (const MoodMark& mark : marks) {
    if (auto added = track.add(mark); !added) return std::unexpected(added.error());
  }
  track.tempers_.begin_at_0();
  return track;
}

Result<void> MoodTrack::add(const MoodMark& mark) {
  auto temper = temper_of_mark(mark);
  if (!temper) return std::unexpected(temper.error());
  tempers_.add(mark.at_s, *std::move(temper));
  return {};
}

MoodClock MoodTrack::clock(float Temper::* per_minute, double idle_start_s) const {
  constexpr double seconds_per_minute = 60;
  const auto per_s = [&](const Temper& temper) {
    return static_cast<double>(temper.*per_minute) / seconds_per_minute;
  };
  // Counted from 0, and begun before any mark.
  const auto steps = tempers_.steps();
  const double begin_s = steps.empty() ? 0 : std::min(0.0, steps.front().at_s);
  const double initial_per_s = per_s(tempers_.initial());
  std::vector<MoodClock::Segment> segments{
      {begin_s, (idle_start_s + begin_s) * initial_per_s, initial_per_s}};
  for (const auto& step : steps) {
    const MoodClock::Segment& last = segments.back();
    const double phase = last.phase + (step.at_s - last.at_s) * last.per_s;
    segments.push_back({step.at_s, phase, per_s(step.value)});
  }
  return MoodClock(std::move(segments));
}

double MoodClock::phase(double t_s) const {
  const auto next = std::ranges::upper_bound(segments_, t_s, {}, &Segment::at_s);
  const Segment& segment = next == segments_.begin() ? segments_.front() : *(next - 1);
  return segment.phase + (t_s - segment.at_s) * segment.per_s;
}

double MoodClock::time_s(double phase) const {
  const auto next = std::ranges::upper_bound(segments_, phase, {}, &Segment::phase);
  const Segment& segment = next == segments_.begin() ? segments_.front() : *(next - 1);
  return segment.at_s + (phase - segment.phase) / segment.per_s;
}

}  // namespace vivavox

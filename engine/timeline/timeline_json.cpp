// Timeline ⇄ JSON. Written by hand so that the bytes depend on nothing but the
// Timeline; read by Boost.JSON, with every member checked.
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <limits>

#include "engine/text/utf8.h"
#include "engine/timeline/timeline.h"

namespace vivavox {

namespace json = boost::json;

namespace {

constexpr std::int64_t microseconds_per_second = 1'000'000;
constexpr std::int32_t max_sample_rate_hz = 384'000;

std::string_view spelt(Stress stress) {
  switch (stress) {
    case Stress::none:
      return "none";
    case Stress::secondary:
      return "secondary";
    case Stress::primary:
      return "primary";
  }
  return "none";
}

std::string json_string(std::string_view text) {
  return json::serialize(json::string_view(text));
}

/// Seconds with six decimals, by integers alone.
std::string seconds(std::int64_t samples, std::int32_t rate_hz) {
  const std::int64_t us = (samples * microseconds_per_second + rate_hz / 2) / rate_hz;
  char buffer[32];
  const int length = std::snprintf(buffer, sizeof buffer, "%lld.%06lld",
                                   static_cast<long long>(us / microseconds_per_second),
                                   static_cast<long long>(us % microseconds_per_second));
  return {buffer, static_cast<std::size_t>(length)};
}

/// Byte offsets of a text to UTF-16 offsets and back, walking forward once.
class Utf16Offsets {
 public:
  explicit Utf16Offsets(std::string_view text) : text_(text) {}

  std::size_t at_byte(std::size_t offset_bytes) {
    if (offset_bytes < bytes_) bytes_ = units_ = 0;
    units_ += utf16_length(text_.substr(bytes_, offset_bytes - bytes_));
    bytes_ = offset_bytes;
    return units_;
  }

  std::optional<std::size_t> byte_at(std::size_t offset_units) {
    if (offset_units < units_) bytes_ = units_ = 0;
    while (units_ < offset_units && bytes_ < text_.size()) {
      const std::size_t length = decode_utf8(text_, bytes_).length_bytes;
      units_ += length == 4 ? 2 : 1;
      bytes_ += length;
    }
    return units_ == offset_units ? std::optional(bytes_) : std::nullopt;
  }

 private:
  std::string_view text_;
  std::size_t bytes_ = 0;
  std::size_t units_ = 0;
};

std::string words_json(const Timeline& timeline) {
  Utf16Offsets offsets(timeline.text);
  std::string out;
  for (const Word& word : timeline.words) {
    if (!out.empty()) out += ',';
    const std::string text =
        timeline.text.substr(word.begin_bytes, word.end_bytes - word.begin_bytes);
    out += "{\"text\":" + json_string(text);
    out += ",\"begin\":" + std::to_string(offsets.at_byte(word.begin_bytes));
    out += ",\"end\":" + std::to_string(offsets.at_byte(word.end_bytes));
    out += ",\"start_s\":" + seconds(word.start_samples, timeline.sample_rate_hz);
    out += ",\"end_s\":" + seconds(word.end_samples, timeline.sample_rate_hz) + "}";
  }
  return out;
}

std::string phones_json(const Timeline& timeline) {
  std::string out;
  for (const Phone& phone : timeline.phones) {
    if (!out.empty()) out += ',';
    out += "{\"ipa\":" + json_string(phone.ipa);
    out += ",\"stress\":\"" + std::string(spelt(phone.stress)) + "\"";
    out += ",\"word\":" + std::to_string(phone.word);
    out += ",\"start_s\":" + seconds(phone.start_samples, timeline.sample_rate_hz);
    out += ",\"end_s\":" + seconds(phone.end_samples, timeline.sample_rate_hz);
    const auto [loudness_db, pitch_cents] = phone.delivery;
    if (loudness_db != 0) out += ",\"loudness_db\":" + std::to_string(loudness_db);
    if (pitch_cents != 0) out += ",\"pitch_cents\":" + std::to_string(pitch_cents);
    out += '}';
  }
  return out;
}

constexpr double steps_of_channel = 100;

std::string mouth_json(const Timeline& timeline) {
  std::string out;
  for (const auto& [at_samples, mouth] : timeline.mouth) {
    if (!out.empty()) out += ',';
    out += "[" + seconds(at_samples, timeline.sample_rate_hz);
    for (std::size_t i = 0; i < heard_channel_count; ++i) {
      const double value = std::clamp(mouth[static_cast<Channel>(i)], 0.0, 1.0);
      out += "," + std::to_string(std::lround(value * steps_of_channel));
    }
    out += ']';
  }
  return out;
}

/// Thrown and caught within this file: carries the message of the first fault.
struct Fault {
  std::string message;
};

const json::value& member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (!value) throw Fault{"member \"" + std::string(name) + "\" is missing"};
  return *value;
}

std::string text_member(const json::object& object, std::string_view name) {
  const json::value& value = member(object, name);
  if (!value.is_string()) throw Fault{"\"" + std::string(name) + "\" must be a string"};
  return std::string(value.get_string());
}

double number_member(const json::object& object, std::string_view name, double low, double high) {
  const json::value& value = member(object, name);
  if (!value.is_number()) throw Fault{"\"" + std::string(name) + "\" must be a number"};
  const auto number = value.to_number<double>();
  if (!(number >= low && number <= high)) {
    throw Fault{"\"" + std::string(name) + "\" is out of range"};
  }
  return number;
}

const json::array& array_member(const json::object& object, std::string_view name) {
  const json::value& value = member(object, name);
  if (!value.is_array()) throw Fault{"\"" + std::string(name) + "\" must be an array"};
  return value.get_array();
}

const json::object& as_object(const json::value& value, std::string_view what) {
  if (!value.is_object()) throw Fault{std::string(what) + " must be an object"};
  return value.get_object();
}

constexpr double max_duration_s = 1e6;

std::int64_t time_member(const json::object& object, std::string_view name, std::int32_t rate_hz) {
  return std::llround(number_member(object, name, 0, max_duration_s) * rate_hz);
}

Stress stress_member(const json::object& object) {
  const std::string text = text_member(object, "stress");
  for (const Stress stress : {Stress::none, Stress::secondary, Stress::primary}) {
    if (text == spelt(stress)) return stress;
  }
  throw Fault{"\"stress\" must be none, secondary or primary"};
}

Word read_word(const json::object& object, const Timeline& timeline, Utf16Offsets& offsets) {
  const double units_max = static_cast<double>(timeline.text.size());
  const auto begin =
      offsets.byte_at(static_cast<std::size_t>(number_member(object, "begin", 0, units_max)));
  const auto end =
      offsets.byte_at(static_cast<std::size_t>(number_member(object, "end", 0, units_max)));
  if (!begin || !end || *begin > *end) throw Fault{"a word's begin and end are not in the text"};
  return {static_cast<std::uint32_t>(*begin), static_cast<std::uint32_t>(*end),
          time_member(object, "start_s", timeline.sample_rate_hz),
          time_member(object, "end_s", timeline.sample_rate_hz)};
}

/// A number that may be left out: 0 then.
std::int16_t rounded_member(const json::object& object, std::string_view name, double most) {
  if (!object.contains(name)) return 0;
  return static_cast<std::int16_t>(std::lround(number_member(object, name, -most, most)));
}

Delivery read_delivery(const json::object& object) {
  constexpr double loudest_db = 200, highest_cents = 12'000;
  return {rounded_member(object, "loudness_db", loudest_db),
          rounded_member(object, "pitch_cents", highest_cents)};
}

Phone read_phone(const json::object& object, const Timeline& timeline) {
  Phone phone;
  phone.ipa = text_member(object, "ipa");
  phone.stress = stress_member(object);
  phone.word = static_cast<std::int32_t>(
      number_member(object, "word", -1, static_cast<double>(timeline.words.size()) - 1));
  phone.start_samples = time_member(object, "start_s", timeline.sample_rate_hz);
  phone.end_samples = time_member(object, "end_s", timeline.sample_rate_hz);
  if (phone.end_samples < phone.start_samples) throw Fault{"a phone ends before it starts"};
  phone.delivery = read_delivery(object);
  return phone;
}

double number_in_row(const json::array& row, std::size_t index, double high) {
  const json::value& value = row[index];
  if (!value.is_number()) throw Fault{"a row of \"mouth\" must hold numbers"};
  const auto number = value.to_number<double>();
  if (!(number >= 0 && number <= high)) throw Fault{"a number of \"mouth\" is out of range"};
  return number;
}

MouthMoment read_moment(const json::value& value, std::int32_t rate_hz) {
  const json::array* row = value.if_array();
  if (!row || row->size() != 1 + heard_channel_count) {
    throw Fault{"a row of \"mouth\" must be a time and " + std::to_string(heard_channel_count) +
                " numbers"};
  }
  MouthMoment moment{.at_samples = std::llround(number_in_row(*row, 0, max_duration_s) * rate_hz),
                     .mouth = {}};
  for (std::size_t i = 0; i < heard_channel_count; ++i) {
    moment.mouth[static_cast<Channel>(i)] =
        number_in_row(*row, 1 + i, steps_of_channel) / steps_of_channel;
  }
  return moment;
}

std::vector<MouthMoment> read_mouth(const json::object& object, std::int32_t rate_hz) {
  std::vector<MouthMoment> mouth;
  if (!object.contains("mouth")) return mouth;
  for (const json::value& row : array_member(object, "mouth")) {
    mouth.push_back(read_moment(row, rate_hz));
    if (mouth.size() > 1 && mouth.back().at_samples <= mouth[mouth.size() - 2].at_samples) {
      throw Fault{"the rows of \"mouth\" must be in order of time"};
    }
  }
  return mouth;
}

Timeline read_timeline(const json::object& object) {
  Timeline timeline;
  timeline.text = text_member(object, "text");
  if (timeline.text.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw Fault{"\"text\" is too long"};
  }
  timeline.voice = text_member(object, "voice");
  timeline.language = text_member(object, "language");
  timeline.sample_rate_hz =
      static_cast<std::int32_t>(number_member(object, "sample_rate_hz", 1, max_sample_rate_hz));
  timeline.length_samples = time_member(object, "duration_s", timeline.sample_rate_hz);
  const std::string timing = text_member(object, "timing");
  if (timing != "exact" && timing != "estimated") {
    throw Fault{"\"timing\" must be exact or estimated"};
  }
  timeline.timing = timing == "exact" ? Timing::exact : Timing::estimated;
  Utf16Offsets offsets(timeline.text);
  for (const json::value& word : array_member(object, "words")) {
    timeline.words.push_back(read_word(as_object(word, "a word"), timeline, offsets));
  }
  for (const json::value& phone : array_member(object, "phones")) {
    timeline.phones.push_back(read_phone(as_object(phone, "a phone"), timeline));
  }
  timeline.mouth = read_mouth(object, timeline.sample_rate_hz);
  return timeline;
}

}  // namespace

std::string to_json(const Timeline& timeline) {
  std::string out = "{\"text\":" + json_string(timeline.text);
  out += ",\"voice\":" + json_string(timeline.voice);
  out += ",\"language\":" + json_string(timeline.language);
  out += ",\"sample_rate_hz\":" + std::to_string(timeline.sample_rate_hz);
  out += ",\"duration_s\":" + seconds(timeline.length_samples, timeline.sample_rate_hz);
  out += timeline.timing == Timing::exact ? ",\"timing\":\"exact\"" : ",\"timing\":\"estimated\"";
  out += ",\"words\":[" + words_json(timeline) + "]";
  out += ",\"phones\":[" + phones_json(timeline) + "]";
  if (!timeline.mouth.empty()) out += ",\"mouth\":[" + mouth_json(timeline) + "]";
  return out + "}";
}

Result<Timeline> timeline_from_json(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error) return fail(ErrorCode::invalid_json, "the Timeline is not JSON: " + error.message());
  try {
    return read_timeline(as_object(value, "a Timeline"));
  } catch (const Fault& fault) {
    return fail(ErrorCode::invalid_json, "not a Timeline: " + fault.message);
  }
}

}  // namespace vivavox

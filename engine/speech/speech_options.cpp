#include <array>
#include <boost/json.hpp>
#include <string>

#include "engine/speech/speech.h"

namespace vivavox {

namespace json = boost::json;

namespace {

/// A member's range and where its value goes.
struct Option {
  std::string_view name;
  double low;
  double high;
  void (*set)(SpeechOptions&, double);
};

constexpr std::int32_t max_speaker = 1'000'000;

constexpr std::array options_table = {
    Option{"rate", 0.5, 2, [](SpeechOptions& o, double v) { o.rate = v; }},
    Option{"pitch", 0.5, 2, [](SpeechOptions& o, double v) { o.pitch = v; }},
    Option{"speaker", 0, max_speaker,
           [](SpeechOptions& o, double v) { o.speaker = static_cast<std::int32_t>(v); }},
    Option{"lengthScale", 0.1, 10, [](SpeechOptions& o, double v) { o.length_scale = v; }},
    Option{"noiseScale", 0, 10, [](SpeechOptions& o, double v) { o.noise_scale = v; }},
    Option{"noiseW", 0, 10, [](SpeechOptions& o, double v) { o.noise_w = v; }},
};

std::string plain(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

Result<SpeechOptions> speech_options_from_json(std::string_view text) {
  SpeechOptions options;
  if (text.empty()) return options;
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object()) {
    return fail(ErrorCode::invalid_argument, "the speech options are not a JSON object");
  }
  for (const Option& option : options_table) {
    const json::value* member = value.get_object().if_contains(option.name);
    if (!member || member->is_null()) continue;
    const double number = member->is_number() ? member->to_number<double>() : option.low - 1;
    if (!(number >= option.low && number <= option.high)) {
      return fail(ErrorCode::invalid_argument, "the speech option \"" + std::string(option.name) +
                                                   "\" must be a number from " + plain(option.low) +
                                                   " to " + plain(option.high));
    }
    option.set(options, number);
  }
  return options;
}

}  // namespace vivavox

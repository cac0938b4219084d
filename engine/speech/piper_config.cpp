#include "engine/speech/piper_config.h"

#include <algorithm>
#include <boost/json.hpp>

#include "engine/text/nfd.h"

namespace vivavox {

namespace json = boost::json;

namespace {

constexpr char32_t pad_symbol = U'_';
constexpr char32_t begin_symbol = U'^';
constexpr char32_t end_symbol = U'$';
constexpr std::int64_t max_id = 1'000'000;
constexpr double max_speakers = 1'000'000;

/// Thrown and caught within this file: carries the message of the first fault.
struct ConfigFault {
  std::string message;
};

const json::object& object_of(const json::value& value, std::string_view what) {
  if (!value.is_object()) throw ConfigFault{std::string(what) + " is not an object"};
  return value.get_object();
}

/// An object of the settings, or an empty one if it is left out.
const json::object& section(const json::object& settings, std::string_view name) {
  static const json::object empty;
  const json::value* value = settings.if_contains(name);
  return value && !value->is_null() ? object_of(*value, quoted(name)) : empty;
}

double number(const json::object& object, std::string_view name, double low, double high,
              double usual) {
  const json::value* value = object.if_contains(name);
  if (!value || value->is_null()) return usual;
  const double found = value->is_number() ? value->to_number<double>() : low - 1;
  if (!(found >= low && found <= high)) {
    throw ConfigFault{quoted(name) + " is not a number from " + std::to_string(low) + " to " +
                      std::to_string(high)};
  }
  return found;
}

std::int32_t whole_number(const json::object& object, std::string_view name, double low,
                          double high, double usual) {
  return static_cast<std::int32_t>(number(object, name, low, high, usual));
}

PhonemeType read_phoneme_type(const json::object& settings) {
  const json::value* value = settings.if_contains("phoneme_type");
  if (!value || value->is_null() || *value == "espeak") return PhonemeType::espeak;
  if (*value == "text") return PhonemeType::text;
  throw ConfigFault{"\"phoneme_type\" is " + json::serialize(*value) +
                    ", but only espeak and text can be spoken"};
}

EspeakVoice read_espeak_voice(const json::object& settings, PhonemeType type) {
  const json::value* value = section(settings, "espeak").if_contains("voice");
  // A voice of characters says nothing by espeak-ng, which only finds its clauses.
  if (!value && type == PhonemeType::text) return *find_espeak_voice("en-us");
  if (!value || !value->is_string()) throw ConfigFault{"\"espeak.voice\" is missing"};
  const Result<EspeakVoice> voice = find_espeak_voice(std::string_view(value->get_string()));
  if (!voice) throw ConfigFault{voice.error().message};
  return *voice;
}

std::vector<std::int64_t> read_ids(const json::value& value, std::string_view symbol) {
  std::vector<std::int64_t> ids;
  if (value.is_array()) {
    for (const json::value& id : value.get_array()) {
      if (!id.is_int64() || id.get_int64() < 0 || id.get_int64() > max_id) break;
      ids.push_back(id.get_int64());
    }
    if (ids.size() == value.get_array().size()) return ids;
  }
  throw ConfigFault{"\"phoneme_id_map\" has no list of ids for " + quoted(symbol)};
}

/// Symbols of several code points can never be looked up, and are left out.
std::map<char32_t, std::vector<std::int64_t>> read_phoneme_ids(const json::object& settings) {
  std::map<char32_t, std::vector<std::int64_t>> map;
  for (const auto& [symbol, value] : section(settings, "phoneme_id_map")) {
    const std::u32string decoded = code_points(symbol);
    if (decoded.size() == 1) map[decoded[0]] = read_ids(value, symbol);
  }
  for (const char32_t needed : {pad_symbol, begin_symbol, end_symbol}) {
    if (map[needed].empty())
      throw ConfigFault{"\"phoneme_id_map\" has no " + quoted(to_utf8(needed))};
  }
  return map;
}

std::map<char32_t, std::u32string> read_phoneme_map(const json::object& settings) {
  std::map<char32_t, std::u32string> map;
  for (const auto& [symbol, value] : section(settings, "phoneme_map")) {
    const std::u32string from = code_points(symbol);
    if (from.size() != 1 || !value.is_array()) throw ConfigFault{"\"phoneme_map\" maps no symbols"};
    std::u32string& to = map[from[0]];
    for (const json::value& part : value.get_array()) {
      if (!part.is_string()) throw ConfigFault{"\"phoneme_map\" maps to what is no symbol"};
      to += code_points(part.get_string());
    }
  }
  return map;
}

std::map<std::string, std::int32_t> read_speakers(const json::object& settings,
                                                  std::int32_t num_speakers) {
  std::map<std::string, std::int32_t> speakers;
  const json::object& names = section(settings, "speaker_id_map");
  for (const auto& [name, value] : names) {
    speakers[name] = whole_number(names, name, 0, num_speakers - 1, 0);
  }
  return speakers;
}

PiperConfig read_config(const json::object& settings) {
  PiperConfig config;
  const json::object& audio = section(settings, "audio");
  const json::object& inference = section(settings, "inference");
  config.sample_rate_hz = whole_number(audio, "sample_rate", 8000, 192'000, config.sample_rate_hz);
  config.hop_length_samples =
      whole_number(settings, "hop_length", 1, 65536, config.hop_length_samples);
  config.phoneme_type = read_phoneme_type(settings);
  config.espeak_voice = read_espeak_voice(settings, config.phoneme_type);
  config.phoneme_map = read_phoneme_map(settings);
  config.phoneme_ids = read_phoneme_ids(settings);
  config.num_speakers = whole_number(settings, "num_speakers", 1, max_speakers, 1);
  config.speakers = read_speakers(settings, config.num_speakers);
  config.noise_scale = number(inference, "noise_scale", 0, 10, config.noise_scale);
  config.length_scale = number(inference, "length_scale", 0.1, 10, config.length_scale);
  config.noise_w = number(inference, "noise_w", 0, 10, config.noise_w);
  return config;
}

class IdWriter {
 public:
  IdWriter(const PiperConfig& config, PhonemeIds& out) : config_(config), out_(out) {}

  void add(char32_t symbol, std::int32_t index, bool padded) {
    const auto found = config_.phoneme_ids.find(symbol);
    if (found == config_.phoneme_ids.end()) {
      if (!out_.unknown.contains(symbol)) out_.unknown += symbol;
      return;
    }
    for (const std::int64_t id : found->second) {
      push(id, index);
      if (!padded) continue;
      for (const std::int64_t pad : config_.phoneme_ids.at(pad_symbol)) push(pad, index);
    }
  }

 private:
  void push(std::int64_t id, std::int32_t index) {
    out_.ids.push_back(id);
    out_.symbol_of_id.push_back(index);
  }

  const PiperConfig& config_;
  PhonemeIds& out_;
};

}  // namespace

Result<PiperConfig> piper_config_from_json(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error) {
    return fail(ErrorCode::invalid_voice, "the voice's .onnx.json is not JSON: " + error.message());
  }
  try {
    return read_config(object_of(value, "it"));
  } catch (const ConfigFault& fault) {
    return fail(ErrorCode::invalid_voice,
                "the voice's .onnx.json cannot be used: " + fault.message);
  }
}

PhonemeIds phoneme_ids(const PiperConfig& config, std::u32string_view symbols) {
  PhonemeIds out;
  IdWriter writer(config, out);
  writer.add(begin_symbol, -1, true);
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const auto index = static_cast<std::int32_t>(i);
    const auto mapped = config.phoneme_map.find(symbols[i]);
    if (mapped == config.phoneme_map.end()) {
      writer.add(symbols[i], index, true);
    } else {
      for (const char32_t symbol : mapped->second) writer.add(symbol, index, true);
    }
  }
  writer.add(end_symbol, -2, false);
  return out;
}

}  // namespace vivavox

#include "server/service/phoneme_list.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/phonetics/arpabet.h"
#include "engine/phonetics/phone_durations.h"

namespace vivavox {

namespace json = boost::json;

namespace {

constexpr double longest_s = 600;

struct Named {
  std::vector<std::string> names;
  std::vector<std::pair<double, double>> spans_s;  ///< as many as names, or none
};

Result<Named> read_phonemes(const json::array& phonemes) {
  Named read;
  for (const json::value& one : phonemes) {
    const json::object* object = one.if_object();
    const json::value* name = object ? object->if_contains("phoneme") : &one;
    if (object && !name) name = object->if_contains("p");
    if (!name || !name->is_string()) {
      return fail(ErrorCode::invalid_argument,
                  "each of the phonemes is a name or an object with a \"phoneme\"");
    }
    read.names.emplace_back(name->as_string());
    const json::value* start = object ? object->if_contains("start") : nullptr;
    const json::value* end = object ? object->if_contains("end") : nullptr;
    if (start && end && start->is_number() && end->is_number()) {
      read.spans_s.emplace_back(start->to_number<double>(), end->to_number<double>());
    }
  }
  if (read.spans_s.size() != read.names.size()) read.spans_s.clear();
  return read;
}

std::vector<std::pair<double, double>> spread(const std::vector<std::string>& names,
                                              double duration_s) {
  double natural_s = 0;
  for (const std::string& name : names) natural_s += inherent_duration_s(name);
  std::vector<std::pair<double, double>> spans_s;
  double start_s = 0;
  for (const double end_s : spread_phones(names, duration_s > 0 ? duration_s : natural_s)) {
    spans_s.emplace_back(std::exchange(start_s, end_s), end_s);
  }
  return spans_s;
}

}  // namespace

Result<Timeline> timeline_of_phonemes(const json::array& phonemes, double duration_s,
                                      std::int32_t sample_rate_hz) {
  auto named = read_phonemes(phonemes);
  if (!named) return std::unexpected(named.error());
  if (named->spans_s.empty()) named->spans_s = spread(named->names, duration_s);
  Timeline timeline{.sample_rate_hz = sample_rate_hz, .timing = Timing::estimated};
  double at_s = 0;
  const auto add = [&](std::string ipa, double end_s) {
    timeline.phones.push_back({.ipa = std::move(ipa),
                               .start_samples = std::llround(at_s * sample_rate_hz),
                               .end_samples = std::llround(end_s * sample_rate_hz)});
    at_s = end_s;
  };
  for (std::size_t i = 0; i < named->names.size(); ++i) {
    const auto [start_s, end_s] = named->spans_s[i];
    if (!(start_s >= at_s - 1e-6 && end_s >= start_s && end_s <= longest_s)) {
      return fail(ErrorCode::invalid_argument,
                  "the phonemes' times must ascend, not overlap, and end within 600 s");
    }
    if (start_s > at_s) add("", start_s);
    add(std::string(ipa_of_phone(named->names[i])), std::max(end_s, at_s));
  }
  timeline.length_samples = std::llround(std::max(at_s, duration_s) * sample_rate_hz);
  return timeline;
}

}  // namespace vivavox

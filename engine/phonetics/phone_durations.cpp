#include "engine/phonetics/phone_durations.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "engine/phonetics/arpabet.h"
#include "engine/phonetics/articulation.h"

namespace vivavox {

namespace {

struct InherentDuration {
  std::string_view symbol;
  int ms;
};

constexpr std::array durations{
    InherentDuration{"AA", 240},  InherentDuration{"AE", 230},  InherentDuration{"AH", 140},
    InherentDuration{"AO", 240},  InherentDuration{"AW", 260},  InherentDuration{"AX", 120},
    InherentDuration{"AXR", 260}, InherentDuration{"AY", 250},  InherentDuration{"B", 85},
    InherentDuration{"CH", 70},   InherentDuration{"D", 75},    InherentDuration{"DH", 50},
    InherentDuration{"DX", 20},   InherentDuration{"EH", 150},  InherentDuration{"ER", 180},
    InherentDuration{"EY", 190},  InherentDuration{"F", 100},   InherentDuration{"G", 80},
    InherentDuration{"HH", 80},   InherentDuration{"IH", 135},  InherentDuration{"IX", 110},
    InherentDuration{"IY", 155},  InherentDuration{"JH", 70},   InherentDuration{"K", 80},
    InherentDuration{"L", 80},    InherentDuration{"M", 70},    InherentDuration{"N", 60},
    InherentDuration{"NG", 95},   InherentDuration{"OW", 220},  InherentDuration{"OY", 280},
    InherentDuration{"P", 90},    InherentDuration{"Q", 80},    InherentDuration{"R", 80},
    InherentDuration{"S", 105},   InherentDuration{"SH", 105},  InherentDuration{"T", 75},
    InherentDuration{"TH", 90},   InherentDuration{"UH", 160},  InherentDuration{"UW", 210},
    InherentDuration{"UX", 230},  InherentDuration{"V", 60},    InherentDuration{"W", 80},
    InherentDuration{"WH", 70},   InherentDuration{"Y", 80},    InherentDuration{"Z", 75},
    InherentDuration{"ZH", 70},   InherentDuration{"SIL", 200}, InherentDuration{"SP", 100},
    InherentDuration{"PAU", 200}};

constexpr double average_s = 0.12;
/// Unstressed vowels last about this part of stressed ones.
constexpr double unstressed_part = 0.7;

const InherentDuration* find(std::string_view symbol) {
  const auto found = std::ranges::find(durations, symbol, &InherentDuration::symbol);
  return found == durations.end() ? nullptr : &*found;
}

}  // namespace

double inherent_duration_s(std::string_view phone) {
  const bool has_digit = !phone.empty() && phone.back() >= '0' && phone.back() <= '2';
  std::string symbol(phone.substr(0, phone.size() - (has_digit ? 1 : 0)));
  std::ranges::transform(symbol, symbol.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  if (const InherentDuration* entry = find(symbol)) {
    const double stress_part = has_digit && phone.back() == '0' ? unstressed_part : 1;
    return stress_part * entry->ms / 1000;
  }
  const Articulations parsed = parse_ipa(phone);
  if (!parsed.understood || parsed.sequence.empty()) return average_s;
  const InherentDuration* nearest = find(arpabet(phone));
  return nearest ? nearest->ms / 1000.0 : average_s;
}

std::vector<double> spread_phones(std::span<const std::string> phones, double duration_s) {
  std::vector<double> ends_s(phones.size());
  std::ranges::transform(phones, ends_s.begin(), inherent_duration_s);
  std::partial_sum(ends_s.begin(), ends_s.end(), ends_s.begin());
  const double total_s = ends_s.empty() ? 1 : ends_s.back();
  for (double& end_s : ends_s) end_s *= duration_s / total_s;
  if (!ends_s.empty()) ends_s.back() = duration_s;
  return ends_s;
}

}  // namespace vivavox

#include "engine/face/accents.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/face/in_order.h"
#include "engine/face/random.h"
#include "engine/face/sounds.h"

namespace vivavox {

namespace {

constexpr double widest_s = 0.5;

double middle_s(const Timeline& timeline, const Phone& phone) {
  return timeline.seconds(phone.start_samples + phone.end_samples) / 2;
}

constexpr std::int16_t high_cents = 200;

/// How far a vowel stands out of the speech around it: 0 as most, 1 as few.
double emphasis(const Delivery& delivery) {
  constexpr double loud_db = 6, high = 400;
  return std::clamp(delivery.loudness_db / loud_db + std::max<int>(delivery.pitch_cents, 0) / high,
                    -1.0, 1.5);
}

/// Whether a phone may move head and brows: what is stressed, unless it was swallowed, and what is
/// emphasised though its word has no stress, or nobody knows the word.
bool is_accented(const Phone& phone) {
  constexpr double swallowed = -0.7, emphasised = 0.8;
  const double how_far = emphasis(phone.delivery);
  return phone.stress == Stress::primary ? how_far > swallowed : how_far >= emphasised;
}

double brows_of(const Delivery& delivery, double chance) {
  constexpr double brow_share = 0.3, rarely = 0.1, least = 0.12, most = 0.45, per_cent = 0.0004;
  if (delivery.pitch_cents >= high_cents) {
    return std::min(most, least + per_cent * (delivery.pitch_cents - high_cents));
  }
  const bool is_measured = delivery != Delivery{};
  return chance < (is_measured ? rarely : brow_share) ? 0.1 + 0.5 * chance : 0;
}

Accent stressed_accent(double at_s, const Delivery& delivery, std::uint32_t seed,
                       std::int64_t index) {
  Accent accent{.at_s = at_s, .width_s = 0.28};
  const double size = 1 + 0.6 * emphasis(delivery);
  accent.head.pitch_rad =
      static_cast<float>(size * uniform(seed, Stream::accent_nod, index, 0.01, 0.04));
  accent.head.yaw_rad =
      static_cast<float>(uniform(seed, Stream::accent_turn, index, -0.015, 0.015));
  accent.brows = brows_of(delivery, uniform(seed, Stream::accent_brow, index));
  return accent;
}

/// What may stand between a sentence's last word and its question mark: blanks (French),
/// what closes a quotation or a bracket, other marks.
constexpr std::array<std::string_view, 14> before_question_mark{
    " ", "\u00a0", "\u202f", "\u2009", "\"", "'", "”", "’", "»", "›", ")", "]", "!", "…"};

/// Whether a question mark follows the word.
bool asks(const Timeline& timeline, std::int32_t word) {
  if (word < 0 || static_cast<std::size_t>(word) >= timeline.words.size()) return false;
  std::string_view after =
      std::string_view(timeline.text)
          .substr(std::min<std::size_t>(timeline.words[static_cast<std::size_t>(word)].end_bytes,
                                        timeline.text.size()));
  const auto skipped = [&] {
    return std::ranges::find_if(before_question_mark,
                                [&](std::string_view mark) { return after.starts_with(mark); });
  };
  for (auto mark = skipped(); mark != before_question_mark.end(); mark = skipped()) {
    after.remove_prefix(mark->size());
  }
  for (const std::string_view mark : {"?", "؟", "？"}) {
    if (after.starts_with(mark)) return true;
  }
  return false;
}

/// Whether speech of which nobody knows the words ends as questions do.
bool rises(const Timeline& timeline, std::size_t last) {
  constexpr std::int16_t asking_cents = 350;
  constexpr std::size_t sounds_back = 4;
  if (!timeline.words.empty()) return false;
  const std::size_t from = last - std::min(last, sounds_back - 1);
  for (std::size_t i = last + 1; i-- > from;) {
    const std::int16_t cents = timeline.phones[i].delivery.pitch_cents;
    if (cents != 0) return cents >= asking_cents;
  }
  return false;
}

Accent clause_end_accent(const Timeline& timeline, std::size_t index) {
  const Phone& last = timeline.phones[index];
  Accent accent{
      .at_s = timeline.seconds(last.end_samples), .width_s = widest_s, .ends_clause = true};
  if (asks(timeline, last.word) || rises(timeline, index)) {
    accent.brows = 0.3;
    accent.head = {-0.02F, 0, 0.035F};
  } else {
    accent.head = {0.022F, 0, 0};
  }
  return accent;
}

/// Whether silence of some length, or nothing, follows the phone at `index`.
bool ends_clause(const Timeline& timeline, std::size_t index) {
  if (timeline.phones[index].ipa.empty()) return false;
  for (std::size_t next = index + 1; next < timeline.phones.size(); ++next) {
    const Phone& phone = timeline.phones[next];
    if (!phone.ipa.empty()) return false;
    if (timeline.seconds(phone.end_samples - phone.start_samples) >= rest_pause_s) return true;
  }
  return true;
}

}  // namespace

std::vector<Accent> accents(const Timeline& timeline, std::uint32_t seed) {
  std::vector<Accent> result;
  find_accents_from(-std::numeric_limits<double>::infinity(), timeline, seed, 0, result);
  return result;
}

void find_accents_from(double from_s, const Timeline& timeline, std::uint32_t seed,
                       std::int64_t first_phone, std::vector<Accent>& accents) {
  constexpr double spacing_s = 0.5;
  accents.erase(std::ranges::lower_bound(accents, from_s, {}, &Accent::at_s), accents.end());
  const auto kept = std::ssize(accents);
  const auto last =
      std::ranges::find(accents.rbegin(), accents.rend(), false, &Accent::ends_clause);
  double last_s = last == accents.rend() ? -spacing_s : last->at_s;
  for (std::size_t i = first_phone_at(timeline, from_s); i < timeline.phones.size(); ++i) {
    const Phone& phone = timeline.phones[i];
    const double at_s = middle_s(timeline, phone);
    if (is_accented(phone) && at_s >= from_s && at_s - last_s >= spacing_s) {
      accents.push_back(
          stressed_accent(at_s, phone.delivery, seed, first_phone + static_cast<std::int64_t>(i)));
      last_s = at_s;
    }
    if (ends_clause(timeline, i)) accents.push_back(clause_end_accent(timeline, i));
  }
  put_in_order(std::ranges::subrange(accents.begin() + kept, accents.end()), &Accent::at_s);
}

Prosody prosody(const std::vector<Accent>& accents, double t_s) {
  Prosody sum;
  auto accent = std::ranges::lower_bound(accents, t_s - widest_s, {}, &Accent::at_s);
  for (; accent != accents.end() && accent->at_s < t_s + widest_s; ++accent) {
    const double x = (t_s - accent->at_s) / accent->width_s;
    if (std::abs(x) >= 1) continue;
    const double swell = (1 - x * x) * (1 - x * x);
    const auto share = static_cast<float>(swell);
    sum.head.pitch_rad += share * accent->head.pitch_rad;
    sum.head.yaw_rad += share * accent->head.yaw_rad;
    sum.head.roll_rad += share * accent->head.roll_rad;
    sum.brows += swell * accent->brows;
  }
  return sum;
}

}  // namespace vivavox

#include "engine/align/path_search.h"

#include <algorithm>
#include <limits>

namespace vivavox {

namespace {

constexpr float never = -std::numeric_limits<float>::infinity();

// Logarithms of probabilities, on the scale of Fit.
constexpr float enter_pause = -6;
constexpr float skip_word = -25;
constexpr float repeat_words = -60;
constexpr float beam = 80;

/// As far back as a reader starts anew, in words.
constexpr std::int32_t most_repeated = 4;
/// Frames whose steps are kept before the older half is settled.
constexpr std::size_t most_kept = 12000;

/// How a state was reached; from `repeated` on: out of the pause so many words later.
enum Step : std::uint8_t { stayed, stepped, skipped, left_word_out, repeated };

/// What a frame's states came from.
struct Row {
  std::int32_t first = 0;
  std::vector<std::uint8_t> steps;
};

class Search {
 public:
  Search(const Chain& chain, std::size_t frames, const Fit& fit)
      : chain_(chain),
        frames_(frames),
        fit_(fit),
        scores_(chain.states.size(), never),
        fresh_(scores_) {}

  std::vector<std::int32_t> find(Ending ending) {
    start();
    for (frame_ = 1; frame_ < frames_; ++frame_) {
      advance();
      if (rows_.size() >= most_kept) settle(best_state(), rows_.size() / 2);
    }
    settle(ending == Ending::known ? final_state() : best_state(), rows_.size());
    return std::move(path_);
  }

 private:
  struct Best {
    float score = never;
    Step step = stayed;
  };

  float& at(std::vector<float>& scores, std::int32_t state) {
    return scores[static_cast<std::size_t>(state)];
  }

  const ChainState& of(std::int32_t state) const { return chain_.states[std::size_t(state)]; }

  void start() {
    for (const std::int32_t state : {0, 1}) {
      if (state >= std::ssize(chain_.states)) break;
      at(scores_, state) = fit_(0, state);
      last_ = state;
    }
    rows_.push_back({0, std::vector<std::uint8_t>(std::size_t(last_) + 1, stayed)});
    best_score_ = std::max(at(scores_, 0), at(scores_, last_));
  }

  void consider(Best& best, std::int32_t from, float cost, int step) {
    if (from < first_ || from > last_) return;
    const float score = at(scores_, from) + cost;
    if (score > best.score) {
      best.score = score;
      best.step = static_cast<Step>(step);
    }
  }

  Best reach_pause(std::int32_t state) {
    Best best;
    const std::int32_t group = of(state).group;
    consider(best, state, of(state).stay, stayed);
    consider(best, state - 1, enter_pause, stepped);
    if (group > 0) {
      consider(best, chain_.pauses[std::size_t(group) - 1], skip_word, left_word_out);
    }
    return best;
  }

  Best reach_part(std::int32_t state) {
    Best best;
    const ChainState& own = of(state);
    consider(best, state, own.stay, stayed);
    consider(best, state - 1, of(state - 1).leave, stepped);
    const bool is_first = chain_.is_pause(state - 1);
    if (state >= 2) {
      consider(best, state - 2, is_first ? of(state - 2).leave : of(state - 1).skip, skipped);
    }
    if (is_first) {
      for (std::int32_t k = 0; k < most_repeated; ++k) {
        const std::int32_t after = own.group + 1 + k;
        if (after >= std::ssize(chain_.pauses)) break;
        consider(best, chain_.pauses[std::size_t(after)], repeat_words, repeated + k);
      }
    }
    return best;
  }

  void advance() {
    const auto count = static_cast<std::int32_t>(chain_.states.size());
    // From a state, two further are reached, or the next pause by leaving a word out.
    std::int32_t from = first_, to = last_;
    for (std::int32_t state = last_; state < std::min(count, last_ + 3); ++state) to = state;
    const auto pause = std::ranges::upper_bound(chain_.pauses, last_);
    if (pause != chain_.pauses.end()) to = std::max(to, *pause);
    if (const auto before = std::ranges::lower_bound(chain_.pauses, from);
        before - chain_.pauses.begin() > most_repeated) {
      from = std::min(from, *(before - most_repeated));
    } else {
      from = 0;
    }
    Row row{from, std::vector<std::uint8_t>(std::size_t(to - from) + 1)};
    float best_score = never;
    for (std::int32_t state = from; state <= to; ++state) {
      Best best = chain_.is_pause(state) ? reach_pause(state) : reach_part(state);
      if (best.score > best_score_ - beam) {
        best.score += fit_(frame_, state);
        best_score = std::max(best_score, best.score);
      } else {
        best.score = never;
      }
      at(fresh_, state) = best.score;
      row.steps[std::size_t(state - from)] = best.step;
    }
    while (from < to && at(fresh_, from) <= best_score - beam) ++from;
    while (to > from && at(fresh_, to) <= best_score - beam) --to;
    row.steps.erase(row.steps.begin() + (to - row.first) + 1, row.steps.end());
    row.steps.erase(row.steps.begin(), row.steps.begin() + (from - row.first));
    row.first = from;
    row.steps.shrink_to_fit();
    rows_.push_back(std::move(row));
    std::swap(scores_, fresh_);
    first_ = from;
    last_ = to;
    best_score_ = best_score;
  }

  std::int32_t best_state() {
    std::int32_t best = first_;
    for (std::int32_t state = first_; state <= last_; ++state) {
      if (at(scores_, state) > at(scores_, best)) best = state;
    }
    return best;
  }

  /// The last pause or the state before it, the likelier one; where neither is followed,
  /// the recording ends before the text does.
  std::int32_t final_state() {
    const auto count = static_cast<std::int32_t>(chain_.states.size());
    Best best;
    std::int32_t found = -1;
    for (const std::int32_t state : {count - 1, count - 2}) {
      const float before = best.score;
      consider(best, state, 0, stayed);
      if (best.score > before) found = state;
    }
    return found >= 0 ? found : best_state();
  }

  std::int32_t before(std::int32_t state, std::uint8_t step) const {
    if (step < left_word_out) return state - step;
    const std::int32_t group = chain_.states[std::size_t(state)].group;
    if (step == left_word_out) return chain_.pauses[std::size_t(group) - 1];
    return chain_.pauses[std::size_t(group + 1 + step - repeated)];
  }

  /// Settles the first `count` of the frames that are kept, by the way to `end`.
  void settle(std::int32_t end, std::size_t count) {
    std::vector<std::int32_t> way(rows_.size());
    way.back() = end;
    for (std::size_t i = rows_.size() - 1; i > 0; --i) {
      const Row& row = rows_[i];
      way[i - 1] = before(way[i], row.steps[std::size_t(way[i] - row.first)]);
    }
    path_.insert(path_.end(), way.begin(), way.begin() + std::ptrdiff_t(count));
    if (count == rows_.size()) return;
    drop_others(way[count], count);
    // Small numbers keep their decimals.
    for (float& score : scores_) score -= best_score_;
    best_score_ = 0;
    rows_.erase(rows_.begin(), rows_.begin() + std::ptrdiff_t(count));
  }

  /// Ends all ways that are not in this state at the frame `at_row` of those kept.
  void drop_others(std::int32_t settled, std::size_t at_row) {
    std::vector<std::int32_t> origins(std::size_t(last_ - first_) + 1);
    for (std::int32_t state = first_; state <= last_; ++state) {
      if (at(scores_, state) == never) continue;
      std::int32_t origin = state;
      for (std::size_t i = rows_.size() - 1; i > at_row; --i) {
        origin = before(origin, rows_[i].steps[std::size_t(origin - rows_[i].first)]);
      }
      if (origin != settled) at(scores_, state) = never;
    }
  }

  const Chain& chain_;
  std::size_t frames_;
  const Fit& fit_;
  std::size_t frame_ = 0;
  std::vector<float> scores_, fresh_;
  std::int32_t first_ = 0, last_ = 0;  ///< states that are followed
  float best_score_ = never;
  std::vector<Row> rows_;
  std::vector<std::int32_t> path_;
};

}  // namespace

std::vector<std::int32_t> find_path(const Chain& chain, std::size_t frames, Ending ending,
                                    const Fit& fit) {
  if (frames == 0) return {};
  return Search(chain, frames, fit).find(ending);
}

}  // namespace vivavox

// How well lips follow sound alone: the ear against the lips of the same recording with its text.
// Usage: live_score < LIST; each line of LIST has, between tabs, an espeak voice, a file of 32-bit
// floats at 16 kHz, and the text. Prints JSON.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <iostream>

#include "engine/align/align.h"
#include "engine/face/coarticulation.h"
#include "engine/face/gestures.h"
#include "engine/face/mouth.h"
#include "engine/face/sounds.h"
#include "engine/listen/ear.h"
#include "engine/media/wav.h"
#include "tests/bench/align/examples.h"

using namespace vivavox;

namespace {

constexpr double step_s = 0.01;
/// A closure is found where the lips are shut so near to it.
constexpr double margin_s = 0.04;

using Curve = std::vector<double>;

double opening(const Mouth& mouth) {
  return std::max(0.0, lip_opening(shaped(mouth, {}, 0)));
}

bool is_shut(const Mouth& mouth) {
  return mouth[Channel::seal] >= 0.95;
}

double correlation(std::span<const double> a, std::span<const double> b) {
  double mean_a = 0, mean_b = 0;
  const auto count = static_cast<double>(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    mean_a += a[i] / count;
    mean_b += b[i] / count;
  }
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return ab / std::max(1e-12, std::sqrt(aa * bb));
}

struct Heard {
  Curve followed;  ///< the opening at its own time
  Curve shown;     ///< the opening of what is known by then
  std::vector<HeardMoment> moments;
  double taken_s = 0;
};

/// The sound comes in pieces of a step.
Heard hear(std::span<const float> samples, std::int32_t rate_hz) {
  Heard heard;
  Ear ear(rate_hz);
  const auto piece = static_cast<std::size_t>(std::lround(step_s * rate_hz));
  double shown = 0;
  const auto add = [&](const std::vector<HeardMoment>& some) {
    heard.moments.insert(heard.moments.end(), some.begin(), some.end());
    for (const HeardMoment& one : some) {
      shown = opening(one.moment.mouth);
      heard.followed.insert(heard.followed.end(), 2, shown);
    }
  };
  for (std::size_t at = 0; at + piece <= samples.size(); at += piece) {
    const auto begun = std::chrono::steady_clock::now();
    const auto some = ear.push(samples.subspan(at, piece));
    heard.taken_s +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    add(some);
    heard.shown.push_back(shown);
  }
  add(ear.finish());
  return heard;
}

Curve aligned_opening(const Timeline& timeline, std::size_t count) {
  const MouthTracks tracks = coarticulated(gestures(sounds(timeline)));
  Curve curve;
  for (std::size_t i = 0; i < count; ++i) {
    curve.push_back(opening(tracks.at((static_cast<double>(i) + 0.5) * step_s)));
  }
  return curve;
}

/// The shift in steps at which what is shown fits best.
int lag_of(const Curve& shown, const Curve& truth) {
  constexpr int most = 20;
  int best = 0;
  double best_fit = -2;
  const std::size_t count = std::min(shown.size(), truth.size());
  for (int lag = 0; lag <= most && static_cast<std::size_t>(lag) + 10 < count; ++lag) {
    const std::size_t length = count - static_cast<std::size_t>(lag);
    const double fit = correlation(std::span(shown).subspan(static_cast<std::size_t>(lag), length),
                                   std::span(truth).first(length));
    if (fit > best_fit) {
      best_fit = fit;
      best = lag;
    }
  }
  return best;
}

struct Totals {
  int recordings = 0;
  Curve correlations, lags_ms;
  int closures = 0, found = 0, shown = 0, false_ones = 0;
  double sound_s = 0, taken_s = 0;
};

bool lips_shut(const Sound& sound) {
  const Articulation& made = sound.articulation;
  return made.place == Place::bilabial && (made.nasal || made.manner == Manner::plosive);
}

void count_closures(const std::vector<Sound>& all, const Heard& heard, std::int32_t rate_hz,
                    Totals& totals) {
  const auto time_of = [&](const HeardMoment& one) {
    return static_cast<double>(one.moment.at_samples) / rate_hz;
  };
  for (const Sound& sound : all) {
    if (!lips_shut(sound)) continue;
    ++totals.closures;
    totals.found += std::ranges::any_of(heard.moments, [&](const HeardMoment& one) {
      return is_shut(one.moment.mouth) && time_of(one) > sound.start_s - margin_s &&
             time_of(one) < sound.end_s + margin_s;
    });
  }
  for (std::size_t i = 0; i < heard.moments.size(); ++i) {
    const bool begins = is_shut(heard.moments[i].moment.mouth) &&
                        (i == 0 || !is_shut(heard.moments[i - 1].moment.mouth));
    if (!begins) continue;
    ++totals.shown;
    double end_s = time_of(heard.moments[i]);
    const double begin_s = end_s;
    for (std::size_t k = i; k < heard.moments.size() && is_shut(heard.moments[k].moment.mouth);
         ++k) {
      end_s = time_of(heard.moments[k]);
    }
    totals.false_ones += std::ranges::none_of(all, [&](const Sound& sound) {
      return lips_shut(sound) && begin_s < sound.end_s + margin_s &&
             end_s > sound.start_s - margin_s;
    });
  }
}

double mean(const Curve& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

double median(Curve values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

int main() {
  const auto engine = EspeakEngine::open(VIVAVOX_ESPEAK_DATA);
  if (!engine) return 1;
  Totals totals;
  for (std::string line; std::getline(std::cin, line);) {
    const auto fields = fields_of(line);
    if (fields.size() != 3) return 2;
    SpeechClause reading = read(**engine, fields[2], fields[0]);
    const Recording recording{.sample_rate_hz = 16000, .samples = floats_of(fields[1])};
    const auto aligned = align(std::move(reading), recording);
    if (!aligned) continue;
    ++totals.recordings;
    const Heard heard = hear(recording.samples, recording.sample_rate_hz);
    const Curve truth = aligned_opening(aligned->timeline, heard.shown.size());
    totals.correlations.push_back(
        correlation(std::span(heard.followed).first(truth.size()), truth));
    totals.lags_ms.push_back(1000 * step_s * lag_of(heard.shown, truth));
    count_closures(sounds(aligned->timeline), heard, recording.sample_rate_hz, totals);
    totals.sound_s += aligned->timeline.duration_s();
    totals.taken_s += heard.taken_s;
  }
  const auto percent = [](double part, double whole) { return 100 * part / std::max(1e-9, whole); };
  std::printf(
      "{\"recordings\": %d, \"sound_s\": %.0f, \"opening_correlation\": %.3f, \"closures\": %d, "
      "\"closures_found_percent\": %.1f, \"closures_shown\": %d, \"shown_for_others_percent\": "
      "%.1f, "
      "\"behind_ms\": %.0f, \"core_percent\": %.2f}\n",
      totals.recordings, totals.sound_s, mean(totals.correlations), totals.closures,
      percent(totals.found, totals.closures), totals.shown,
      percent(totals.false_ones, totals.shown), median(totals.lags_ms),
      percent(totals.taken_s, totals.sound_s));
}

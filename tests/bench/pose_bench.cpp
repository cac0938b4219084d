// How long one pose takes in an utterance of 30 seconds, and what a further clause costs. Prints
// one line of JSON: {"bench":"pose","utterance_s":30.0,"ns_per_pose":…,"prepare_ms":…, …}
#include <array>
#include <chrono>
#include <cstdio>

#include "engine/face/performance.h"

namespace {

using Clock = std::chrono::steady_clock;

double elapsed_ns(Clock::time_point since) {
  return std::chrono::duration<double, std::nano>(Clock::now() - since).count();
}

/// About twelve phones a second, as English has them, with a pause now and then.
vivavox::Timeline utterance(double length_s) {
  constexpr std::array phones{"p", "iː", "t", "ɚ", "p", "aɪ", "p", "ɚ", "p", "ɪ",  "k", "t",
                              "ə", "p",  "ɛ", "k", "ə", "v",  "ɪ", "ŋ", "ʃ", "uː", "s", ""};
  constexpr std::int32_t rate_hz = 22050;
  constexpr std::int64_t phone_samples = rate_hz / 12;
  vivavox::Timeline timeline{.text = "?", .sample_rate_hz = rate_hz};
  for (std::size_t i = 0; timeline.duration_s() < length_s; ++i) {
    const char* ipa = phones[i % phones.size()];
    const std::int64_t samples = *ipa == 0 ? 4 * phone_samples : phone_samples;
    const auto stress = i % 7 == 1 ? vivavox::Stress::primary : vivavox::Stress::none;
    timeline.phones.push_back(
        {ipa, stress, timeline.length_samples, timeline.length_samples + samples, -1});
    timeline.length_samples += samples;
  }
  return timeline;
}

/// Microseconds to append a clause of two seconds: the mean of the first ten, and of ten after a
/// thousand, of which none is forgotten.
std::array<double, 2> append_us() {
  const vivavox::Timeline clause = utterance(2);
  auto performance = vivavox::Performance::create({}).value();
  const auto ten_us = [&] {
    const auto start = Clock::now();
    for (int i = 0; i < 10; ++i) performance.append(clause);
    return elapsed_ns(start) / 10 / 1e3;
  };
  const double first_us = ten_us();
  for (int i = 0; i < 990; ++i) performance.append(clause);
  return {first_us, ten_us()};
}

}  // namespace

int main() {
  constexpr double length_s = 30;
  constexpr int poses = 300'000;
  const vivavox::Timeline timeline = utterance(length_s);
  const auto prepare_start = Clock::now();
  const auto performance = vivavox::Performance::create(
      timeline, {.moods = {{0, "happy"}, {8, "thoughtful"}, {20, "neutral"}}});
  const double prepare_ns = elapsed_ns(prepare_start);
  if (!performance) return 1;
  float sum = 0;  // keeps the compiler from dropping the poses
  const auto pose_start = Clock::now();
  for (int i = 0; i < poses; ++i) {
    const double t_s = length_s * ((i * 7919) % poses) / poses;
    sum += performance->pose(t_s).weights[vivavox::BlendShape::jawOpen];
  }
  const double pose_ns = elapsed_ns(pose_start) / poses;
  const auto [first_us, thousandth_us] = append_us();
  std::printf(
      "{\"bench\":\"pose\",\"utterance_s\":%.1f,\"ns_per_pose\":%.0f,\"prepare_ms\":%.2f,"
      "\"append_first_us\":%.1f,\"append_thousandth_us\":%.1f,\"mean_jaw_open\":%.4f}\n",
      length_s, pose_ns, prepare_ns / 1e6, first_us, thousandth_us,
      static_cast<double>(sum) / poses);
}

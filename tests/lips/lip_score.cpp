// The benchmark of lips: speaks the sentences, and scores curves of any origin on the avatar's
// mesh.
//   lip_score speak FOLDER HALF           writes ID.json (Timeline), ID.wav, and the engine's own
//                                         curves as vivavox/ID.json
//   lip_score score FOLDER CURVES         one line of JSON: figures of CURVES/*.json over the
//     [--voices A,B] [--against OTHER]    sentences that have a file there
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "engine/face/curves.h"
#include "engine/media/wav.h"
#include "tests/lips/face_curves.h"
#include "tests/lips/lip_measures.h"
#include "tests/lips/lip_sentences.h"

namespace {

using namespace vivavox;
namespace fs = std::filesystem;
namespace json = boost::json;

constexpr int fps = 60;

template <class T>
T value(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::string id_of(std::size_t index) {
  char id[8];
  std::snprintf(id, sizeof id, "%03zu", index);
  return id;
}

void speak_all(const fs::path& folder, SentenceHalf half) {
  fs::create_directories(folder / "vivavox");
  const auto sentences = lip_sentences();
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    if (sentences[i].half != half) continue;
    const SpokenSentence spoken = speak(sentences[i]);
    const auto wav = value(to_wav(spoken.timeline.sample_rate_hz, spoken.samples));
    write(folder / (id_of(i) + ".json"), to_json(spoken.timeline));
    write(folder / (id_of(i) + ".wav"), {reinterpret_cast<const char*>(wav.data()), wav.size()});
    const auto performance = value(Performance::create(spoken.timeline));
    write(folder / "vivavox" / (id_of(i) + ".json"), value(curves_json(performance, fps)));
  }
}

struct Totals {
  int sentences = 0;
  std::array<int, lip_rule_count> held{};
  std::array<int, lip_rule_count> asked{};
  std::vector<double> correlations, lags_s, jitters, boundary_errors_s, speeds, vertex_errors_m2;
  double jaw = 0, lower_lip = 0, upper_lip = 0, tongue = 0;
};

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double number : values) sum += number;
  return values.empty() ? std::nan("") : sum / static_cast<double>(values.size());
}

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return std::nan("");
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

void add(Totals& totals, const LipMeasures& found) {
  const auto take = [](std::vector<double>& list, const std::optional<double>& number) {
    if (number) list.push_back(*number);
  };
  take(totals.correlations, found.loudness_correlation);
  take(totals.lags_s, found.lag_s);
  take(totals.jitters, found.jitter);
  std::ranges::copy(found.boundary_errors_s, std::back_inserter(totals.boundary_errors_s));
  std::ranges::copy(found.speeds_m_per_s, std::back_inserter(totals.speeds));
  totals.jaw = std::max(totals.jaw, found.jaw_speed_max_m_per_s);
  totals.lower_lip = std::max(totals.lower_lip, found.lower_lip_speed_max_m_per_s);
  totals.upper_lip = std::max(totals.upper_lip, found.upper_lip_speed_max_m_per_s);
  totals.tongue = std::max(totals.tongue, found.tongue_speed_max_m_per_s);
}

json::object report(const Totals& totals) {
  const auto rounded = [](double number, double scale) -> json::value {
    if (std::isnan(number)) return nullptr;
    return std::round(number * scale) / scale;
  };
  json::object out;
  out["sentences"] = totals.sentences;
  for (std::size_t i = 0; i < lip_rule_count; ++i) {
    const double share =
        totals.asked[i] == 0 ? std::nan("") : 100.0 * totals.held[i] / totals.asked[i];
    out[std::string(name(static_cast<LipRule>(i))) + "_percent"] = rounded(share, 10);
    out[std::string(name(static_cast<LipRule>(i))) + "_of"] = totals.asked[i];
  }
  out["loudness_correlation"] = rounded(mean(totals.correlations), 1000);
  out["lag_ms"] = rounded(1000 * quantile(totals.lags_s, 0.5), 10);
  out["jitter_percent"] = rounded(100 * mean(totals.jitters), 10);
  out["boundary_error_ms"] = rounded(1000 * mean(totals.boundary_errors_s), 10);
  out["lower_lip_mm_per_s_p99"] = rounded(1000 * quantile(totals.speeds, 0.99), 1);
  out["lower_lip_mm_per_s_max"] = rounded(1000 * totals.lower_lip, 1);
  out["upper_lip_mm_per_s_max"] = rounded(1000 * totals.upper_lip, 1);
  out["jaw_mm_per_s_max"] = rounded(1000 * totals.jaw, 1);
  out["tongue_mm_per_s_max"] = rounded(1000 * totals.tongue, 1);
  out["lve_mm2"] = rounded(1e6 * mean(totals.vertex_errors_m2), 10);
  return out;
}

void score(const fs::path& folder, const fs::path& curves, const std::string& voices,
           const fs::path& against) {
  MouthMesh mesh = MouthMesh::vivi();
  LipTargets targets(mesh);
  Totals totals;
  const auto sentences = lip_sentences();
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    const std::string file = id_of(i) + ".json";
    if (!fs::exists(folder / file) || !fs::exists(curves / file)) continue;
    if (!voices.empty() && !(voices + ",").contains(sentences[i].voice + ",")) continue;
    const Timeline timeline = value(timeline_from_json(read(folder / file)));
    const std::string wav = read(folder / (id_of(i) + ".wav"));
    const auto bytes = std::span(reinterpret_cast<const std::uint8_t*>(wav.data()), wav.size());
    const auto sound = value(read_wav(bytes));
    const FaceCurves face = value(FaceCurves::from_json(read(curves / file)));
    const auto weights = [&](double t_s) { return face.at(t_s); };
    ++totals.sentences;
    for (const Verdict& verdict : judge(timeline, weights, targets)) {
      const auto rule = static_cast<std::size_t>(verdict.rule);
      totals.held[rule] += verdict.held;
      ++totals.asked[rule];
    }
    add(totals, measure(timeline, sound.samples, weights, targets));
    if (!against.empty()) {
      const FaceCurves other = value(FaceCurves::from_json(read(against / file)));
      const auto errors = lip_vertex_errors_m2(
          timeline.duration_s(), weights, [&](double t_s) { return other.at(t_s); }, mesh);
      std::ranges::copy(errors, std::back_inserter(totals.vertex_errors_m2));
    }
  }
  if (totals.sentences == 0) throw std::runtime_error("no curves in " + curves.string());
  std::puts(json::serialize(report(totals)).c_str());
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<std::string> words(arguments + 1, arguments + count);
  std::map<std::string, std::string> options;
  while (words.size() > 3) {
    options[words[words.size() - 2]] = words.back();
    words.resize(words.size() - 2);
  }
  try {
    if (words.size() == 3 && words[0] == "speak") {
      speak_all(words[1], words[2] == "tune" ? SentenceHalf::tuning : SentenceHalf::reporting);
    } else if (words.size() == 3 && words[0] == "score") {
      score(words[1], words[2], options["--voices"], options["--against"]);
    } else {
      throw std::runtime_error("lip_score speak FOLDER tune|report, or score FOLDER CURVES");
    }
  } catch (const std::exception& error) {
    return std::fprintf(stderr, "%s\n", error.what()), 1;
  }
}

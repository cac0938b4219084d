#include "engine/face/mouth_cues.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "engine/face/gestures.h"
#include "engine/face/sounds.h"
#include "engine/face/visemes.h"
#include "engine/phonetics/arpabet.h"

namespace vivavox {

namespace {

/// What a sound looks like in each set. Two shapes ("C B") share a diphthong's time; none
/// means the next sound's.
struct Row {
  std::string_view sound;  ///< in ARPABET
  std::string_view azure, rhubarb, preston_blair, vrm;
};

constexpr auto rows = std::to_array<Row>({
    {"SIL", "0", "X", "rest", "neutral"},
    {"AA", "2", "D", "AI", "aa"},
    {"AE", "1", "C", "AI", "aa"},
    {"AH", "1", "C", "AI", "aa"},
    {"AO", "3", "E", "O", "oh"},
    {"AW", "9", "D F", "AI O", "aa ou"},
    {"AX", "1", "B", "E", "ee"},
    {"AXR", "5", "E", "E", "oh"},
    {"AY", "11", "D B", "AI E", "aa ih"},
    {"B", "21", "A", "MBP", "neutral"},
    {"CH", "16", "B", "etc", "ih"},
    {"D", "19", "B", "etc", "ih"},
    {"DH", "17", "B", "etc", "ih"},
    {"DX", "19", "B", "etc", "ih"},
    {"EH", "4", "C", "E", "ee"},
    {"ER", "5", "E", "E", "oh"},
    {"EY", "4", "C B", "E", "ee ih"},
    {"F", "18", "G", "FV", "neutral"},
    {"G", "20", "B", "etc", "ih"},
    {"HH", "12", "", "", ""},
    {"IH", "6", "B", "E", "ih"},
    {"IX", "6", "B", "E", "ih"},
    {"IY", "6", "B", "E", "ih"},
    {"JH", "16", "B", "etc", "ih"},
    {"K", "20", "B", "etc", "ih"},
    {"L", "14", "H", "L", "ih"},
    {"M", "21", "A", "MBP", "neutral"},
    {"N", "19", "B", "etc", "ih"},
    {"NG", "20", "B", "etc", "ih"},
    {"OW", "8", "E F", "O U", "oh ou"},
    {"OY", "10", "E B", "O E", "oh ih"},
    {"P", "21", "A", "MBP", "neutral"},
    {"Q", "19", "", "", ""},
    {"R", "13", "E", "etc", "ou"},
    {"S", "15", "B", "etc", "ih"},
    {"SH", "16", "B", "etc", "ou"},
    {"T", "19", "B", "etc", "ih"},
    {"TH", "19", "B", "etc", "ih"},
    {"UH", "4", "E", "U", "ou"},
    {"UW", "7", "F", "U", "ou"},
    {"UX", "7", "F", "U", "ou"},
    {"V", "18", "G", "FV", "neutral"},
    {"W", "7", "F", "WQ", "ou"},
    {"WH", "7", "F", "WQ", "ou"},
    {"Y", "6", "B", "E", "ih"},
    {"Z", "15", "B", "etc", "ih"},
    {"ZH", "16", "B", "etc", "ou"},
});

std::string_view shapes_in(const Row& row, MouthShapes shapes) {
  switch (shapes) {
    case MouthShapes::azure:
      return row.azure;
    case MouthShapes::rhubarb:
      return row.rhubarb;
    case MouthShapes::preston_blair:
      return row.preston_blair;
    case MouthShapes::vrm:
      return row.vrm;
    case MouthShapes::oculus:
      break;
  }
  return {};
}

std::string_view shapes_of_phone(std::string_view ipa, MouthShapes shapes) {
  const auto row = std::ranges::find(rows, arpabet(ipa), &Row::sound);
  return shapes_in(row == rows.end() ? rows.front() : *row, shapes);
}

/// Cues one after the other; equal neighbours are one, and short pauses are the shape before.
class CueList {
 public:
  CueList(std::string_view rest, double end_s) : rest_(rest), end_s_(end_s) {}

  /// An empty shape: what the next one is.
  void add(double start_s, double end_s, std::string_view shape) {
    fill(start_s);
    if (!shape.empty()) settle(shape);
    push(start_s, end_s, shape);
  }

  std::vector<MouthCue> finish() && {
    settle(rest_);
    fill(end_s_);
    return std::move(cues_);
  }

 private:
  void push(double start_s, double end_s, std::string_view shape) {
    if (end_s <= start_s) return;
    if (!cues_.empty() && cues_.back().shape == shape) {
      cues_.back().end_s = end_s;
    } else {
      cues_.push_back({start_s, end_s, shape});
    }
  }

  /// What waited for the next shape has it.
  void settle(std::string_view shape) {
    if (cues_.empty() || !cues_.back().shape.empty()) return;
    const MouthCue waiting = cues_.back();
    cues_.pop_back();
    push(waiting.start_s, waiting.end_s, shape);
  }

  void fill(double until_s) {
    const double from_s = cues_.empty() ? 0 : cues_.back().end_s;
    if (until_s <= from_s) return;
    settle(rest_);
    const bool is_held = !cues_.empty() && until_s < end_s_ && until_s - from_s < held_pause_s;
    push(from_s, until_s, is_held ? cues_.back().shape : rest_);
  }

  std::string_view rest_;
  double end_s_;
  std::vector<MouthCue> cues_;
};

}  // namespace

std::optional<MouthShapes> mouth_shapes(std::string_view name) {
  using enum MouthShapes;
  constexpr auto names =
      std::to_array<std::pair<std::string_view, MouthShapes>>({{"azure", azure},
                                                               {"rhubarb", rhubarb},
                                                               {"preston-blair", preston_blair},
                                                               {"moho", preston_blair},
                                                               {"vrm", vrm},
                                                               {"oculus", oculus}});
  for (const auto& [known, shapes] : names) {
    if (known == name) return shapes;
  }
  return std::nullopt;
}

std::vector<MouthCue> mouth_cues(const Timeline& timeline, MouthShapes shapes) {
  const bool is_oculus = shapes == MouthShapes::oculus;
  CueList cues(is_oculus ? name(Viseme::sil) : shapes_in(rows.front(), shapes),
               timeline.duration_s());
  if (is_oculus) {
    for (const Sound& sound : sounds(timeline)) {
      const bool has_shape =
          is_vowel(sound.articulation) || sound.articulation.place != Place::glottal;
      cues.add(sound.start_s, sound.end_s,
               has_shape ? name(viseme_of(sound.articulation)) : std::string_view());
    }
    return std::move(cues).finish();
  }
  for (const Phone& phone : timeline.phones) {
    if (parse_ipa(phone.ipa).sequence.empty()) continue;
    const double start_s = timeline.seconds(phone.start_samples);
    const double end_s = timeline.seconds(phone.end_samples);
    const std::string_view both = shapes_of_phone(phone.ipa, shapes);
    const std::size_t space = both.find(' ');
    if (space == both.npos) {
      cues.add(start_s, end_s, both);
    } else {
      const double middle_s = (start_s + end_s) / 2;
      cues.add(start_s, middle_s, both.substr(0, space));
      cues.add(middle_s, end_s, both.substr(space + 1));
    }
  }
  return std::move(cues).finish();
}

std::string cues_tsv(const std::vector<MouthCue>& cues) {
  std::string out;
  const auto add = [&](double at_s, std::string_view shape) {
    char time[32];
    std::snprintf(time, sizeof time, "%.2f\t", at_s);
    out.append(time).append(shape) += '\n';
  };
  for (const MouthCue& cue : cues) add(cue.start_s, cue.shape);
  if (!cues.empty()) add(cues.back().end_s, cues.back().shape);
  return out;
}

Result<std::string> cues_moho(const std::vector<MouthCue>& cues, int frames_per_s) {
  if (frames_per_s < 1 || frames_per_s > 240) {
    return fail(ErrorCode::invalid_argument, "frames per second must be between 1 and 240");
  }
  std::string out = "MohoSwitch1\n";
  long last = 0;
  for (const MouthCue& cue : cues) {
    const long frame = 1 + std::lround(cue.start_s * frames_per_s);
    // What is shorter than a frame gives way to what was there first.
    if (frame == last) continue;
    out.append(std::to_string(frame)).append(" ").append(cue.shape) += '\n';
    last = frame;
  }
  return out;
}

}  // namespace vivavox

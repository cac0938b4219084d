#include "engine/face/visemes.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>

#include "engine/face/gestures.h"
#include "engine/face/mouth.h"
#include "engine/face/random.h"

namespace vivavox {

namespace {

constexpr std::array<std::string_view, viseme_count> names{
    "sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U"};

/// One typical sound of each viseme.
constexpr std::array<std::string_view, viseme_count> typical{"",  "p", "f", "θ", "t", "k", "ʃ", "s",
                                                             "n", "ɹ", "ɑ", "ɛ", "i", "o", "u"};

Viseme vowel_viseme(const Articulation& vowel) {
  constexpr float close_from = 0.8F;
  constexpr float mid_from = 0.45F;
  constexpr float open_mid_from = 0.3F;
  if (vowel.rhotic) return Viseme::RR;
  if (vowel.rounding >= 0.5F) {
    if (vowel.height >= close_from) return Viseme::U;
    return vowel.height > 0 || vowel.backness > 0.5F ? Viseme::O : Viseme::aa;
  }
  if (vowel.height >= close_from) return Viseme::I;
  if (vowel.height >= mid_from) return Viseme::E;
  return vowel.height >= open_mid_from && vowel.backness < 0.75F ? Viseme::E : Viseme::aa;
}

Viseme coronal_viseme(const Articulation& sound) {
  if (sound.nasal || sound.lateral) return Viseme::nn;
  if (sound.rhotic) return Viseme::RR;
  if (sound.manner == Manner::fricative) {
    if (sound.place == Place::dental) return Viseme::TH;
    return sound.place == Place::alveolar ? Viseme::SS : Viseme::CH;
  }
  return sound.manner == Manner::approximant ? Viseme::RR : Viseme::DD;
}

Viseme dorsal_viseme(const Articulation& sound) {
  if (sound.nasal || sound.lateral) return Viseme::nn;
  if (sound.rhotic) return Viseme::RR;
  const bool stop = sound.manner == Manner::plosive || sound.manner == Manner::implosive ||
                    sound.manner == Manner::click;
  if (!stop && sound.rounding >= 0.5F) return Viseme::U;
  if (!stop && sound.place == Place::palatal) return Viseme::I;
  return Viseme::kk;
}

std::string shape_json(const BlendWeights& weights) {
  std::string out;
  for (std::size_t i = 0; i < blend_shape_count; ++i) {
    const double value = static_cast<double>(weights.values()[i]);
    if (value < 0.005) continue;
    char number[16];
    std::snprintf(number, sizeof number, "%.2f", value);
    out += (out.empty() ? "\"" : ", \"") + std::string(name(static_cast<BlendShape>(i))) +
           "\": " + number;
  }
  return "{" + out + "}";
}

}  // namespace

std::string_view name(Viseme viseme) {
  return names[static_cast<std::size_t>(viseme)];
}

std::string_view typical_ipa(Viseme viseme) {
  return typical[static_cast<std::size_t>(viseme)];
}

Viseme viseme_of(const Articulation& sound) {
  if (sound.manner == Manner::vowel) return vowel_viseme(sound);
  switch (sound.place) {
    case Place::bilabial:
      return Viseme::PP;
    case Place::labiodental:
      return Viseme::FF;
    case Place::dental:
    case Place::alveolar:
    case Place::postalveolar:
    case Place::retroflex:
    case Place::alveolopalatal:
      return coronal_viseme(sound);
    default:
      return dorsal_viseme(sound);
  }
}

BlendWeights viseme_shape(Viseme viseme) {
  const Articulations sounds = parse_ipa(typical_ipa(viseme));
  Mouth mouth;
  if (!sounds.sequence.empty()) {
    const Aims aims = aims_of(sounds.sequence.front(), 1);
    for (std::size_t i = 0; i < channel_count; ++i) {
      const auto channel = static_cast<Channel>(i);
      mouth[channel] = aims[channel].target;
    }
  }
  return shaped(mouth, {}, 0);
}

std::string timed_visemes_json(const Timeline& timeline) {
  boost::json::array list;
  for (const Sound& sound : sounds(timeline)) {
    list.push_back({name(viseme_of(sound.articulation)), sound.start_s, sound.end_s});
  }
  return boost::json::serialize(list);
}

std::string visemes_json() {
  std::string out = "{\"visemes\": [";
  for (std::size_t i = 0; i < viseme_count; ++i) {
    const auto viseme = static_cast<Viseme>(i);
    out += (i == 0 ? "\n  {\"name\": \"" : ",\n  {\"name\": \"") + std::string(name(viseme)) +
           "\", \"arkit\": " + shape_json(viseme_shape(viseme)) + "}";
  }
  return out + "\n]}\n";
}

VisemeTrack::VisemeTrack(const std::vector<Sound>& sounds) {
  double end_s = 0;
  double previous_s = rest_pause_s;
  for (const Sound& sound : sounds) {
    const Articulation& made = sound.articulation;
    if (made.place == Place::glottal && made.manner != Manner::vowel) continue;
    if (!segments_.empty() && sound.start_s - end_s >= rest_pause_s) {
      add(end_s, previous_s, sound.start_s - end_s, Viseme::sil);
      previous_s = sound.start_s - end_s;
    }
    add(sound.start_s, previous_s, sound.duration_s(), viseme_of(made));
    previous_s = sound.duration_s();
    end_s = sound.end_s;
  }
  if (!segments_.empty()) add(end_s, previous_s, rest_pause_s, Viseme::sil);
}

/// The fade ends before the middle of the sound and starts after the middle of
/// the one before: both are whole there.
void VisemeTrack::add(double start_s, double previous_s, double duration_s, Viseme viseme) {
  constexpr double fade_max_s = 0.1;
  constexpr double lead_share = 0.8;  // of the fade: the lips are ahead of the sound
  if (!segments_.empty() && segments_.back().viseme == viseme) return;
  const double fade_s = std::max(0.001, std::min({fade_max_s, 0.6 * previous_s, 2 * duration_s}));
  double begin_s = start_s - lead_share * fade_s;
  if (!segments_.empty()) {
    begin_s = std::max(begin_s, segments_.back().begin_s + segments_.back().fade_s);
  }
  segments_.push_back({begin_s, fade_s, viseme});
}

void VisemeTrack::replace_from(double from_s, const VisemeTrack& later) {
  const auto from = [from_s](const std::vector<Segment>& segments) {
    return std::ranges::lower_bound(segments, from_s, {}, &Segment::begin_s);
  };
  segments_.erase(from(segments_), segments_.end());
  segments_.insert(segments_.end(), from(later.segments_), later.segments_.end());
}

void VisemeTrack::drop_before(double before_s) {
  const auto next = std::ranges::upper_bound(segments_, before_s, {}, &Segment::begin_s);
  // The one that shows, and the one that it fades in over.
  if (next - segments_.begin() > 2) segments_.erase(segments_.begin(), next - 2);
}

VisemeWeights VisemeTrack::at(double t_s) const {
  VisemeWeights weights{};
  const auto next = std::ranges::upper_bound(segments_, t_s, {}, &Segment::begin_s);
  if (next == segments_.begin()) {
    weights[0] = 1;
    return weights;
  }
  const Segment& current = *(next - 1);
  const Viseme before = next - 1 == segments_.begin() ? Viseme::sil : (next - 2)->viseme;
  const double risen = smoothstep((t_s - current.begin_s) / current.fade_s);
  weights[static_cast<std::size_t>(before)] += static_cast<float>(1 - risen);
  weights[static_cast<std::size_t>(current.viseme)] += static_cast<float>(risen);
  return weights;
}

}  // namespace vivavox

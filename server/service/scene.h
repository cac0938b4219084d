// What a request wants to see: an avatar, its mood, words, view and size.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "engine/face/performance.h"
#include "server/film.h"
#include "server/http/http_server.h"
#include "server/service/prompt.h"
#include "server/service/studio.h"
#include "server/speaker.h"
#include "server/store/viewer.h"

namespace vivavox {

class Service;

/// Everything that decides what a picture looks like. Equal scenes give equal
/// pictures.
struct Scene {
  Viewer viewer;  ///< who wants to see it
  std::string avatar_id;
  std::string model_id;
  std::filesystem::path model;      ///< as of open_avatar()
  std::vector<TraitChoice> traits;  ///< of those that the model has
  std::string prompt;
  std::string mood = "neutral";
  double intensity = 1;
  SpeakingStyle style;
  View view = View::front;
  std::optional<Color> background;  ///< see-through without
  int width_px = 512;
  int height_px = 512;
  std::string quality;                ///< fast (minimal), low, medium, high, ultra
  std::string shading;                ///< pbr, toon, flat
  std::string lighting = "portrait";  ///< as of lightings(); flat shading has flat light
  bool antialiasing = true;
  std::string pose;       ///< the avatar's, in words
  std::string animation;  ///< what it is playing, in words
  double animation_end_s = std::numeric_limits<double>::infinity();
  double animation_strength = 1;
  std::uint32_t seed = 0;
  std::string audio_url;  ///< a stored audio to be said
  std::string text;       ///< what is said otherwise; empty: the avatar idles
  std::string voice;
  int frames_per_s = 30;
  bool holds_clip = false;  ///< the clip of the avatar's file stands still
};

/// The rate of Timelines that have no sound.
inline constexpr std::int32_t silence_hz = 22050;

/// Films without a wish of their own are drawn this well: they have many frames.
inline constexpr const char* film_quality = "low";

/// The scene that the body, the avatar's state and the configuration describe.
/// Errors: of the store.
Result<Scene> scene_of(Service& service, const Call& call, const std::string& avatar_id);

/// Its digest, by which equal requests are found.
std::string digest_of(const Scene& scene, std::string_view format, double at_s);

/// How a film is one with idle loops: it begins at a moment of the loop that goes before, and ends
/// in the face that the one after begins with.
struct LoopJoin {
  Performance before, after;  ///< that the loops show
  double at_s = 0;            ///< of the loop before, where the film begins
  bool is_loop = false;       ///< it shows nothing else
};

/// A scene with its words spoken, ready to be drawn.
struct Take {
  Scene scene;
  Performance performance;
  std::vector<float> samples;  ///< of what is said; silence where nothing is
  FilmMargins margins;         ///< of a film of it
  std::optional<LoopJoin> join = {};
};

/// Pictures need the times of what is said alone.
enum class Samples { kept, dropped };

/// Errors: of speaking; not_found (there is no such audio).
Result<Take> rehearse(Service& service, Scene scene, const Deadline& deadline,
                      double silent_length_s, Samples wanted);

/// A take of a Timeline that is there already.
Result<Take> take_of(Scene scene, Timeline timeline, std::vector<float> samples,
                     const FilmMargins& margins = {});

/// A take in which nothing is said. Errors: invalid_argument.
Result<Take> silent_take(Scene scene, double length_s);

/// The take as a film between idle loops: from a moment of one in that mood on, to the scene's own.
/// Errors: invalid_argument.
Result<Take> joining_loops(Take take, double at_s, const MoodMark& before);

/// One round of the scene's idle loop. Errors: invalid_argument.
Result<Take> loop_of(Scene scene);

/// Sets the stage for the scene. Errors: invalid_argument (too large).
Result<void> set_up(Stage& stage, const Scene& scene);

/// The take's picture at a time; `motion` as of Stage::set_pose().
Image draw(Studio& studio, Stage& stage, const Take& take, double t_s, Motion& motion);

/// "WIDTHxHEIGHT", [width, height] or a side. nullopt: none of these, or out of 64…4096.
struct Resolution {
  int width_px = 0, height_px = 0;
};
std::optional<Resolution> resolution_of(const boost::json::value& value);

}  // namespace vivavox

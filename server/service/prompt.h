// Words that describe a face: moods, gestures, views and colours.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/face/face_pose.h"
#include "engine/face/speaking_style.h"
#include "engine/stage/framing.h"
#include "engine/stage/stage.h"

namespace vivavox {

/// The engine's mood that a word means ("smiling" → "happy"). nullopt: none.
std::optional<std::string> mood_of_word(std::string_view word);

/// What a description asks of the face. Words that mean nothing here are passed over.
struct Prompt {
  std::optional<std::string> mood;     ///< of the first word that means one
  std::optional<SpeakingStyle> style;  ///< the same: "whispering"
  std::optional<View> view;
  std::vector<std::size_t> gestures;  ///< for apply_gestures()
};
Prompt read_prompt(std::string_view text);

/// Adds the prompt's gestures ("nod", "wink", "look left") to a pose, 0…1 of them.
void apply_gestures(const Prompt& prompt, double strength, FacePose& pose);

/// "front", "three-quarter", "profile", "head", "full" and what else they are called.
std::optional<View> view_of_word(std::string_view word);

/// "#rrggbb" or one of CSS's basic colour names.
std::optional<Color> color_of_word(std::string_view word);

}  // namespace vivavox

#include "server/service/prompt.h"

#include <algorithm>
#include <array>
#include <span>

#include "engine/face/moods.h"
#include "engine/stage/rig.h"
#include "server/lower_case.h"

namespace vivavox {

namespace {

/// Words in lower case with a space between them.
using Words = std::string_view;

struct MoodWords {
  std::string_view mood;
  Words words;
};

constexpr std::array mood_words{
    MoodWords{"happy",
              "smile smiles smiling joy joyful cheerful glad laugh laughing excited delighted "
              "friendly playful amused"},
    MoodWords{"sad",
              "unhappy crying cry sorrow sorrowful melancholic melancholy depressed disappointed "
              "sadness"},
    MoodWords{"angry", "anger mad furious annoyed frustrated rage"},
    MoodWords{"surprised", "surprise amazed astonished shocked shock wow"},
    MoodWords{"fear", "afraid scared fearful frightened worried anxious"},
    MoodWords{"disgust", "disgusted disgusting"},
    MoodWords{"love", "loving adoring romantic affectionate tender"},
    MoodWords{"sleep", "sleepy sleeping tired asleep drowsy"},
    MoodWords{"confused", "confusion puzzled doubtful"},
    MoodWords{"thoughtful", "thinking pensive contemplative curious attentive"},
    MoodWords{"professional", "serious formal confident businesslike"},
    MoodWords{"neutral", "calm relaxed plain"},
};

struct StyleWords {
  std::string_view style;
  Words words;
};

constexpr std::array style_words{
    StyleWords{"whisper", "whisper whispers whispering whispered"},
    StyleWords{"mumble", "mumble mumbles mumbling mumbled"},
    StyleWords{"clear", "clearly distinctly enunciating articulate"},
    StyleWords{"shout", "shout shouts shouting shouted yelling"},
};

struct Shape {
  BlendShape shape;
  float weight;
};

struct HeadGesture {
  Words words;
  float yaw_rad, pitch_rad, roll_rad;
  std::vector<Shape> shapes;
};

const std::vector<HeadGesture>& gestures() {
  using enum BlendShape;
  static const std::vector<HeadGesture> all{
      {"nod nods nodding bow", 0, 0.2F, 0, {}},
      {"tilt tilted tilting", 0, 0, 0.18F, {}},
      {"left", 0.12F, 0, 0, {{eyeLookOutLeft, 0.6F}, {eyeLookInRight, 0.6F}}},
      {"right", -0.12F, 0, 0, {{eyeLookInLeft, 0.6F}, {eyeLookOutRight, 0.6F}}},
      {"up", 0, -0.1F, 0, {{eyeLookUpLeft, 0.6F}, {eyeLookUpRight, 0.6F}}},
      {"down", 0, 0.1F, 0, {{eyeLookDownLeft, 0.6F}, {eyeLookDownRight, 0.6F}}},
      {"wink winks winking", 0, 0, 0, {{eyeBlinkLeft, 1}, {cheekSquintLeft, 0.4F}}},
      {"blink blinks blinking", 0, 0, 0, {{eyeBlinkLeft, 1}, {eyeBlinkRight, 1}}},
      {"gasp gasping yawn yawning", 0, 0, 0, {{jawOpen, 0.6F}}},
      {"pout pouting kiss kissing", 0, 0, 0, {{mouthPucker, 0.8F}}},
      {"frown frowning", 0, 0, 0, {{browDownLeft, 0.7F}, {browDownRight, 0.7F}}},
  };
  return all;
}

struct NamedColor {
  std::string_view name;
  Color color;
};
constexpr std::array colors{
    NamedColor{"white", {255, 255, 255}},  NamedColor{"black", {0, 0, 0}},
    NamedColor{"gray", {128, 128, 128}},   NamedColor{"grey", {128, 128, 128}},
    NamedColor{"silver", {192, 192, 192}}, NamedColor{"red", {255, 0, 0}},
    NamedColor{"maroon", {128, 0, 0}},     NamedColor{"yellow", {255, 255, 0}},
    NamedColor{"olive", {128, 128, 0}},    NamedColor{"lime", {0, 255, 0}},
    NamedColor{"green", {0, 128, 0}},      NamedColor{"aqua", {0, 255, 255}},
    NamedColor{"teal", {0, 128, 128}},     NamedColor{"blue", {0, 0, 255}},
    NamedColor{"navy", {0, 0, 128}},       NamedColor{"fuchsia", {255, 0, 255}},
    NamedColor{"purple", {128, 0, 128}},   NamedColor{"orange", {255, 165, 0}}};

bool contains(Words words, std::string_view word) {
  const std::string spaced = " " + std::string(words) + " ";
  return spaced.contains(" " + std::string(word) + " ");
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : lower_case(text)) {
    if (c >= 'a' && c <= 'z') {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::optional<SpeakingStyle> style_of_word(std::string_view word) {
  for (const StyleWords& entry : style_words) {
    if (contains(entry.words, word)) return speaking_style_of(entry.style).value();
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> mood_of_word(std::string_view word) {
  std::string low = lower_case(word);
  if (temper_of(low)) return low;
  for (const MoodWords& entry : mood_words) {
    if (contains(entry.words, low)) return std::string(entry.mood);
  }
  return std::nullopt;
}

std::optional<View> view_of_word(std::string_view word) {
  const std::string low = lower_case(word);
  if (contains("front frontal portrait default", low)) return View::front;
  if (contains("three-quarter three_quarter threequarter", low)) return View::three_quarter;
  if (contains("profile side", low)) return View::profile;
  if (contains("head face close closeup close-up", low)) return View::head;
  if (contains("full full-body full_body fullbody body", low)) return View::full;
  return std::nullopt;
}

std::optional<Color> color_of_word(std::string_view word) {
  const std::string low = lower_case(word);
  const auto named = std::ranges::find(colors, low, &NamedColor::name);
  if (named != colors.end()) return named->color;
  const auto hex = color_from_hex(low);
  return hex ? std::optional(*hex) : std::nullopt;
}

Prompt read_prompt(std::string_view text) {
  Prompt prompt;
  for (const std::string& word : words_of(text)) {
    if (!prompt.mood) prompt.mood = mood_of_word(word);
    if (!prompt.style) prompt.style = style_of_word(word);
    if (!prompt.view) prompt.view = view_of_word(word);
    for (std::size_t i = 0; i < gestures().size(); ++i) {
      if (contains(gestures()[i].words, word) && !std::ranges::contains(prompt.gestures, i)) {
        prompt.gestures.push_back(i);
      }
    }
  }
  return prompt;
}

void apply_gestures(const Prompt& prompt, double strength, FacePose& pose) {
  const auto part = static_cast<float>(strength);
  for (const std::size_t index : prompt.gestures) {
    const HeadGesture& gesture = gestures()[index];
    pose.head.yaw_rad += part * gesture.yaw_rad;
    pose.head.pitch_rad += part * gesture.pitch_rad;
    pose.head.roll_rad += part * gesture.roll_rad;
    for (const Shape& one : gesture.shapes) {
      pose.weights[one.shape] = std::max(pose.weights[one.shape], part * one.weight);
    }
  }
  if (!prompt.gestures.empty()) set_eye_rotations(pose);
}

}  // namespace vivavox

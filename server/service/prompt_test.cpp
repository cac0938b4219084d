#include "server/service/prompt.h"

#include <catch2/catch_test_macros.hpp>

#include "engine/face/moods.h"

using namespace vivavox;

TEST_CASE("words mean moods of the engine") {
  CHECK(mood_of_word("Smiling") == "happy");
  CHECK(mood_of_word("furious") == "angry");
  for (const Mood& mood : moods()) CHECK(mood_of_word(mood.name) == mood.name);
  CHECK(!mood_of_word("table"));
  CHECK(!mood_of_word(""));
}

TEST_CASE("a description asks for mood, view and gestures") {
  const Prompt prompt = read_prompt("A VERY sad woman, in profile, who winks and nods!");
  CHECK(prompt.mood == "sad");
  CHECK(prompt.view == View::profile);
  CHECK(prompt.gestures.size() == 2);
  FacePose pose;
  apply_gestures(prompt, 1, pose);
  CHECK(pose.weights[BlendShape::eyeBlinkLeft] == 1);
  CHECK(pose.weights[BlendShape::eyeBlinkRight] == 0);
  CHECK(pose.head.pitch_rad > 0.1);
  CHECK(read_prompt("").gestures.empty());
  CHECK(!read_prompt("nothing of note").mood);
}

TEST_CASE("words mean ways of speaking, and none is natural") {
  CHECK(read_prompt("whispering in the dark").style == speaking_style_of("whisper").value());
  CHECK(read_prompt("She MUMBLES").style == speaking_style_of("mumble").value());
  CHECK(read_prompt("speaks clearly").style == speaking_style_of("clear").value());
  CHECK(read_prompt("a man who shouts").style == speaking_style_of("shout").value());
  CHECK(!read_prompt("a whisperer of horses").style);
}

TEST_CASE("gestures add to a pose and keep it in range") {
  FacePose pose;
  pose.weights[BlendShape::jawOpen] = 0.9F;
  apply_gestures(read_prompt("gasp gasp"), 1, pose);
  CHECK(pose.weights[BlendShape::jawOpen] == 0.9F);
}

TEST_CASE("colours are named or written") {
  CHECK(color_of_word("Navy") == Color{0, 0, 128});
  CHECK(color_of_word("#102030") == Color{16, 32, 48});
  CHECK(!color_of_word("studio"));
}

#include <catch2/catch_test_macros.hpp>

#include "server/store/opened_store.h"

using namespace vivavox;

TEST_CASE("an audio has its phonemes, and all go with their avatar") {
  BOTH_SYSTEMS;
  const std::string avatar = fresh("avatar");
  const Audio audio = audio_of(avatar);
  const std::vector<Phoneme> phonemes{{"AA", "ɑ", 0, 3, "aa", 1}, {"P", "p", 3, 5, "PP", 0.5}};
  REQUIRE(store->add_audio(audio, phonemes, {}, everything));
  REQUIRE(store->add_renders(std::vector<Render>{{.frame_id = fresh("frame"),
                                                  .avatar_id = avatar,
                                                  .format = "png",
                                                  .file_path = "r.png",
                                                  .request_hash = avatar,
                                                  .created_at = now_ms()}},
                             everything));
  CHECK(store->audio(audio.audio_id, everything)->text == "héllo");
  const auto kept = store->phonemes(audio.audio_id);
  REQUIRE(kept->size() == 2);
  CHECK((*kept)[1].confidence == 0.5);
  CHECK(store->audios({.avatar_id = avatar}, everything)->entries.size() == 1);
  CHECK(store->render_of_request(avatar)->file_path == "r.png");
  // Once more is no more.
  REQUIRE(store->add_audio(audio, phonemes, {}, everything));
  CHECK(store->phonemes(audio.audio_id)->size() == phonemes.size());
  const auto files = store->delete_avatar(avatar, everything, "");
  REQUIRE(files);
  CHECK(files->audios == std::vector<std::string>{audio.file_path});
  CHECK(files->renders == std::vector<std::string>{"r.png"});
  CHECK(store->phonemes(audio.audio_id)->empty());
  CHECK(store->delete_avatar(avatar, everything, "").error().code == ErrorCode::not_found);
}

TEST_CASE("the phonemes of a long text are kept in their order") {
  BOTH_SYSTEMS;
  const Audio audio = audio_of(fresh("avatar"));
  std::vector<Phoneme> phonemes;
  for (std::int64_t i = 0; i < 2345; ++i) {
    phonemes.push_back({"P" + std::to_string(i), "p", i, i + 1, "PP", 0.25});
  }
  REQUIRE(store->add_audio(audio, phonemes, {}, everything));
  const auto kept = store->phonemes(audio.audio_id);
  REQUIRE(kept->size() == phonemes.size());
  for (std::size_t i = 0; i < kept->size(); ++i) CHECK((*kept)[i].phoneme == phonemes[i].phoneme);
  CHECK(kept->back().end_ms == 2345);
}

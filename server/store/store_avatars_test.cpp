#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "server/store/opened_store.h"
#include "server/store/precondition.h"

using namespace vivavox;
namespace json = boost::json;

TEST_CASE("an avatar is made when it is named, and changes are merged and kept") {
  BOTH_SYSTEMS;
  const std::string id = fresh("anna");
  const auto made = store->avatar(id, everything);
  REQUIRE(made);
  CHECK(json::parse((*made)->state).at("emotion") == "neutral");
  REQUIRE(store->change_avatar(id, everything, {.state = {{"a", 1}}, .traits = {{"hat", "red"}}}));
  REQUIRE(store->change_avatar(id, everything, {.state = {{"b", nullptr}}, .model_id = "m"}));
  store.open();
  const auto read = store->avatar(id, everything);
  REQUIRE(read);
  CHECK(json::parse((*read)->state).at("a") == 1);
  CHECK(json::parse((*read)->state).at("b").is_null());
  CHECK(json::parse((*read)->traits).at("hat") == "red");
  CHECK((*read)->model_id == "m");
}

TEST_CASE("changes at one time are all kept, and the last state is read") {
  BOTH_SYSTEMS;
  const std::string id = fresh("busy");
  std::vector<std::thread> threads;
  std::atomic<int> failures = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const std::string key = "k" + std::to_string(t) + "_" + std::to_string(i);
        if (!store->change_avatar(id, everything, {.state = {{key, i}}}) ||
            !store->avatar(id, everything))
          ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == 0);
  const auto state = json::parse((*store->avatar(id, everything))->state).as_object();
  for (int t = 0; t < 8; ++t) {
    for (int i = 0; i < 20; ++i) {
      CHECK(state.contains("k" + std::to_string(t) + "_" + std::to_string(i)));
    }
  }
}

TEST_CASE("of changes to what all have read one is made, the others nothing") {
  BOTH_SYSTEMS;
  const std::string id = fresh("contested"), session_id = fresh("contested"),
                    preset_id = fresh("contested");
  const std::string avatar_tag = etag_of(**store->avatar(id, everything));
  const std::int64_t now = now_ms();
  const Session session{.session_id = session_id,
                        .avatar_id = id,
                        .created_at = now,
                        .updated_at = now,
                        .expires_at = now + 60'000};
  const std::string session_tag = etag_of(*store->open_session(session, everything));
  REQUIRE(store->put_preset({.preset_id = preset_id}, everything));
  const std::string preset_tag = etag_of(*store->preset(preset_id, everything));
  std::atomic<int> avatar_changes = 0, session_changes = 0, preset_changes = 0, refusals = 0;
  const auto count = [&](const auto& result, std::atomic<int>& changes) {
    if (result) {
      ++changes;
    } else if (result.error().code == ErrorCode::precondition_failed) {
      ++refusals;
    }
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      const std::string key = "k" + std::to_string(t);
      count(store->change_avatar(id, everything, {.state = {{key, t}}, .if_match = avatar_tag}),
            avatar_changes);
      count(store->patch_session(session_id, everything, {{key, t}}, session_tag), session_changes);
      count(store->change_preset(preset_id, everything, preset_tag,
                                 [&](Preset& preset) -> Result<void> {
                                   preset.values[key] = t;
                                   return {};
                                 }),
            preset_changes);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(avatar_changes == 1);
  CHECK(session_changes == 1);
  CHECK(preset_changes == 1);
  CHECK(refusals == 21);
  const auto avatar = store->avatar(id, everything);
  CHECK(json::parse((*avatar)->state).as_object().size() == 5);
  CHECK(store->session(session_id, everything)->state.size() == 1);
  CHECK(store->session_events(session_id, 0)->size() == 1);
  CHECK(store->preset(preset_id, everything)->values.size() == 1);
  CHECK(store->delete_avatar(id, everything, avatar_tag).error().code ==
        ErrorCode::precondition_failed);
  CHECK(store->delete_session(session_id, everything, session_tag).error().code ==
        ErrorCode::precondition_failed);
  CHECK(store->delete_preset(preset_id, everything, preset_tag).error().code ==
        ErrorCode::precondition_failed);
  CHECK(store->preset(preset_id, everything));
  CHECK(store->delete_session(session_id, everything,
                              etag_of(*store->session(session_id, everything))) == true);
  CHECK(store->delete_avatar(id, everything, etag_of(**avatar)));
  CHECK(
      store->delete_preset(preset_id, everything, etag_of(*store->preset(preset_id, everything))));
}

TEST_CASE("what is told of an avatar changes nothing of it") {
  BOTH_SYSTEMS;
  const std::string id = fresh("talker");
  const std::string tag = etag_of(**store->avatar(id, everything));
  REQUIRE(store->add_audio(audio_of(id), {}, {.name = "speech", .data = {}}, everything));
  CHECK(store->change_avatar(id, everything, {.state = {{"a", 1}}, .if_match = tag}));
}

TEST_CASE("an avatar that is not there is not made by a change to it as it was") {
  BOTH_SYSTEMS;
  const std::string id = fresh("gone");
  const std::string tag = etag_of(**store->avatar(id, everything));
  REQUIRE(store->delete_avatar(id, everything, ""));
  for (const std::string& if_match : {tag, std::string("*")}) {
    const auto changed =
        store->change_avatar(id, everything, {.state = {{"a", 1}}, .if_match = if_match});
    REQUIRE(!changed);
    CHECK(changed.error().code == ErrorCode::precondition_failed);
  }
  CHECK(store->delete_avatar(id, everything, "").error().code == ErrorCode::not_found);
}

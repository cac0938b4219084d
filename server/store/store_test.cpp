// One suite for both databases: SQLite always, PostgreSQL where
// VIVAVOX_TEST_POSTGRES names an empty one.
#include "server/store/store.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <mutex>
#include <thread>

#include "server/store/opened_store.h"

using namespace vivavox;
namespace json = boost::json;

namespace {

Audio audio_of(const std::string& avatar_id) {
  const std::string id = fresh("audio");
  return {.audio_id = id,
          .avatar_id = avatar_id,
          .text = "héllo",
          .voice_id = "v",
          .duration_ms = 5,
          .sample_rate = 16000,
          .file_path = id + ".wav",
          .file_size = 10,
          .created_at = now_ms()};
}

Asset asset_of(const std::string& name, const std::string& content) {
  return {.asset_id = fresh("asset"),
          .name = name,
          .type = "file",
          .label = name,
          .file_path = sha256_hex(content),
          .file_size = 3,
          .sha256 = sha256_hex(content),
          .mime_type = "application/octet-stream",
          .created_at = now_ms()};
}

#define BOTH_SYSTEMS Opened store(GENERATE(std::string("sqlite"), std::string("postgresql")))

}  // namespace

TEST_CASE("an avatar is made when it is named, and changes are merged and kept") {
  BOTH_SYSTEMS;
  const std::string id = fresh("anna");
  const auto made = store->avatar(id);
  REQUIRE(made);
  CHECK(json::parse((*made)->state).at("emotion") == "neutral");
  REQUIRE(store->change_avatar(id, {.state = {{"a", 1}}, .traits = {{"hat", "red"}}}));
  REQUIRE(store->change_avatar(id, {.state = {{"b", nullptr}}, .model_id = "m"}));
  store.open();
  const auto read = store->avatar(id);
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
        if (!store->change_avatar(id, {.state = {{key, i}}}) || !store->avatar(id)) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == 0);
  const auto state = json::parse((*store->avatar(id))->state).as_object();
  for (int t = 0; t < 8; ++t) {
    for (int i = 0; i < 20; ++i) {
      CHECK(state.contains("k" + std::to_string(t) + "_" + std::to_string(i)));
    }
  }
}

TEST_CASE("a session's events are numbered, applied once and replayed") {
  BOTH_SYSTEMS;
  const std::string id = fresh("session");
  const std::int64_t now = now_ms();
  const Session begun{.session_id = id,
                      .avatar_id = fresh("a"),
                      .created_at = now,
                      .updated_at = now,
                      .expires_at = now + 60'000};
  const auto first = store->open_session(begun);
  REQUIRE(first);
  for (int i = 1; i <= 3; ++i) {
    const auto added = store->add_session_event({.session_id = id,
                                                 .client_id = "c",
                                                 .operation_id = std::to_string(i),
                                                 .event = "patch",
                                                 .data = {{"n", i}},
                                                 .epoch = first->epoch});
    REQUIRE(added);
    REQUIRE(*added);
    CHECK((*added)->seq == i);
  }
  const auto again = store->add_session_event({.session_id = id,
                                               .client_id = "c",
                                               .operation_id = "2",
                                               .event = "patch",
                                               .data = {{"n", 9}},
                                               .epoch = first->epoch});
  REQUIRE(again);
  CHECK(!*again);
  CHECK(store->open_session(begun)->state.at("n") == 3);
  const auto missed = store->session_events(id, 1);
  REQUIRE(missed);
  REQUIRE(missed->size() == 2);
  CHECK((*missed)[0].data.at("n") == 2);
  CHECK(store->delete_session(id) == true);
  CHECK(store->delete_session(id) == false);
  const SessionEvent late{.session_id = id, .event = "patch", .epoch = first->epoch};
  CHECK(store->add_session_event(late).error().code == ErrorCode::not_found);
  const auto anew = store->open_session(begun);
  REQUIRE(anew);
  CHECK(anew->epoch > first->epoch);
  CHECK(store->add_session_event(late).error().code == ErrorCode::not_found);
  CHECK(anew->last_seq == 0);
  CHECK(anew->state.empty());
}

TEST_CASE("an expired session begins anew") {
  BOTH_SYSTEMS;
  const std::string id = fresh("old");
  const std::int64_t now = now_ms();
  REQUIRE(store->add_session({.session_id = id,
                              .avatar_id = "a",
                              .metadata = {{"old", true}},
                              .created_at = now - 10,
                              .updated_at = now,
                              .expires_at = now - 5}));
  const auto opened = store->open_session({.session_id = id,
                                           .avatar_id = "a",
                                           .created_at = now,
                                           .updated_at = now,
                                           .expires_at = now + 1000});
  REQUIRE(opened);
  CHECK(opened->metadata.empty());
}

TEST_CASE("a session that is opened or kept does not expire") {
  BOTH_SYSTEMS;
  const std::int64_t now = now_ms();
  for (const bool keeps : {false, true}) {
    const std::string id = fresh("kept");
    REQUIRE(store->add_session({.session_id = id,
                                .avatar_id = "a",
                                .created_at = now,
                                .updated_at = now,
                                .expires_at = now + 1000}));
    if (keeps) {
      REQUIRE(store->keep_sessions(std::span(&id, 1)));
    } else {
      REQUIRE(store->open_session({.session_id = id, .avatar_id = "a", .created_at = now}));
    }
    CHECK(store->session(id)->expires_at > now + 3'000'000);
  }
}

TEST_CASE("those are present who were not said to be gone") {
  BOTH_SYSTEMS;
  const std::string session = fresh("hall");
  const std::string one = fresh("one"), two = fresh("two");
  const Presence kiosk{fresh("c1"), session, "kiosk"}, twin{fresh("c2"), session, "kiosk"};
  const Presence phone{fresh("c3"), session, "phone"};
  REQUIRE(store->confirm_presence(one, {}, 60'000));
  REQUIRE(store->confirm_presence(two, {}, 60'000));
  for (const Presence& here : {kiosk, twin}) REQUIRE(store->add_presence(one, here));
  REQUIRE(store->add_presence(two, phone));
  CHECK(*store->present_clients(session) == std::vector<std::string>{"kiosk", "phone"});
  REQUIRE(store->remove_presence(kiosk.connection_id));
  CHECK(store->present_clients(session)->size() == 2);
  REQUIRE(store->confirm_presence(one, {}, 60'000));
  CHECK(*store->present_clients(session) == std::vector<std::string>{"phone"});
  REQUIRE(store->confirm_presence(one, std::span(&kiosk, 1), -1));
  CHECK(*store->present_clients(session) == std::vector<std::string>{"kiosk"});
}

TEST_CASE("what is told is heard in the order of commits, also what is long") {
  BOTH_SYSTEMS;
  std::mutex mutex;
  std::vector<std::string> heard;
  auto listening = store->database().listen([&](std::string_view message) {
    const std::lock_guard lock(mutex);
    if (!message.empty()) heard.emplace_back(message);
  });
  const auto count = [&] {
    const std::lock_guard lock(mutex);
    return heard.size();
  };
  const auto tell = [&](const std::string& message) {
    return store->database().write([&](Transaction& transaction) -> Result<void> {
      if (auto told = transaction.notify(message); !told) return told;
      return message == "undone" ? fail(ErrorCode::io_failed, "on purpose") : Result<void>();
    });
  };
  // PostgreSQL's listener connects in a thread of its own.
  while (count() == 0) {
    REQUIRE(tell("first"));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK(!tell("undone"));
  REQUIRE(tell(std::string(20'000, 'x')));
  REQUIRE(tell("last"));
  while (true) {
    const std::lock_guard lock(mutex);
    if (heard.back() == "last") break;
  }
  listening.reset();
  CHECK(std::ranges::count(heard, "undone") == 0);
  CHECK(heard[heard.size() - 2].size() == 20'000);
}

TEST_CASE("presets and settings are replaced by their key") {
  BOTH_SYSTEMS;
  const std::string id = fresh("preset");
  CHECK(store->preset("default"));
  REQUIRE(store->put_preset({.preset_id = id, .name = "One", .values = {{"a", 1}}}));
  REQUIRE(store->put_preset({.preset_id = id, .name = "Two", .values = {{"b", 2}}}));
  CHECK(store->preset(id)->name == "Two");
  CHECK(!store->preset(id)->values.contains("a"));
  REQUIRE(store->delete_preset(id));
  CHECK(store->preset(id).error().code == ErrorCode::not_found);
  REQUIRE(store->set_config({{id, "1"}}));
  REQUIRE(store->set_config({{id, "2"}}));
  CHECK(store->config()->at(id) == "2");
}

TEST_CASE("an audio has its phonemes, and all go with their avatar") {
  BOTH_SYSTEMS;
  const std::string avatar = fresh("avatar");
  const Audio audio = audio_of(avatar);
  const std::vector<Phoneme> phonemes{{"AA", "ɑ", 0, 3, "aa", 1}, {"P", "p", 3, 5, "PP", 0.5}};
  REQUIRE(store->add_audio(audio, phonemes, {}));
  REQUIRE(store->add_renders(std::vector<Render>{{.frame_id = fresh("frame"),
                                                  .avatar_id = avatar,
                                                  .format = "png",
                                                  .file_path = "r.png",
                                                  .request_hash = avatar,
                                                  .created_at = now_ms()}}));
  CHECK(store->audio(audio.audio_id)->text == "héllo");
  const auto kept = store->phonemes(audio.audio_id);
  REQUIRE(kept->size() == 2);
  CHECK((*kept)[1].confidence == 0.5);
  CHECK(store->audios({.avatar_id = avatar})->size() == 1);
  CHECK(store->render_of_request(avatar)->file_path == "r.png");
  CHECK(!store->add_audio(audio, phonemes, {}));
  const auto files = store->delete_avatar(avatar);
  REQUIRE(files);
  CHECK(files->audios == std::vector<std::string>{audio.file_path});
  CHECK(files->renders == std::vector<std::string>{"r.png"});
  CHECK(store->phonemes(audio.audio_id)->empty());
  CHECK(store->delete_avatar(avatar).error().code == ErrorCode::not_found);
}

TEST_CASE("the phonemes of a long text are kept in their order") {
  BOTH_SYSTEMS;
  const Audio audio = audio_of(fresh("avatar"));
  std::vector<Phoneme> phonemes;
  for (std::int64_t i = 0; i < 2345; ++i) {
    phonemes.push_back({"P" + std::to_string(i), "p", i, i + 1, "PP", 0.25});
  }
  REQUIRE(store->add_audio(audio, phonemes, {}));
  const auto kept = store->phonemes(audio.audio_id);
  REQUIRE(kept->size() == phonemes.size());
  for (std::size_t i = 0; i < kept->size(); ++i) CHECK((*kept)[i].phoneme == phonemes[i].phoneme);
  CHECK(kept->back().end_ms == 2345);
}

TEST_CASE("assets have versions, and content is kept while one names it") {
  BOTH_SYSTEMS;
  const std::string name = fresh("50%_a.glb");
  const auto first = store->add_asset(asset_of(name, name));
  const auto second = store->add_asset(asset_of(name, name));
  REQUIRE(first);
  REQUIRE(second);
  CHECK(second->version == 2);
  CHECK(store->asset_of_name(name, std::nullopt)->version == 2);
  CHECK(store->asset_of_name(name, 1)->asset_id == first->asset_id);
  CHECK(store->assets({}, name.substr(0, 6), "")->front().version == 2);
  CHECK(store->assets({}, "", name)->size() == 2);
  CHECK((*store->delete_asset(first->asset_id))->assets.empty());
  CHECK((*store->delete_asset(second->asset_id))->assets ==
        std::vector<std::string>{second->file_path});
  CHECK(!*store->delete_asset(second->asset_id));
  const std::string reserved = fresh("reserved");
  REQUIRE(store->reserve_asset(reserved, "later.bin"));
  CHECK(store->reservation(reserved) == "later.bin");
  Asset filled = asset_of("later.bin", reserved);
  filled.asset_id = reserved;
  REQUIRE(store->add_asset(filled));
  CHECK(!store->reservation(reserved));
}

TEST_CASE("what is old is cleaned up") {
  BOTH_SYSTEMS;
  const std::string avatar = fresh("avatar");
  Audio old = audio_of(avatar);
  old.created_at = 1000;
  const Audio young = audio_of(avatar);
  REQUIRE(store->add_audio(old, {}, {}));
  REQUIRE(store->add_audio(young, {}, {}));
  const auto cleaned = store->clean_up(2000);
  REQUIRE(cleaned);
  CHECK(cleaned->audios == std::vector<std::string>{old.file_path});
  CHECK(store->audios({.avatar_id = avatar})->size() == 1);
  const auto known = store->known_files();
  CHECK(std::ranges::contains(known->audios, young.file_path));
  CHECK(store->counts()->presets >= 2);
}

TEST_CASE("a database keeps its id, and knows the folders it claimed") {
  BOTH_SYSTEMS;
  const auto id = store->database_id();
  REQUIRE(id);
  CHECK(id->size() == 32);
  CHECK(*store->database_id() == *id);
  const std::string kind = fresh("kind");
  CHECK(!std::ranges::contains(*store->claimed_folders(), kind));
  REQUIRE(store->note_claimed_folder(kind));
  REQUIRE(store->note_claimed_folder(kind));
  CHECK(std::ranges::count(*store->claimed_folders(), kind) == 1);
}

TEST_CASE("a failed write leaves nothing, and others in its commit stay") {
  BOTH_SYSTEMS;
  const std::string id = fresh("half");
  const auto failed = store->database().write([&](Transaction& transaction) -> Result<void> {
    auto made =
        transaction.run("INSERT INTO config (key, value, description) VALUES ($1, '1', '')", {id});
    REQUIRE(made);
    return fail(ErrorCode::io_failed, "on purpose");
  });
  CHECK(!failed);
  CHECK(!store->config()->contains(id));
  CHECK(store->database().check());
}

TEST_CASE("a URL of neither system, and a second server on one file, are refused") {
  CHECK(open_database("mysql://x").error().code == ErrorCode::invalid_argument);
  CHECK(open_database("sqlite:///").error().code == ErrorCode::invalid_argument);
  CHECK(open_database("sqlite:////no/such/folder/a.db").error().code == ErrorCode::unavailable);
  const Opened store("sqlite");
  CHECK(open_database(store.url).error().code == ErrorCode::unavailable);
}

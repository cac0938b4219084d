// One suite for both databases: SQLite always, PostgreSQL where
// VIVAVOX_TEST_POSTGRES names an empty one.
#include "server/store/store.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <mutex>
#include <thread>

#include "server/files.h"
#include "server/store/opened_store.h"

using namespace vivavox;

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

TEST_CASE("pages follow one another while entries come and go") {
  BOTH_SYSTEMS;
  const std::string avatar = fresh("avatar");
  const auto add = [&](std::int64_t created_at) {
    Audio audio = audio_of(avatar);
    audio.created_at = created_at;
    REQUIRE(store->add_audio(audio, {}, {}, everything));
    return audio.audio_id;
  };
  std::vector<std::string> all;
  // Most of one moment: their ids tell them apart.
  for (int i = 0; i < 9; ++i) all.push_back(add(i < 6 ? 100'000 : 100'000 + i));
  Page page{.avatar_id = avatar, .limit = 2};
  std::vector<std::string> seen;
  for (int i = 0; i < 20; ++i) {
    const auto listed = store->audios(page, everything);
    REQUIRE(listed);
    for (const Audio& one : listed->entries) seen.push_back(one.audio_id);
    if (!listed->next) break;
    page.after = listed->next;
    add(200'000 + i);
    if (i == 1) {
      REQUIRE(store->database().write([&](Transaction& transaction) -> Result<void> {
        // The very entry that the page ended with.
        auto gone = transaction.run("DELETE FROM audios WHERE audio_id = $1", {seen.back()});
        if (!gone) return std::unexpected(gone.error());
        return {};
      }));
    }
  }
  std::ranges::sort(all);
  std::ranges::sort(seen);
  CHECK(seen == all);
}

TEST_CASE("what is one owner's is not there for another") {
  BOTH_SYSTEMS;
  const Viewer anna{.owner = fresh("anna")}, bob{.owner = fresh("bob")};
  const auto is_missing = [](const auto& result) {
    return !result && result.error().code == ErrorCode::not_found;
  };
  const std::string id = fresh("avatar"), session_id = fresh("session"),
                    preset_id = fresh("preset"), name = fresh("name");
  const std::int64_t now = now_ms();
  REQUIRE(store->avatar(id, anna));
  const Session session{.session_id = session_id,
                        .avatar_id = id,
                        .created_at = now,
                        .updated_at = now,
                        .expires_at = now + 60'000};
  REQUIRE(store->add_session(session, anna));
  REQUIRE(store->put_preset({.preset_id = preset_id}, anna));
  const Audio audio = audio_of(id);
  REQUIRE(store->add_audio(audio, {}, {}, anna));
  const Render render{
      .frame_id = fresh("frame"), .avatar_id = id, .file_path = "x", .created_at = now};
  REQUIRE(store->add_renders(std::span(&render, 1), anna));
  const auto asset = store->add_asset(asset_of(name, name), anna);
  REQUIRE(store->reserve_asset(name, name, anna));

  CHECK(is_missing(store->avatar(id, bob)));
  CHECK(is_missing(store->change_avatar(id, bob, {.state = {{"a", 1}}})));
  CHECK(is_missing(store->delete_avatar(id, bob, "")));
  CHECK(is_missing(store->add_session({.session_id = fresh("s"), .avatar_id = id}, bob)));
  CHECK(is_missing(store->add_audio(audio_of(id), {}, {}, bob)));
  Render foreign = render;
  foreign.frame_id = fresh("frame");
  CHECK(is_missing(store->add_renders(std::span(&foreign, 1), bob)));
  CHECK(is_missing(store->session(session_id, bob)));
  CHECK(is_missing(store->open_session(session, bob)));
  CHECK(is_missing(store->patch_session(session_id, bob, {{"a", 1}}, "")));
  CHECK(is_missing(store->delete_session(session_id, bob, "")));
  CHECK(is_missing(store->preset(preset_id, bob)));
  CHECK(
      is_missing(store->change_preset(preset_id, bob, "", [](Preset&) { return Result<void>(); })));
  CHECK(is_missing(store->delete_preset(preset_id, bob, "")));
  CHECK(store->put_preset({.preset_id = preset_id}, bob).error().code == ErrorCode::conflict);
  CHECK(is_missing(store->audio(audio.audio_id, bob)));
  CHECK(is_missing(store->render(render.frame_id, bob)));
  CHECK(is_missing(store->asset(asset->asset_id, bob)));
  CHECK(is_missing(store->asset_of_name(name, {}, bob)));
  CHECK(is_missing(store->asset_of_file(asset->file_path, bob)));
  CHECK(is_missing(store->delete_asset(asset->asset_id, bob)));
  CHECK(is_missing(store->reservation(name, bob)));
  CHECK(store->audios({.avatar_id = id}, bob)->entries.empty());
  CHECK(store->renders({.avatar_id = id}, bob)->entries.empty());
  CHECK(store->assets({}, "", name, bob)->entries.empty());
  for (const Preset& one : store->presets({.limit = 1000}, bob)->entries) {
    CHECK(one.preset_id != preset_id);
  }
  // Each counts the versions of a name by itself.
  CHECK(store->add_asset(asset_of(name, name), bob)->version == 1);
  CHECK(store->asset_of_name(name, {}, anna)->asset_id == asset->asset_id);

  for (const Viewer& viewer : {anna, everything}) {
    CHECK(store->avatar(id, viewer));
    CHECK(store->session(session_id, viewer));
    CHECK(store->preset(preset_id, viewer));
    CHECK(store->audio(audio.audio_id, viewer));
    CHECK(store->render(render.frame_id, viewer));
    CHECK(store->asset(asset->asset_id, viewer));
    CHECK(store->audios({.avatar_id = id}, viewer)->entries.size() == 1);
  }
  const auto used = store->usage(anna.owner);
  REQUIRE(used->size() == 1);
  CHECK(used->front().counts.avatars == 1);
  CHECK(used->front().counts.sessions == 1);
  CHECK(used->front().counts.presets == 1);
  CHECK(used->front().bytes.audios == audio.file_size);
  CHECK(store->delete_asset(asset->asset_id, anna));
  CHECK(store->delete_avatar(id, anna, ""));
}

TEST_CASE("what was there before things had owners is everybody's") {
  Opened store("sqlite");
  store.store.reset();
  const std::string path = (store.folder / "old.db").string();
  store.url = "sqlite:///" + path;
  {
    auto old = open_sqlite(path);
    REQUIRE(old);
    const auto run = [&](const std::string& sql) {
      REQUIRE((*old)->write([&](Transaction& transaction) -> Result<void> {
        auto rows = transaction.run(sql);
        if (!rows) return std::unexpected(rows.error());
        return {};
      }));
    };
    run("CREATE TABLE schema_versions (version BIGINT PRIMARY KEY)");
    int version = 0;
    for (const char* name : {"001_entities", "002_ownership", "003_events"}) {
      std::string script = *read_text_file(std::filesystem::path(VIVAVOX_ROOT) / "shared/sql" /
                                           (std::string(name) + ".sql"));
      for (std::size_t end; (end = script.find(";\n")) != script.npos; script.erase(0, end + 2)) {
        run(script.substr(0, end));
      }
      run("INSERT INTO schema_versions VALUES (" + std::to_string(++version) + ")");
    }
    run("INSERT INTO avatars VALUES ('anna', 'anna', '{}', '{}', 'vivi', 1, 1, 7)");
    for (const char* one : {"'a1', 'face.glb'", "'a2', 'other.glb'"}) {
      run(std::string("INSERT INTO assets VALUES (") + one +
          ", 'model', 'face', 'ab/cd', 3, 'ab', 'model/gltf-binary', '{\"showable\":true}', 4, 1)");
    }
  }
  store.open();
  const Viewer bob{.owner = "bob"};
  const auto avatar = store->avatar("anna", bob);
  REQUIRE(avatar);
  CHECK((*avatar)->owner.empty());
  CHECK((*avatar)->version == 7);
  const auto asset = store->asset_of_name("face.glb", 4, bob);
  REQUIRE(asset);
  CHECK(asset->metadata.at("showable") == true);
  CHECK(store->assets({}, "", "face.glb", bob)->entries.size() == 1);
  CHECK(store->delete_asset("a1", bob).error().code == ErrorCode::forbidden);
  CHECK(store->add_asset(asset_of("face.glb", "x"), everything)->version == 5);
  CHECK(store->known_files()->assets.size() == 3);
}

TEST_CASE("what is everybody's is changed by all, and deleted by those who see all") {
  BOTH_SYSTEMS;
  const Viewer anna{.owner = fresh("anna")}, admin{.owner = fresh("admin"), .sees_all = true};
  const std::string id = fresh("avatar"), name = fresh("name");
  REQUIRE(store->avatar(id, admin));
  CHECK((*store->avatar(id, everything))->owner.empty());
  REQUIRE(store->put_preset({.preset_id = id}, admin));
  const auto asset = store->add_asset(asset_of(name, name), admin);
  CHECK(store->change_avatar(id, anna, {.state = {{"a", 1}}}));
  CHECK(store->put_preset({.preset_id = id, .description = "anna's"}, anna));
  CHECK(store->preset(id, admin)->description == "anna's");
  CHECK(store->asset(asset->asset_id, anna));
  CHECK(store->delete_avatar(id, anna, "").error().code == ErrorCode::forbidden);
  CHECK(store->delete_preset(id, anna, "").error().code == ErrorCode::forbidden);
  CHECK(store->delete_asset(asset->asset_id, anna).error().code == ErrorCode::forbidden);
  CHECK(store->delete_avatar(id, admin, ""));
  CHECK(store->delete_preset(id, admin, ""));
  CHECK(store->delete_asset(asset->asset_id, admin));
  CHECK((*store->avatar("default", anna))->owner.empty());
}

TEST_CASE("one owner makes no more than the quotas allow, also at one time") {
  Opened store(GENERATE(std::string("sqlite"), std::string("postgresql")));
  store.quotas = {.objects_per_key = 5, .bytes_per_key = 45};
  store.open();
  const Viewer anna{.owner = fresh("anna")}, bob{.owner = fresh("bob")};
  std::atomic<int> made = 0, refused = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 12; ++t) {
    threads.emplace_back([&] {
      const auto avatar = store->avatar(fresh("avatar"), anna);
      if (avatar) ++made;
      if (!avatar && avatar.error().code == ErrorCode::storage_full) ++refused;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(made == 5);
  CHECK(refused == 7);
  CHECK(store->usage(anna.owner)->front().counts.avatars == 5);
  const auto is_full = [](const auto& result) {
    return !result && result.error().code == ErrorCode::storage_full;
  };
  CHECK(is_full(store->put_preset({.preset_id = fresh("preset")}, anna)));
  CHECK(is_full(store->add_asset(asset_of(fresh("a"), "x"), anna)));
  CHECK(is_full(store->reserve_asset(fresh("a"), "x", anna)));
  CHECK(is_full(store->add_session({.session_id = fresh("s"), .avatar_id = "default"}, anna)));
  CHECK(is_full(store->add_audio(audio_of("default"), {}, {}, anna)));
  // Ten bytes each.
  for (int i = 0; i < 4; ++i) REQUIRE(store->add_audio(audio_of("default"), {}, {}, bob));
  const auto fifth = store->add_audio(audio_of("default"), {}, {}, bob);
  REQUIRE(is_full(fifth));
  CHECK(fifth.error().message.contains("MAX_STORAGE_PER_KEY"));
  CHECK(store->add_audio(audio_of("default"), {}, {}, everything));
}

TEST_CASE("all together make no more than the quota allows") {
  Opened store("sqlite");
  // Two presets are there from the start.
  store.quotas = {.objects = 4};
  store.open();
  CHECK(store->avatar("a", everything));
  CHECK(store->avatar("b", {.owner = "bob"}));
  CHECK(store->avatar("c", everything).error().code == ErrorCode::storage_full);
  CHECK(store->avatar("c", {.owner = "anna"}).error().code == ErrorCode::storage_full);
  CHECK(store->avatar("a", {.owner = "anna"}));
}

TEST_CASE("what is old is cleaned up") {
  BOTH_SYSTEMS;
  const std::string avatar = fresh("avatar");
  Audio old = audio_of(avatar);
  old.created_at = 1000;
  const Audio young = audio_of(avatar);
  REQUIRE(store->add_audio(old, {}, {}, everything));
  REQUIRE(store->add_audio(young, {}, {}, everything));
  const auto cleaned = store->clean_up(2000);
  REQUIRE(cleaned);
  CHECK(cleaned->audios == std::vector<std::string>{old.file_path});
  CHECK(store->audios({.avatar_id = avatar}, everything)->entries.size() == 1);
  const auto known = store->known_files();
  CHECK(std::ranges::contains(known->audios, young.file_path));
  CHECK(store->counts(everything)->presets >= 2);
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

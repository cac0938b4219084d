#include <catch2/catch_test_macros.hpp>

#include "server/store/opened_store.h"

using namespace vivavox;

TEST_CASE("a session's events are numbered, applied once and replayed") {
  BOTH_SYSTEMS;
  const std::string id = fresh("session");
  const std::int64_t now = now_ms();
  const Session begun{.session_id = id,
                      .avatar_id = fresh("a"),
                      .created_at = now,
                      .updated_at = now,
                      .expires_at = now + 60'000};
  const auto first = store->open_session(begun, everything);
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
  CHECK(store->open_session(begun, everything)->state.at("n") == 3);
  const auto missed = store->session_events(id, 1);
  REQUIRE(missed);
  REQUIRE(missed->size() == 2);
  CHECK((*missed)[0].data.at("n") == 2);
  CHECK(store->delete_session(id, everything, "") == true);
  CHECK(store->delete_session(id, everything, "") == false);
  const SessionEvent late{.session_id = id, .event = "patch", .epoch = first->epoch};
  CHECK(store->add_session_event(late).error().code == ErrorCode::not_found);
  const auto anew = store->open_session(begun, everything);
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
                              .expires_at = now - 5},
                             everything));
  const auto opened = store->open_session({.session_id = id,
                                           .avatar_id = "a",
                                           .created_at = now,
                                           .updated_at = now,
                                           .expires_at = now + 1000},
                                          everything);
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
                                .expires_at = now + 1000},
                               everything));
    if (keeps) {
      REQUIRE(store->keep_sessions(std::span(&id, 1)));
    } else {
      REQUIRE(
          store->open_session({.session_id = id, .avatar_id = "a", .created_at = now}, everything));
    }
    CHECK(store->session(id, everything)->expires_at > now + 3'000'000);
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

TEST_CASE("a session's name is free once that session is over") {
  BOTH_SYSTEMS;
  const Viewer anna{.owner = fresh("anna")}, bob{.owner = fresh("bob")};
  const std::int64_t now = now_ms();
  const Session session{.session_id = fresh("s"),
                        .avatar_id = "default",
                        .created_at = now,
                        .updated_at = now,
                        .expires_at = now + 60'000};
  REQUIRE(store->open_session(session, anna));
  CHECK(!store->open_session(session, bob));
  REQUIRE(store->delete_session(session.session_id, anna, "") == true);
  REQUIRE(store->open_session(session, bob));
  CHECK(!store->open_session(session, anna));
}

// Sessions: their state, their events and who is there.
#include "server/assets/sha256.h"
#include "server/json_text.h"
#include "server/store/store_queries.h"

namespace vivavox {

namespace json = boost::json;

namespace {

/// Sessions keep this many events for clients that reconnect, and give out so much of them
/// at one time.
constexpr std::int64_t kept_events = 1000;
constexpr std::int64_t most_replayed_bytes = std::int64_t{1} << 20;
/// A session that is used does not expire for this long.
constexpr std::int64_t kept_alive_ms = 3600 * 1000;

constexpr std::string_view session_columns =
    "session_id, avatar_id, metadata, state, last_seq, created_at, updated_at, expires_at, epoch, "
    "owner";
Session read_session(const SqlRow& row) {
  return {as_text(row[0]), as_text(row[1]), object_of(row[2]), object_of(row[3]), as_int(row[4]),
          as_int(row[5]),  as_int(row[6]),  as_int(row[7]),    as_int(row[8]),    as_text(row[9])};
}

constexpr std::string_view event_columns =
    "session_id, seq, client_id, operation_id, event, data, created_at";
SessionEvent read_event(const SqlRow& row) {
  return {as_text(row[0]), as_int(row[1]),    as_text(row[2]), as_text(row[3]),
          as_text(row[4]), object_of(row[5]), as_int(row[6])};
}

Result<void> insert_session(Transaction& transaction, const Quotas& quotas, const Session& session,
                            const Viewer& viewer) {
  if (auto made = ensure_avatar(transaction, quotas, session.avatar_id, viewer); !made) return made;
  auto metadata = kept_text(session.metadata, "the session's metadata");
  if (!metadata) return std::unexpected(metadata.error());
  auto added = transaction.run(
      "INSERT INTO sessions (session_id, avatar_id, metadata, state, last_seq, created_at, "
      "updated_at, expires_at, epoch, owner) VALUES ($1, $2, $3, '{}', 0, $4, $5, $6, $7, $8)",
      {session.session_id, session.avatar_id, *std::move(metadata), session.created_at,
       session.updated_at, session.expires_at, session.epoch, viewer.owner});
  if (!added) return std::unexpected(added.error());
  return check_quotas(transaction, quotas, viewer.owner);
}

Result<Session> locked_session(Transaction& transaction, const std::string& session_id,
                               const Viewer& viewer) {
  return shown_to(
      viewer,
      one_of<Session>(
          transaction.run(
              select(session_columns, "sessions WHERE session_id = $1 AND deleted_at IS NULL") +
                  std::string(transaction.for_update()),
              {session_id}),
          read_session, "session"),
      "session");
}

/// Gives the event its number, applies it to the session, which is locked, and tells it.
Result<void> apply_event(Transaction& transaction, Session& session, SessionEvent& event) {
  event.seq = ++session.last_seq;
  event.created_at = now_ms();
  if (event.event == "patch") merge(session.state, event.data);
  auto state = kept_text(session.state, "the session's state");
  if (!state) return std::unexpected(state.error());
  auto updated = transaction.run(
      "UPDATE sessions SET state = $1, last_seq = $2, updated_at = $3, expires_at = $4 "
      "WHERE session_id = $5",
      {*std::move(state), event.seq, event.created_at,
       std::max(session.expires_at, event.created_at + kept_alive_ms), event.session_id});
  if (!updated) return std::unexpected(updated.error());
  auto added = transaction.run(
      "INSERT INTO session_events (session_id, seq, client_id, operation_id, event, data, "
      "created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      {event.session_id, event.seq, event.client_id, event.operation_id, event.event,
       json_text(event.data), event.created_at});
  if (!added) return std::unexpected(added.error());
  if (event.seq > kept_events) {
    auto trimmed = transaction.run("DELETE FROM session_events WHERE session_id = $1 AND seq <= $2",
                                   {event.session_id, event.seq - kept_events});
    if (!trimmed) return std::unexpected(trimmed.error());
  }
  return transaction.notify(
      json_text(json::object{{"session", to_json(event)}, {"epoch", event.epoch}}));
}

/// What is told of somebody's coming, or of the going of their last connection.
Result<void> tell_presence(Transaction& transaction, const Presence& of, bool present) {
  if (!present) {
    auto others =
        transaction.run("SELECT 1 FROM presence WHERE session_id = $1 AND client_id = $2 LIMIT 1",
                        {of.session_id, of.client_id});
    if (!others) return std::unexpected(others.error());
    if (!others->empty()) return {};
  }
  return transaction.notify(json_text(json::object{{"presence",
                                                    {{"session_id", of.session_id},
                                                     {"event", "presence"},
                                                     {"client_id", of.client_id},
                                                     {"present", present}}},
                                                   {"connection", of.connection_id}}));
}

Result<void> insert_presence(Transaction& transaction, const std::string& process_id,
                             const Presence& one) {
  auto added =
      transaction.run("INSERT INTO presence VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                      {one.connection_id, process_id, one.session_id, one.client_id});
  if (!added) return std::unexpected(added.error());
  return tell_presence(transaction, one, true);
}

/// `condition` on the rows of those who are gone.
Result<void> delete_presence(Transaction& transaction, std::string_view condition,
                             const SqlValue& value) {
  auto rows = transaction.run(std::format("DELETE FROM presence WHERE {} RETURNING connection_id, "
                                          "session_id, client_id",
                                          condition),
                              {value});
  if (!rows) return std::unexpected(rows.error());
  for (const SqlRow& row : *rows) {
    const Presence gone{as_text(row[0]), as_text(row[1]), as_text(row[2])};
    if (auto told = tell_presence(transaction, gone, false); !told) return told;
  }
  return {};
}

}  // namespace

json::object to_json(const SessionEvent& event) {
  return {{"session_id", event.session_id},
          {"event", event.event},
          {"seq", event.seq},
          {"client_id", event.client_id},
          {"operation_id", event.operation_id},
          {"data", event.data},
          {"server_time_ms", event.created_at}};
}

Result<void> Store::add_session(const Session& session, const Viewer& viewer) {
  return database_->write([&](Transaction& transaction) -> Result<void> {
    if (auto locked = transaction.lock("session/" + session.session_id); !locked) return locked;
    auto earlier =
        transaction.run("SELECT 1 FROM sessions WHERE session_id = $1", {session.session_id});
    if (!earlier || !earlier->empty()) return done(std::move(earlier));
    Session begun = session;
    begun.epoch = session.created_at;
    return insert_session(transaction, quotas_, begun, viewer);
  });
}

Result<Session> Store::open_session(const Session& fresh, const Viewer& viewer) {
  Session session;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    // Of several who come at once one begins it.
    if (auto locked = transaction.lock("session/" + fresh.session_id); !locked) return locked;
    auto known =
        one_of<Session>(transaction.run(select(session_columns, "sessions WHERE session_id = $1") +
                                            std::string(transaction.for_update()),
                                        {fresh.session_id}),
                        read_session, "session");
    if (!known && known.error().code != ErrorCode::not_found) return std::unexpected(known.error());
    // A name that was another owner's is free once that session is over.
    auto live = locked_session(transaction, fresh.session_id, everything);
    if (live && live->expires_at > fresh.created_at && !viewer.may_see(live->owner)) {
      return fail(ErrorCode::not_found, "there is no such session");
    }
    if (live && live->expires_at > fresh.created_at) {
      session = *std::move(live);
      session.expires_at = std::max(session.expires_at, fresh.created_at + kept_alive_ms);
      return done(transaction.run("UPDATE sessions SET expires_at = $1 WHERE session_id = $2",
                                  {session.expires_at, session.session_id}));
    }
    auto cleared =
        transaction.run("DELETE FROM sessions WHERE session_id = $1", {fresh.session_id});
    if (!cleared) return std::unexpected(cleared.error());
    session = fresh;
    session.epoch = std::max(fresh.created_at, known ? known->epoch + 1 : 0);
    session.owner = viewer.owner;
    return insert_session(transaction, quotas_, session, viewer);
  });
  if (!written) return std::unexpected(written.error());
  return session;
}

Result<bool> Store::delete_session(const std::string& session_id, const Viewer& viewer,
                                   std::string_view if_match) {
  bool deleted = false;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    deleted = false;
    const auto is_there = is_deletable(locked_session(transaction, session_id, everything), viewer,
                                       if_match, "session");
    if (!is_there) return std::unexpected(is_there.error());
    if (!*is_there) return {};
    auto rows = transaction.run(
        "UPDATE sessions SET deleted_at = $1 WHERE session_id = $2 AND deleted_at IS NULL "
        "RETURNING epoch",
        {now_ms(), session_id});
    if (!rows) return std::unexpected(rows.error());
    deleted = !rows->empty();
    if (!deleted) return {};
    return transaction.notify(
        json_text(json::object{{"closed", session_id}, {"epoch", as_int(rows->front()[0])}}));
  });
  if (!written) return std::unexpected(written.error());
  return deleted;
}

Result<void> Store::keep_sessions(std::span<const std::string> session_ids) {
  if (session_ids.empty()) return {};
  const std::int64_t until = now_ms() + kept_alive_ms;
  std::vector<SqlRow> rows;
  for (const std::string& id : session_ids) rows.push_back({until, id});
  return database_->write([&](Transaction& transaction) {
    return transaction.run_batch(
        "UPDATE sessions SET expires_at = $1 WHERE session_id = $2 AND expires_at < $1", rows);
  });
}

Result<Session> Store::session(const std::string& session_id, const Viewer& viewer) {
  return shown_to(
      viewer,
      one_of<Session>(
          database_->read(
              select(session_columns, "sessions WHERE session_id = $1 AND deleted_at IS NULL"),
              {session_id}),
          read_session, "session"),
      "session");
}

Result<Session> Store::patch_session(const std::string& session_id, const Viewer& viewer,
                                     const json::object& keys, std::string_view if_match) {
  Session session;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    auto locked = locked_session(transaction, session_id, viewer);
    if (!locked) return std::unexpected(locked.error());
    if (auto same = check_unchanged(if_match, etag_of(*locked)); !same) return same;
    session = *std::move(locked);
    SessionEvent event{.session_id = session_id,
                       .operation_id = random_hex(8),
                       .event = "patch",
                       .data = keys,
                       .epoch = session.epoch};
    return apply_event(transaction, session, event);
  });
  if (!written) return std::unexpected(written.error());
  return session;
}

Result<std::optional<SessionEvent>> Store::add_session_event(SessionEvent event) {
  bool applied_before = false;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    // Its sender was let in when it connected.
    auto session = locked_session(transaction, event.session_id, everything);
    if (!session) return std::unexpected(session.error());
    if (session->epoch != event.epoch) {
      return fail(ErrorCode::not_found, "this session is over, another has begun: connect again");
    }
    auto same = transaction.run(
        "SELECT seq FROM session_events WHERE session_id = $1 AND client_id = $2 AND operation_id "
        "= $3",
        {event.session_id, event.client_id, event.operation_id});
    if (!same) return std::unexpected(same.error());
    applied_before = !same->empty();
    if (applied_before) return {};
    return apply_event(transaction, *session, event);
  });
  if (!written) return std::unexpected(written.error());
  if (applied_before) return std::nullopt;
  return event;
}

Result<std::vector<SessionEvent>> Store::session_events(const std::string& session_id,
                                                        std::int64_t since) {
  auto bytes = database_->read(
      "SELECT COALESCE(SUM(LENGTH(data)), 0) FROM session_events WHERE session_id = $1 AND seq > "
      "$2",
      {session_id, since});
  if (!bytes) return std::unexpected(bytes.error());
  if (as_int(bytes->front()[0]) > most_replayed_bytes) return std::vector<SessionEvent>();
  return all_of<SessionEvent>(
      database_->read(
          select(event_columns, "session_events WHERE session_id = $1 AND seq > $2 ORDER BY seq"),
          {session_id, since}),
      read_event);
}

Result<void> Store::add_presence(const std::string& process_id, const Presence& presence) {
  return database_->write(
      [&](Transaction& transaction) { return insert_presence(transaction, process_id, presence); });
}

Result<void> Store::remove_presence(const std::string& connection_id) {
  return database_->write([&](Transaction& transaction) {
    return delete_presence(transaction, "connection_id = $1", connection_id);
  });
}

Result<std::vector<std::string>> Store::present_clients(const std::string& session_id) {
  auto rows = database_->read(
      "SELECT DISTINCT client_id FROM presence WHERE session_id = $1 ORDER BY client_id",
      {session_id});
  if (!rows) return std::unexpected(rows.error());
  return first_column(*rows);
}

Result<void> Store::confirm_presence(const std::string& process_id,
                                     std::span<const Presence> present,
                                     std::int64_t longest_silence_ms) {
  const auto now = database_->clock_ms();
  if (!now) return std::unexpected(now.error());
  return database_->write([&](Transaction& transaction) -> Result<void> {
    auto seen = transaction.run(
        "INSERT INTO processes VALUES ($1, $2) ON CONFLICT (process_id) DO UPDATE SET seen_at = "
        "excluded.seen_at",
        {process_id, *now});
    if (!seen) return std::unexpected(seen.error());
    auto rows =
        transaction.run("SELECT connection_id FROM presence WHERE process_id = $1", {process_id});
    if (!rows) return std::unexpected(rows.error());
    std::vector<std::string> noted = first_column(*rows);
    for (const Presence& one : present) {
      if (std::erase(noted, one.connection_id) > 0) continue;
      if (auto added = insert_presence(transaction, process_id, one); !added) return added;
    }
    for (const std::string& gone : noted) {
      if (auto left = delete_presence(transaction, "connection_id = $1", gone); !left) return left;
    }
    const std::int64_t oldest = *now - longest_silence_ms;
    auto silent =
        transaction.run("DELETE FROM processes WHERE seen_at < $1 RETURNING process_id", {oldest});
    if (!silent) return std::unexpected(silent.error());
    return delete_presence(transaction,
                           "process_id <> $1 AND process_id NOT IN (SELECT process_id FROM "
                           "processes)",
                           process_id);
  });
}

}  // namespace vivavox

#include "server/store/store.h"

#include <algorithm>
#include <chrono>
#include <format>

#include "server/assets/sha256.h"
#include "server/json_text.h"
#include "server/store/statement.h"

namespace vivavox {

namespace json = boost::json;

namespace {

/// Sessions keep this many events for clients that reconnect.
constexpr std::int64_t kept_events = 1000;
/// So long it is known that a render was there.
constexpr std::int64_t kept_gone_ms = std::int64_t{30} * 24 * 3600 * 1000;
/// A session that is used does not expire for this long.
constexpr std::int64_t kept_alive_ms = 3600 * 1000;

json::object object_of(const SqlValue& value) {
  const std::string& text = as_text(value);
  return text.empty() ? json::object() : json::parse(text).as_object();
}

void merge(json::object& into, const json::object& from) {
  for (const auto& [key, value] : from) into.insert_or_assign(key, value);
}

/// Reads a row of each into the value type.
template <class T, class Read>
Result<std::vector<T>> all_of(Result<SqlRows> rows, Read read) {
  if (!rows) return std::unexpected(std::move(rows.error()));
  std::vector<T> values;
  values.reserve(rows->size());
  for (const SqlRow& row : *rows) values.push_back(read(row));
  return values;
}

template <class T, class Read>
Result<T> one_of(Result<SqlRows> rows, Read read, std::string_view what) {
  if (!rows) return std::unexpected(std::move(rows.error()));
  if (rows->empty()) return fail(ErrorCode::not_found, std::format("there is no such {}", what));
  return read(rows->front());
}

// --- rows ↔ values: each list of columns and its reader side by side ---------

constexpr std::string_view avatar_columns =
    "avatar_id, name, state, traits, model_id, created_at, updated_at, version";
StoredAvatar read_stored_avatar(const SqlRow& row) {
  return {as_text(row[0]), as_text(row[1]), as_text(row[2]), as_text(row[3]),
          as_text(row[4]), as_int(row[5]),  as_int(row[6]),  as_int(row[7])};
}

constexpr std::string_view session_columns =
    "session_id, avatar_id, metadata, state, last_seq, created_at, updated_at, expires_at, epoch";
Session read_session(const SqlRow& row) {
  return {as_text(row[0]), as_text(row[1]), object_of(row[2]), object_of(row[3]), as_int(row[4]),
          as_int(row[5]),  as_int(row[6]),  as_int(row[7]),    as_int(row[8])};
}

constexpr std::string_view event_columns =
    "session_id, seq, client_id, operation_id, event, data, created_at";
SessionEvent read_event(const SqlRow& row) {
  return {as_text(row[0]), as_int(row[1]),    as_text(row[2]), as_text(row[3]),
          as_text(row[4]), object_of(row[5]), as_int(row[6])};
}

constexpr std::string_view preset_columns = "preset_id, name, description, category, preset_values";
Preset read_preset(const SqlRow& row) {
  return {as_text(row[0]), as_text(row[1]), as_text(row[2]), as_text(row[3]), object_of(row[4])};
}

constexpr std::string_view render_columns =
    "frame_id, avatar_id, prompt, width, height, format, file_path, file_size, duration_ms, "
    "request_hash, created_at";
Render read_render(const SqlRow& row) {
  return {as_text(row[0]),     as_text(row[1]), as_text(row[2]), int(as_int(row[3])),
          int(as_int(row[4])), as_text(row[5]), as_text(row[6]), as_int(row[7]),
          as_int(row[8]),      as_text(row[9]), as_int(row[10])};
}

constexpr std::string_view audio_columns =
    "audio_id, avatar_id, text, voice_id, duration_ms, sample_rate, file_path, file_size, "
    "created_at";
Audio read_audio(const SqlRow& row) {
  return {as_text(row[0]),     as_text(row[1]), as_text(row[2]), as_text(row[3]), as_int(row[4]),
          int(as_int(row[5])), as_text(row[6]), as_int(row[7]),  as_int(row[8])};
}

constexpr std::string_view asset_columns =
    "asset_id, name, asset_type, label, file_path, file_size, checksum, mime_type, metadata, "
    "version, created_at";
Asset read_asset(const SqlRow& row) {
  return {as_text(row[0]),   as_text(row[1]),     as_text(row[2]), as_text(row[3]),
          as_text(row[4]),   as_int(row[5]),      as_text(row[6]), as_text(row[7]),
          object_of(row[8]), int(as_int(row[9])), as_int(row[10])};
}

std::string select(std::string_view columns, std::string_view rest) {
  return std::format("SELECT {} FROM {}", columns, rest);
}

std::vector<std::string> first_column(const SqlRows& rows) {
  std::vector<std::string> texts;
  for (const SqlRow& row : rows) texts.push_back(as_text(row[0]));
  return texts;
}

// --- steps of transactions ----------------------------------------------------

Result<void> ensure_avatar(Transaction& transaction, const std::string& avatar_id) {
  static const std::string state = json_text(json::object{
      {"emotion", "neutral"}, {"intensity", 0.5}, {"pose", "idle"}, {"voice_attached", false}});
  const std::int64_t now = now_ms();
  return done(transaction.run(
      "INSERT INTO avatars (avatar_id, name, state, traits, model_id, created_at, updated_at) "
      "VALUES ($1, $2, $3, '{}', 'vivi', $4, $5) ON CONFLICT DO NOTHING",
      {avatar_id, avatar_id, state, now, now}));
}

Result<StoredAvatar> locked_avatar(Transaction& transaction, const std::string& avatar_id) {
  const std::string sql = select(avatar_columns, "avatars WHERE avatar_id = $1") +
                          std::string(transaction.for_update());
  auto avatar =
      one_of<StoredAvatar>(transaction.run(sql, {avatar_id}), read_stored_avatar, "avatar");
  if (avatar || avatar.error().code != ErrorCode::not_found) return avatar;
  if (auto made = ensure_avatar(transaction, avatar_id); !made)
    return std::unexpected(made.error());
  return one_of<StoredAvatar>(transaction.run(sql, {avatar_id}), read_stored_avatar, "avatar");
}

Result<void> insert_session(Transaction& transaction, const Session& session) {
  if (auto made = ensure_avatar(transaction, session.avatar_id); !made) return made;
  return done(transaction.run(
      "INSERT INTO sessions (session_id, avatar_id, metadata, state, last_seq, created_at, "
      "updated_at, expires_at, epoch) VALUES ($1, $2, $3, '{}', 0, $4, $5, $6, $7)",
      {session.session_id, session.avatar_id, json_text(session.metadata), session.created_at,
       session.updated_at, session.expires_at, session.epoch}));
}

Result<Session> locked_session(Transaction& transaction, const std::string& session_id) {
  return one_of<Session>(
      transaction.run(
          select(session_columns, "sessions WHERE session_id = $1 AND deleted_at IS NULL") +
              std::string(transaction.for_update()),
          {session_id}),
      read_session, "session");
}

/// What is told of an avatar, with the number of the change.
Result<void> tell_avatar(Transaction& transaction, const std::string& avatar_id,
                         const AvatarEvent& event, std::int64_t version) {
  if (event.name.empty()) return {};
  json::object told{{"avatar_id", avatar_id}, {"event", event.name}, {"seq", version}};
  for (const auto& [key, value] : event.data) told.insert_or_assign(key, value);
  return transaction.notify(json_text(json::object{{"avatar", std::move(told)}}));
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

/// Deletes the rows of `table` where `condition` holds; their files' names.
Result<std::vector<std::string>> delete_with_files(Transaction& transaction, std::string_view table,
                                                   std::string_view condition,
                                                   const SqlValue& value) {
  auto rows = transaction.run(
      std::format("DELETE FROM {} WHERE {} RETURNING file_path", table, condition), {value});
  if (!rows) return std::unexpected(rows.error());
  return first_column(*rows);
}

/// Who asks for these renders shall hear that they were there.
Result<void> note_gone(Transaction& transaction, std::span<const std::string> renders) {
  const std::int64_t now = now_ms();
  std::vector<SqlRow> rows;
  for (const std::string& file : renders) rows.push_back({file, now});
  if (auto noted = transaction.run_batch(
          "INSERT INTO gone_renders VALUES ($1, $2) ON CONFLICT DO NOTHING", rows);
      !noted) {
    return noted;
  }
  return done(transaction.run("DELETE FROM gone_renders WHERE gone_at < $1", {now - kept_gone_ms}));
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

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Store::Store(std::unique_ptr<Database> database)
    : database_(std::move(database)), cache_(database_->is_exclusive()) {}

// --- avatars --------------------------------------------------------------------

Result<StoredAvatarPtr> Store::avatar(const std::string& avatar_id) {
  if (StoredAvatarPtr cached = cache_.find(avatar_id)) return cached;
  const std::uint64_t number = cache_.next_number();
  auto found = one_of<StoredAvatar>(
      database_->read(select(avatar_columns, "avatars WHERE avatar_id = $1"), {avatar_id}),
      read_stored_avatar, "avatar");
  if (!found) {
    if (found.error().code != ErrorCode::not_found) return std::unexpected(found.error());
    return change_avatar(avatar_id, {});
  }
  auto avatar = std::make_shared<const StoredAvatar>(*std::move(found));
  cache_.keep_read(avatar, number);
  return avatar;
}

Result<StoredAvatarPtr> Store::change_avatar(const std::string& avatar_id,
                                             const AvatarChange& change) {
  auto avatar = std::make_shared<StoredAvatar>();
  std::uint64_t number = 0;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    auto locked = locked_avatar(transaction, avatar_id);
    if (!locked) return std::unexpected(locked.error());
    *avatar = *std::move(locked);
    number = cache_.next_number();
    json::object state = json::parse(avatar->state).as_object();
    json::object traits = json::parse(avatar->traits).as_object();
    merge(state, change.state);
    merge(traits, change.traits);
    avatar->state = json_text(state);
    avatar->traits = json_text(traits);
    if (change.model_id) avatar->model_id = *change.model_id;
    avatar->updated_at = now_ms();
    if (!change.event.name.empty()) ++avatar->version;
    auto updated = transaction.run(
        "UPDATE avatars SET state = $1, traits = $2, model_id = $3, updated_at = $4, version = $5 "
        "WHERE avatar_id = $6",
        {avatar->state, avatar->traits, avatar->model_id, avatar->updated_at, avatar->version,
         avatar_id});
    if (!updated) return std::unexpected(updated.error());
    AvatarEvent event = change.event;
    if (!change.state.empty()) event.data["state"] = std::move(state);
    return tell_avatar(transaction, avatar_id, event, avatar->version);
  });
  if (!written) return std::unexpected(written.error());
  cache_.keep_written(avatar, number);
  return avatar;
}

Result<ForgottenFiles> Store::delete_avatar(const std::string& avatar_id) {
  ForgottenFiles files;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    auto renders = delete_with_files(transaction, "renders", "avatar_id = $1", avatar_id);
    if (!renders) return std::unexpected(renders.error());
    auto audios = delete_with_files(transaction, "audios", "avatar_id = $1", avatar_id);
    if (!audios) return std::unexpected(audios.error());
    auto gone =
        transaction.run("DELETE FROM avatars WHERE avatar_id = $1 RETURNING version", {avatar_id});
    if (!gone) return std::unexpected(gone.error());
    if (gone->empty()) return fail(ErrorCode::not_found, "there is no such avatar");
    files = {.renders = *std::move(renders), .audios = *std::move(audios), .assets = {}};
    return tell_avatar(transaction, avatar_id, {"deleted", {}}, as_int(gone->front()[0]) + 1);
  });
  cache_.forget(avatar_id);
  if (!written) return std::unexpected(written.error());
  return files;
}

// --- sessions -------------------------------------------------------------------

Result<void> Store::add_session(const Session& session) {
  return database_->write([&](Transaction& transaction) {
    Session begun = session;
    begun.epoch = session.created_at;
    return insert_session(transaction, begun);
  });
}

Result<Session> Store::open_session(const Session& fresh) {
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
    auto live = locked_session(transaction, fresh.session_id);
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
    return insert_session(transaction, session);
  });
  if (!written) return std::unexpected(written.error());
  return session;
}

Result<bool> Store::delete_session(const std::string& session_id) {
  bool deleted = false;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
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

Result<Session> Store::session(const std::string& session_id) {
  return one_of<Session>(
      database_->read(
          select(session_columns, "sessions WHERE session_id = $1 AND deleted_at IS NULL"),
          {session_id}),
      read_session, "session");
}

Result<std::optional<SessionEvent>> Store::add_session_event(SessionEvent event) {
  bool applied_before = false;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    auto session = locked_session(transaction, event.session_id);
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
    event.seq = session->last_seq + 1;
    event.created_at = now_ms();
    if (event.event == "patch") merge(session->state, event.data);
    auto updated = transaction.run(
        "UPDATE sessions SET state = $1, last_seq = $2, updated_at = $3, expires_at = $4 "
        "WHERE session_id = $5",
        {json_text(session->state), event.seq, event.created_at,
         std::max(session->expires_at, event.created_at + kept_alive_ms), event.session_id});
    if (!updated) return std::unexpected(updated.error());
    auto added = transaction.run(
        "INSERT INTO session_events (session_id, seq, client_id, operation_id, event, data, "
        "created_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        {event.session_id, event.seq, event.client_id, event.operation_id, event.event,
         json_text(event.data), event.created_at});
    if (!added) return std::unexpected(added.error());
    if (event.seq > kept_events) {
      auto trimmed =
          transaction.run("DELETE FROM session_events WHERE session_id = $1 AND seq <= $2",
                          {event.session_id, event.seq - kept_events});
      if (!trimmed) return std::unexpected(trimmed.error());
    }
    return transaction.notify(
        json_text(json::object{{"session", to_json(event)}, {"epoch", event.epoch}}));
  });
  if (!written) return std::unexpected(written.error());
  if (applied_before) return std::nullopt;
  return event;
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

Result<std::vector<SessionEvent>> Store::session_events(const std::string& session_id,
                                                        std::int64_t since) {
  return all_of<SessionEvent>(
      database_->read(
          select(event_columns, "session_events WHERE session_id = $1 AND seq > $2 ORDER BY seq"),
          {session_id, since}),
      read_event);
}

// --- presets and config -----------------------------------------------------------

Result<std::vector<Preset>> Store::presets() {
  return all_of<Preset>(
      database_->read(select(preset_columns, "presets ORDER BY created_at, preset_id")),
      read_preset);
}

Result<Preset> Store::preset(const std::string& preset_id) {
  return one_of<Preset>(
      database_->read(select(preset_columns, "presets WHERE preset_id = $1"), {preset_id}),
      read_preset, "preset");
}

Result<void> Store::put_preset(const Preset& preset) {
  return database_->write([&](Transaction& transaction) {
    return done(transaction.run(
        "INSERT INTO presets (preset_id, name, description, category, preset_values, created_at) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (preset_id) DO UPDATE SET name = "
        "excluded.name, "
        "description = excluded.description, category = excluded.category, "
        "preset_values = excluded.preset_values",
        {preset.preset_id, preset.name, preset.description, preset.category,
         json_text(preset.values), now_ms()}));
  });
}

Result<void> Store::delete_preset(const std::string& preset_id) {
  return database_->write([&](Transaction& transaction) {
    return done(transaction.run("DELETE FROM presets WHERE preset_id = $1", {preset_id}));
  });
}

Result<std::map<std::string, std::string>> Store::config() {
  auto rows = database_->read("SELECT key, value FROM config");
  if (!rows) return std::unexpected(rows.error());
  std::map<std::string, std::string> values;
  for (const SqlRow& row : *rows) values.emplace(as_text(row[0]), as_text(row[1]));
  return values;
}

Result<void> Store::set_config(const std::map<std::string, std::string>& values) {
  return database_->write([&](Transaction& transaction) {
    std::vector<SqlRow> rows;
    for (const auto& [key, value] : values) rows.push_back({key, value});
    return transaction.run_batch(
        "INSERT INTO config (key, value, description) VALUES ($1, $2, '') "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        rows);
  });
}

// --- audios and renders -------------------------------------------------------------

Result<void> Store::add_audio(const Audio& audio, std::span<const Phoneme> phonemes,
                              const AvatarEvent& event) {
  return database_->write([&](Transaction& transaction) -> Result<void> {
    if (auto made = ensure_avatar(transaction, audio.avatar_id); !made) return made;
    auto added = transaction.run(
        std::format("INSERT INTO audios ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                    audio_columns),
        {audio.audio_id, audio.avatar_id, audio.text, audio.voice_id, audio.duration_ms,
         std::int64_t{audio.sample_rate}, audio.file_path, audio.file_size, audio.created_at});
    if (!added) return std::unexpected(added.error());
    std::vector<SqlRow> rows;
    for (const Phoneme& one : phonemes) {
      rows.push_back({audio.audio_id, static_cast<std::int64_t>(rows.size()), one.phoneme, one.ipa,
                      one.start_ms, one.end_ms, one.viseme, one.confidence});
    }
    auto timed =
        transaction.run_batch("INSERT INTO phonemes VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", rows);
    if (!timed || event.name.empty()) return timed;
    auto counted = transaction.run(
        "UPDATE avatars SET version = version + 1 WHERE avatar_id = $1 RETURNING version",
        {audio.avatar_id});
    if (!counted) return std::unexpected(counted.error());
    return tell_avatar(transaction, audio.avatar_id, event, as_int(counted->front()[0]));
  });
}

Result<Audio> Store::audio(const std::string& audio_id) {
  return one_of<Audio>(
      database_->read(select(audio_columns, "audios WHERE audio_id = $1"), {audio_id}), read_audio,
      "audio");
}

Result<std::vector<Phoneme>> Store::phonemes(const std::string& audio_id) {
  return all_of<Phoneme>(
      database_->read("SELECT phoneme, ipa, start_ms, end_ms, viseme, confidence FROM phonemes "
                      "WHERE audio_id = $1 ORDER BY position",
                      {audio_id}),
      [](const SqlRow& row) {
        return Phoneme{as_text(row[0]), as_text(row[1]), as_int(row[2]),
                       as_int(row[3]),  as_text(row[4]), as_double(row[5])};
      });
}

namespace {
Result<SqlRows> read_page(Database& database, std::string_view columns, std::string_view table,
                          const Page& page) {
  if (page.avatar_id.empty()) {
    return database.read(
        select(columns, std::format("{} ORDER BY created_at DESC LIMIT $1 OFFSET $2", table)),
        {std::int64_t{page.limit}, std::int64_t{page.offset}});
  }
  return database.read(
      select(columns,
             std::format("{} WHERE avatar_id = $1 ORDER BY created_at DESC LIMIT $2 OFFSET $3",
                         table)),
      {page.avatar_id, std::int64_t{page.limit}, std::int64_t{page.offset}});
}
}  // namespace

Result<std::vector<Audio>> Store::audios(const Page& page) {
  return all_of<Audio>(read_page(*database_, audio_columns, "audios", page), read_audio);
}

Result<void> insert_renders(Transaction& transaction, std::span<const Render> renders) {
  std::vector<SqlRow> rows;
  for (const Render& one : renders) {
    if (auto made = ensure_avatar(transaction, one.avatar_id); !made) return made;
    rows.push_back({one.frame_id, one.avatar_id, one.prompt, std::int64_t{one.width},
                    std::int64_t{one.height}, one.format, one.file_path, one.file_size,
                    one.duration_ms, one.request_hash, one.created_at, one.created_at});
  }
  return transaction.run_batch(
      std::format("INSERT INTO renders ({}, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
                  "$10, $11, $12)",
                  render_columns),
      rows);
}

Result<void> Store::add_renders(std::span<const Render> renders) {
  return database_->write(
      [&](Transaction& transaction) { return insert_renders(transaction, renders); });
}

Result<std::vector<Render>> Store::renders(const Page& page) {
  return all_of<Render>(read_page(*database_, render_columns, "renders", page), read_render);
}

Result<Render> Store::render_of_request(const std::string& request_hash) {
  return one_of<Render>(
      database_->read(select(render_columns,
                             "renders WHERE request_hash = $1 ORDER BY created_at DESC LIMIT 1"),
                      {request_hash}),
      read_render, "render");
}

// --- assets -------------------------------------------------------------------------

Result<Asset> Store::add_asset(Asset asset) {
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    if (auto locked = transaction.lock("asset/" + asset.name); !locked) return locked;
    auto newest = transaction.run("SELECT MAX(version) FROM assets WHERE name = $1", {asset.name});
    if (!newest) return std::unexpected(newest.error());
    asset.version = static_cast<int>(as_int((*newest)[0][0])) + 1;
    auto used = transaction.run("DELETE FROM reservations WHERE asset_id = $1", {asset.asset_id});
    if (!used) return std::unexpected(used.error());
    return done(transaction.run(
        std::format("INSERT INTO assets ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                    asset_columns),
        {asset.asset_id, asset.name, asset.type, asset.label, asset.file_path, asset.file_size,
         asset.sha256, asset.mime_type, json_text(asset.metadata), std::int64_t{asset.version},
         asset.created_at}));
  });
  if (!written) return std::unexpected(written.error());
  return asset;
}

Result<Asset> Store::asset(const std::string& asset_id) {
  return one_of<Asset>(
      database_->read(select(asset_columns, "assets WHERE asset_id = $1"), {asset_id}), read_asset,
      "asset");
}

Result<Asset> Store::asset_of_name(const std::string& name, std::optional<int> version) {
  return one_of<Asset>(
      version ? database_->read(select(asset_columns, "assets WHERE name = $1 AND version = $2"),
                                {name, std::int64_t{*version}})
              : database_->read(
                    select(asset_columns, "assets WHERE name = $1 ORDER BY version DESC LIMIT 1"),
                    {name}),
      read_asset, "asset");
}

Result<std::vector<Asset>> Store::assets(const Page& page, const std::string& words,
                                         const std::string& name) {
  if (!name.empty()) {
    return all_of<Asset>(
        database_->read(select(asset_columns,
                               "assets WHERE name = $1 ORDER BY version DESC LIMIT $2 OFFSET $3"),
                        {name, std::int64_t{page.limit}, std::int64_t{page.offset}}),
        read_asset);
  }
  std::string pattern = "%";
  for (const char c : words) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  pattern += '%';
  return all_of<Asset>(
      database_->read(select(asset_columns,
                             "assets WHERE LOWER(name || ' ' || label || ' ' || asset_type) LIKE "
                             "LOWER($1) ESCAPE '!' "
                             "AND version = (SELECT MAX(version) FROM assets AS other WHERE "
                             "other.name = assets.name) "
                             "ORDER BY created_at DESC LIMIT $2 OFFSET $3"),
                      {pattern, std::int64_t{page.limit}, std::int64_t{page.offset}}),
      read_asset);
}

Result<std::optional<ForgottenFiles>> Store::delete_asset(const std::string& asset_id) {
  std::optional<ForgottenFiles> files;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    auto gone = delete_with_files(transaction, "assets", "asset_id = $1", asset_id);
    if (!gone) return std::unexpected(gone.error());
    files.reset();
    if (gone->empty()) return {};
    auto others =
        transaction.run("SELECT 1 FROM assets WHERE file_path = $1 LIMIT 1", {gone->front()});
    if (!others) return std::unexpected(others.error());
    files.emplace();
    if (others->empty()) files->assets = *std::move(gone);
    return {};
  });
  if (!written) return std::unexpected(written.error());
  return files;
}

Result<std::string> Store::file_of_content(const std::string& sha256) {
  return one_of<std::string>(
      database_->read("SELECT file_path FROM assets WHERE checksum = $1 LIMIT 1", {sha256}),
      [](const SqlRow& row) { return as_text(row[0]); }, "content");
}

Result<void> Store::reserve_asset(const std::string& asset_id, const std::string& name) {
  return database_->write([&](Transaction& transaction) {
    return done(transaction.run("INSERT INTO reservations VALUES ($1, $2, $3)",
                                {asset_id, name, now_ms()}));
  });
}

Result<std::string> Store::reservation(const std::string& asset_id) {
  return one_of<std::string>(
      database_->read("SELECT name FROM reservations WHERE asset_id = $1", {asset_id}),
      [](const SqlRow& row) { return as_text(row[0]); }, "reserved asset");
}

Result<std::vector<std::string>> Store::reserved_ids() {
  auto rows = database_->read("SELECT asset_id FROM reservations");
  if (!rows) return std::unexpected(rows.error());
  return first_column(*rows);
}

// --- the whole ------------------------------------------------------------------------

Result<Counts> Store::counts() {
  auto rows = database_->read(
      "SELECT (SELECT COUNT(*) FROM avatars), (SELECT COUNT(*) FROM sessions WHERE deleted_at IS "
      "NULL), "
      "(SELECT COUNT(*) FROM presets), (SELECT COUNT(*) FROM renders), (SELECT COUNT(*) FROM "
      "audios), "
      "(SELECT COUNT(*) FROM assets)");
  if (!rows) return std::unexpected(rows.error());
  const SqlRow& row = rows->front();
  return Counts{as_int(row[0]), as_int(row[1]), as_int(row[2]),
                as_int(row[3]), as_int(row[4]), as_int(row[5])};
}

Result<StoredBytes> Store::stored_bytes() {
  auto rows = database_->read(
      "SELECT (SELECT CAST(COALESCE(SUM(file_size), 0) AS BIGINT) FROM renders), "
      "(SELECT CAST(COALESCE(SUM(file_size), 0) AS BIGINT) FROM audios), "
      "(SELECT CAST(COALESCE(SUM(file_size), 0) AS BIGINT) FROM assets), "
      "(SELECT COUNT(*) FROM renders)");
  if (!rows) return std::unexpected(rows.error());
  const SqlRow& row = rows->front();
  return StoredBytes{as_int(row[0]), as_int(row[1]), as_int(row[2]), as_int(row[3])};
}

Result<void> Store::note_renders_used(std::span<const std::string> files, std::int64_t used_at) {
  return database_->write([&](Transaction& transaction) {
    std::vector<SqlRow> rows;
    for (const std::string& file : files) rows.push_back({used_at, file});
    return transaction.run_batch("UPDATE renders SET used_at = $1 WHERE file_path = $2", rows);
  });
}

Result<ForgottenFiles> Store::trim_renders(std::int64_t most_bytes, std::int64_t most_files,
                                           std::int64_t since_ms) {
  ForgottenFiles files;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    auto rows = transaction.run(
        "DELETE FROM renders WHERE used_at < $1 OR frame_id IN (SELECT frame_id FROM (SELECT "
        "frame_id, SUM(file_size) OVER (ORDER BY used_at DESC, frame_id) AS total, ROW_NUMBER() "
        "OVER (ORDER BY used_at DESC, frame_id) AS place FROM renders) AS sums WHERE total > $2 OR "
        "place > $3) RETURNING file_path",
        {since_ms, most_bytes, most_files});
    if (!rows) return std::unexpected(rows.error());
    files.renders = first_column(*rows);
    return note_gone(transaction, files.renders);
  });
  if (!written) return std::unexpected(written.error());
  return files;
}

Result<bool> Store::is_gone_render(const std::string& file) {
  auto rows = database_->read("SELECT 1 FROM gone_renders WHERE file_path = $1", {file});
  if (!rows) return std::unexpected(rows.error());
  return !rows->empty();
}

Result<ForgottenFiles> Store::clean_up(std::int64_t before_ms) {
  ForgottenFiles files;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    const std::int64_t now = now_ms();
    auto ended = transaction.run(
        "UPDATE sessions SET deleted_at = $1 WHERE expires_at < $2 AND deleted_at IS NULL",
        {now, now});
    if (!ended || before_ms == 0) return done(std::move(ended));
    auto renders = delete_with_files(transaction, "renders", "created_at < $1", before_ms);
    if (!renders) return std::unexpected(renders.error());
    auto audios = delete_with_files(transaction, "audios", "created_at < $1", before_ms);
    if (!audios) return std::unexpected(audios.error());
    if (auto noted = note_gone(transaction, *renders); !noted) return noted;
    files = {.renders = *std::move(renders), .audios = *std::move(audios), .assets = {}};
    auto sessions = transaction.run("DELETE FROM sessions WHERE deleted_at < $1", {before_ms});
    if (!sessions) return std::unexpected(sessions.error());
    return done(transaction.run("DELETE FROM reservations WHERE created_at < $1", {before_ms}));
  });
  if (!written) return std::unexpected(written.error());
  return files;
}

Result<ForgottenFiles> Store::known_files() {
  auto renders = database_->read("SELECT file_path FROM renders");
  if (!renders) return std::unexpected(renders.error());
  auto audios = database_->read("SELECT file_path FROM audios");
  if (!audios) return std::unexpected(audios.error());
  auto assets = database_->read("SELECT file_path FROM assets");
  if (!assets) return std::unexpected(assets.error());
  return ForgottenFiles{first_column(*renders), first_column(*audios), first_column(*assets)};
}

Result<std::string> Store::database_id() {
  std::string id;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    auto made = transaction.run("INSERT INTO instance VALUES (1, $1) ON CONFLICT DO NOTHING",
                                {random_hex(16)});
    if (!made) return std::unexpected(made.error());
    auto rows = transaction.run("SELECT database_id FROM instance");
    if (!rows) return std::unexpected(rows.error());
    id = as_text(rows->front()[0]);
    return {};
  });
  if (!written) return std::unexpected(written.error());
  return id;
}

Result<std::vector<std::string>> Store::claimed_folders() {
  auto rows = database_->read("SELECT kind FROM claimed_folders");
  if (!rows) return std::unexpected(rows.error());
  return first_column(*rows);
}

Result<void> Store::note_claimed_folder(const std::string& kind) {
  return database_->write([&](Transaction& transaction) {
    return done(transaction.run(
        "INSERT INTO claimed_folders VALUES ($1, $2) ON CONFLICT DO NOTHING", {kind, now_ms()}));
  });
}

}  // namespace vivavox

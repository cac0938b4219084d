#include "server/store/store.h"

#include <algorithm>
#include <chrono>
#include <format>

#include "server/assets/sha256.h"
#include "server/json_text.h"
#include "server/store/precondition.h"
#include "server/store/statement.h"

namespace vivavox {

namespace json = boost::json;

namespace {

/// Sessions keep this many events for clients that reconnect, and give out so much of them
/// at one time.
constexpr std::int64_t kept_events = 1000;
constexpr std::int64_t most_replayed_bytes = std::int64_t{1} << 20;
/// Of one avatar or session: it is read whole with each call.
constexpr std::size_t most_state_bytes = std::size_t{256} << 10;
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

/// The state's text, where it is not too large to be kept.
Result<std::string> kept_text(const json::object& state, std::string_view whose) {
  std::string text = json_text(state);
  if (text.size() <= most_state_bytes) return text;
  return fail(ErrorCode::too_large,
              std::format("{} would have {} bytes of JSON, and may have {}: keep less in it", whose,
                          text.size(), most_state_bytes));
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

/// What the viewer does not see is not there.
template <class T>
Result<T> shown_to(const Viewer& viewer, Result<T> found, std::string_view what) {
  if (found && !viewer.may_see(found->owner)) {
    return fail(ErrorCode::not_found, std::format("there is no such {}", what));
  }
  return found;
}

Result<void> check_may_delete(const Viewer& viewer, std::string_view owner, std::string_view what) {
  if (viewer.may_delete(owner)) return {};
  return fail(ErrorCode::forbidden,
              std::format("this {} is everybody's: only an admin key deletes it", what));
}

// --- rows ↔ values: each list of columns and its reader side by side ---------

constexpr std::string_view avatar_columns =
    "avatar_id, name, state, traits, model_id, created_at, updated_at, version, revision, owner";
StoredAvatar read_stored_avatar(const SqlRow& row) {
  return {as_text(row[0]), as_text(row[1]), as_text(row[2]), as_text(row[3]), as_text(row[4]),
          as_int(row[5]),  as_int(row[6]),  as_int(row[7]),  as_int(row[8]),  as_text(row[9])};
}

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

constexpr std::string_view preset_columns =
    "preset_id, name, description, category, preset_values, created_at, owner";
Preset read_preset(const SqlRow& row) {
  return {as_text(row[0]),   as_text(row[1]), as_text(row[2]), as_text(row[3]),
          object_of(row[4]), as_int(row[5]),  as_text(row[6])};
}

constexpr std::string_view render_columns =
    "frame_id, avatar_id, prompt, width, height, format, file_path, file_size, duration_ms, "
    "request_hash, created_at, owner";
Render read_render(const SqlRow& row) {
  return {as_text(row[0]),     as_text(row[1]), as_text(row[2]), int(as_int(row[3])),
          int(as_int(row[4])), as_text(row[5]), as_text(row[6]), as_int(row[7]),
          as_int(row[8]),      as_text(row[9]), as_int(row[10]), as_text(row[11])};
}

constexpr std::string_view audio_columns =
    "audio_id, avatar_id, text, voice_id, duration_ms, sample_rate, file_path, file_size, "
    "created_at, owner";
Audio read_audio(const SqlRow& row) {
  return {as_text(row[0]),     as_text(row[1]), as_text(row[2]), as_text(row[3]), as_int(row[4]),
          int(as_int(row[5])), as_text(row[6]), as_int(row[7]),  as_int(row[8]),  as_text(row[9])};
}

constexpr std::string_view asset_columns =
    "asset_id, name, asset_type, label, file_path, file_size, checksum, mime_type, metadata, "
    "version, created_at, owner";
Asset read_asset(const SqlRow& row) {
  return {as_text(row[0]),   as_text(row[1]),     as_text(row[2]), as_text(row[3]),
          as_text(row[4]),   as_int(row[5]),      as_text(row[6]), as_text(row[7]),
          object_of(row[8]), int(as_int(row[9])), as_int(row[10]), as_text(row[11])};
}

std::string select(std::string_view columns, std::string_view rest) {
  return std::format("SELECT {} FROM {}", columns, rest);
}

// --- pages of lists ----------------------------------------------------------

/// Conditions with their values: placeholders are numbered as they come.
class Where {
 public:
  /// `condition` has a ? for each value.
  void add(std::string_view condition, std::initializer_list<SqlValue> values) {
    text_ += text_.empty() ? " WHERE " : " AND ";
    std::size_t number = values_.size();
    for (const char c : condition) {
      text_ += c == '?' ? std::format("${}", ++number) : std::string(1, c);
    }
    values_.insert(values_.end(), values.begin(), values.end());
  }

  /// What stands for a value behind the conditions.
  std::string place(SqlValue value) {
    values_.push_back(std::move(value));
    return std::format("${}", values_.size());
  }

  const std::string& text() const { return text_; }
  const std::vector<SqlValue>& values() const { return values_; }

 private:
  std::string text_;
  std::vector<SqlValue> values_;
};

/// The rows that the viewer sees.
Where seen_by(const Viewer& viewer) {
  Where where;
  if (!viewer.sees_all) where.add("(owner = '' OR owner = ?)", {viewer.owner});
  return where;
}

/// A list of a table's rows. What it is ordered by never changes, so a place in it stays.
struct Order {
  std::string_view columns, table;
  std::string_view by;  ///< of whole numbers
  std::string_view id;  ///< unique
  bool descends = true;
};

Order newest_first(std::string_view table, std::string_view id, std::string_view columns) {
  return {.columns = columns, .table = table, .by = "created_at", .id = id};
}

template <class T, class Read, class PlaceOf>
Result<Listed<T>> read_page(Database& database, const Order& order, Where where, const Page& page,
                            Read read, PlaceOf place_of) {
  if (!page.avatar_id.empty()) where.add("avatar_id = ?", {page.avatar_id});
  if (page.after) {
    where.add(std::format("({}, {}) {} (?, ?)", order.by, order.id, order.descends ? "<" : ">"),
              {page.after->at, page.after->id});
  }
  const std::string_view direction = order.descends ? "DESC" : "ASC";
  const std::string conditions = where.text();
  // One more than is asked for tells whether there is more.
  const std::string limit = where.place(std::int64_t{page.limit} + 1);
  const std::string offset = where.place(std::int64_t{page.offset});
  auto listed = all_of<T>(
      database.read(select(order.columns, std::format("{}{} ORDER BY {} {}, {} {} LIMIT {} OFFSET "
                                                      "{}",
                                                      order.table, conditions, order.by, direction,
                                                      order.id, direction, limit, offset)),
                    where.values()),
      read);
  if (!listed) return std::unexpected(listed.error());
  Listed<T> result{.entries = *std::move(listed), .next = {}};
  if (result.entries.size() > static_cast<std::size_t>(page.limit)) {
    result.entries.pop_back();
    result.next = place_of(result.entries.back());
  }
  return result;
}

std::vector<std::string> first_column(const SqlRows& rows) {
  std::vector<std::string> texts;
  for (const SqlRow& row : rows) texts.push_back(as_text(row[0]));
  return texts;
}

// --- steps of transactions ----------------------------------------------------

/// How much of what counts there is, of one owner or of all.
Result<std::int64_t> objects_kept(Transaction& transaction, const std::string* owner) {
  std::string sum;
  for (const auto& [table, condition] :
       {std::pair("avatars", ""), std::pair("presets", ""), std::pair("audios", ""),
        std::pair("assets", ""), std::pair("reservations", ""),
        std::pair("sessions", "deleted_at IS NULL")}) {
    std::string where = condition;
    if (owner) where += std::string(where.empty() ? "" : " AND ") + "owner = $1";
    sum += std::format("{}(SELECT COUNT(*) FROM {}{}{})", sum.empty() ? "SELECT " : " + ", table,
                       where.empty() ? "" : " WHERE ", where);
  }
  auto rows = owner ? transaction.run(sum, {*owner}) : transaction.run(sum);
  if (!rows) return std::unexpected(rows.error());
  return as_int((*rows)[0][0]);
}

Result<std::int64_t> bytes_kept(Transaction& transaction, const std::string& owner) {
  auto rows = transaction.run(
      "SELECT CAST((SELECT COALESCE(SUM(file_size), 0) FROM audios WHERE owner = $1) + "
      "(SELECT COALESCE(SUM(file_size), 0) FROM assets WHERE owner = $1) AS BIGINT)",
      {owner});
  if (!rows) return std::unexpected(rows.error());
  return as_int((*rows)[0][0]);
}

/// After something was made in this transaction: whether it may stay.
Result<void> check_quotas(Transaction& transaction, const Quotas& quotas,
                          std::string_view owner_of_it) {
  const std::string owner(owner_of_it);
  const auto check = [&](std::int64_t most, const char* setting, const char* whose,
                         const auto& kept) -> Result<void> {
    if (most == 0) return {};
    auto count = kept();
    if (!count) return std::unexpected(count.error());
    if (*count <= most) return {};
    return fail(
        ErrorCode::storage_full,
        std::format("{} has as much as {} allows, {}: delete some first", whose, setting, most));
  };
  const bool is_owned = !owner.empty() && (quotas.objects_per_key > 0 || quotas.bytes_per_key > 0);
  if (is_owned) {
    // Of two that come at once the later one counts the earlier.
    if (auto locked = transaction.lock("quota/" + owner); !locked) return locked;
    if (auto few = check(quotas.objects_per_key, "MAX_OBJECTS_PER_KEY", "this key",
                         [&] { return objects_kept(transaction, &owner); });
        !few) {
      return few;
    }
    if (auto small = check(quotas.bytes_per_key, "MAX_STORAGE_PER_KEY", "this key",
                           [&] { return bytes_kept(transaction, owner); });
        !small) {
      return small;
    }
  }
  if (quotas.objects == 0) return {};
  if (auto locked = transaction.lock("quota"); !locked) return locked;
  return check(quotas.objects, "MAX_OBJECTS", "the service",
               [&] { return objects_kept(transaction, nullptr); });
}

/// The avatar that clients mean who name none is everybody's.
constexpr std::string_view common_avatar = "default";

/// Makes the avatar where there is none. Errors: not_found (it is another owner's),
/// storage_full.
Result<void> ensure_avatar(Transaction& transaction, const Quotas& quotas,
                           const std::string& avatar_id, const Viewer& viewer) {
  static const std::string state = json_text(json::object{
      {"emotion", "neutral"}, {"intensity", 0.5}, {"pose", "idle"}, {"voice_attached", false}});
  const std::int64_t now = now_ms();
  const std::string owner(avatar_id == common_avatar ? std::string_view()
                                                     : viewer.owner_of_named());
  auto made = transaction.run(
      "INSERT INTO avatars (avatar_id, name, state, traits, model_id, created_at, updated_at, "
      "owner) VALUES ($1, $2, $3, '{}', 'vivi', $4, $5, $6) ON CONFLICT DO NOTHING "
      "RETURNING owner",
      {avatar_id, avatar_id, state, now, now, owner});
  if (!made) return std::unexpected(made.error());
  if (!made->empty()) return check_quotas(transaction, quotas, owner);
  if (viewer.sees_all) return {};
  auto known = transaction.run("SELECT owner FROM avatars WHERE avatar_id = $1", {avatar_id});
  if (!known) return std::unexpected(known.error());
  if (!known->empty() && viewer.may_see(as_text(known->front()[0]))) return {};
  return fail(ErrorCode::not_found, "there is no such avatar");
}

/// The avatar as it stays until the transaction ends. Errors: not_found.
Result<StoredAvatar> locked_avatar(Transaction& transaction, const std::string& avatar_id,
                                   const Viewer& viewer) {
  return shown_to(
      viewer,
      one_of<StoredAvatar>(transaction.run(select(avatar_columns, "avatars WHERE avatar_id = $1") +
                                               std::string(transaction.for_update()),
                                           {avatar_id}),
                           read_stored_avatar, "avatar"),
      "avatar");
}

/// The same of one that a request names: an unknown one is made, and what is not as
/// `if_match` has it is refused.
Result<StoredAvatar> locked_or_made_avatar(Transaction& transaction, const Quotas& quotas,
                                           const std::string& avatar_id, const Viewer& viewer,
                                           std::string_view if_match) {
  auto avatar = locked_avatar(transaction, avatar_id, viewer);
  if (!avatar && avatar.error().code == ErrorCode::not_found) {
    if (auto may = check_may_be_missing(if_match); !may) return std::unexpected(may.error());
    if (auto made = ensure_avatar(transaction, quotas, avatar_id, viewer); !made) {
      return std::unexpected(made.error());
    }
    return locked_avatar(transaction, avatar_id, viewer);
  }
  if (!avatar) return avatar;
  if (auto same = check_unchanged(if_match, etag_of(*avatar)); !same) {
    return std::unexpected(same.error());
  }
  return avatar;
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

/// What is told of an avatar, with the number of the change, to those who see it.
Result<void> tell_avatar(Transaction& transaction, const std::string& avatar_id,
                         const std::string& owner, const AvatarEvent& event, std::int64_t version) {
  if (event.name.empty()) return {};
  json::object told{{"avatar_id", avatar_id}, {"event", event.name}, {"seq", version}};
  for (const auto& [key, value] : event.data) told.insert_or_assign(key, value);
  return transaction.notify(json_text(json::object{{"avatar", std::move(told)}, {"owner", owner}}));
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

/// Whether something is there to be deleted. Errors: not_found (another owner's), forbidden,
/// precondition_failed (it is not as `if_match` has it).
template <class T>
Result<bool> is_deletable(const Result<T>& found, const Viewer& viewer, std::string_view if_match,
                          std::string_view what) {
  if (!found) {
    if (found.error().code != ErrorCode::not_found) return std::unexpected(found.error());
    if (auto may = check_may_be_missing(if_match); !may) return std::unexpected(may.error());
    return false;
  }
  const auto shown = shown_to<T>(viewer, *found, what);
  if (!shown) return std::unexpected(shown.error());
  if (auto may = check_may_delete(viewer, found->owner, what); !may) {
    return std::unexpected(may.error());
  }
  if (auto same = check_unchanged(if_match, etag_of(*found)); !same) {
    return std::unexpected(same.error());
  }
  return true;
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

Store::Store(std::unique_ptr<Database> database, const Quotas& quotas)
    : database_(std::move(database)), quotas_(quotas), cache_(database_->is_exclusive()) {}

// --- avatars --------------------------------------------------------------------

Result<StoredAvatarPtr> Store::avatar(const std::string& avatar_id, const Viewer& viewer) {
  auto known = known_avatar(avatar_id);
  if (known && !viewer.may_see((*known)->owner)) {
    return fail(ErrorCode::not_found, "there is no such avatar");
  }
  if (known || known.error().code != ErrorCode::not_found) return known;
  return change_avatar(avatar_id, viewer, {});
}

Result<StoredAvatarPtr> Store::known_avatar(const std::string& avatar_id) {
  if (StoredAvatarPtr cached = cache_.find(avatar_id)) return cached;
  const std::uint64_t number = cache_.next_number();
  auto found = one_of<StoredAvatar>(
      database_->read(select(avatar_columns, "avatars WHERE avatar_id = $1"), {avatar_id}),
      read_stored_avatar, "avatar");
  if (!found) return std::unexpected(found.error());
  auto avatar = std::make_shared<const StoredAvatar>(*std::move(found));
  cache_.keep_read(avatar, number);
  return avatar;
}

Result<StoredAvatarPtr> Store::change_avatar(const std::string& avatar_id, const Viewer& viewer,
                                             const AvatarChange& change) {
  auto avatar = std::make_shared<StoredAvatar>();
  std::uint64_t number = 0;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    auto locked = locked_or_made_avatar(transaction, quotas_, avatar_id, viewer, change.if_match);
    if (!locked) return std::unexpected(locked.error());
    *avatar = *std::move(locked);
    number = cache_.next_number();
    json::object state = json::parse(avatar->state).as_object();
    json::object traits = json::parse(avatar->traits).as_object();
    merge(state, change.state);
    merge(traits, change.traits);
    auto text = kept_text(state, "the avatar's state");
    if (!text) return std::unexpected(text.error());
    avatar->state = *std::move(text);
    avatar->traits = json_text(traits);
    if (change.model_id) avatar->model_id = *change.model_id;
    avatar->updated_at = now_ms();
    if (!change.event.name.empty()) ++avatar->version;
    ++avatar->revision;
    auto updated = transaction.run(
        "UPDATE avatars SET state = $1, traits = $2, model_id = $3, updated_at = $4, version = $5, "
        "revision = $6 WHERE avatar_id = $7",
        {avatar->state, avatar->traits, avatar->model_id, avatar->updated_at, avatar->version,
         avatar->revision, avatar_id});
    if (!updated) return std::unexpected(updated.error());
    AvatarEvent event = change.event;
    if (!change.state.empty()) event.data["state"] = std::move(state);
    return tell_avatar(transaction, avatar_id, avatar->owner, event, avatar->version);
  });
  if (!written) return std::unexpected(written.error());
  cache_.keep_written(avatar, number);
  return avatar;
}

Result<ForgottenFiles> Store::delete_avatar(const std::string& avatar_id, const Viewer& viewer,
                                            std::string_view if_match) {
  ForgottenFiles files;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    const auto avatar = locked_avatar(transaction, avatar_id, viewer);
    if (!avatar) return std::unexpected(avatar.error());
    if (auto may = check_may_delete(viewer, avatar->owner, "avatar"); !may) return may;
    if (auto same = check_unchanged(if_match, etag_of(*avatar)); !same) return same;
    auto renders = delete_with_files(transaction, "renders", "avatar_id = $1", avatar_id);
    if (!renders) return std::unexpected(renders.error());
    auto audios = delete_with_files(transaction, "audios", "avatar_id = $1", avatar_id);
    if (!audios) return std::unexpected(audios.error());
    auto gone =
        transaction.run("DELETE FROM avatars WHERE avatar_id = $1 RETURNING version", {avatar_id});
    if (!gone) return std::unexpected(gone.error());
    files = {.renders = *std::move(renders), .audios = *std::move(audios), .assets = {}};
    return tell_avatar(transaction, avatar_id, avatar->owner, {"deleted", {}},
                       as_int(gone->front()[0]) + 1);
  });
  cache_.forget(avatar_id);
  if (!written) return std::unexpected(written.error());
  return files;
}

// --- sessions -------------------------------------------------------------------

Result<void> Store::add_session(const Session& session, const Viewer& viewer) {
  return database_->write([&](Transaction& transaction) {
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

namespace {

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

}  // namespace

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

// --- presets and config -----------------------------------------------------------

Result<Listed<Preset>> Store::presets(const Page& page, const Viewer& viewer) {
  return read_page<Preset>(*database_,
                           {.columns = preset_columns,
                            .table = "presets",
                            .by = "created_at",
                            .id = "preset_id",
                            .descends = false},
                           seen_by(viewer), page, read_preset, [](const Preset& one) {
                             return ListPlace{one.created_at, one.preset_id};
                           });
}

Result<Preset> Store::preset(const std::string& preset_id, const Viewer& viewer) {
  return shown_to(
      viewer,
      one_of<Preset>(
          database_->read(select(preset_columns, "presets WHERE preset_id = $1"), {preset_id}),
          read_preset, "preset"),
      "preset");
}

namespace {

/// The preset as it stays until the transaction ends. Errors: not_found.
Result<Preset> locked_preset(Transaction& transaction, const std::string& preset_id) {
  return one_of<Preset>(transaction.run(select(preset_columns, "presets WHERE preset_id = $1") +
                                            std::string(transaction.for_update()),
                                        {preset_id}),
                        read_preset, "preset");
}

Result<void> insert_preset(Transaction& transaction, const Preset& preset) {
  return done(transaction.run(
      "INSERT INTO presets (preset_id, name, description, category, preset_values, created_at, "
      "owner) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (preset_id) DO UPDATE SET name = "
      "excluded.name, "
      "description = excluded.description, category = excluded.category, "
      "preset_values = excluded.preset_values",
      {preset.preset_id, preset.name, preset.description, preset.category, json_text(preset.values),
       now_ms(), preset.owner}));
}

}  // namespace

Result<void> Store::put_preset(const Preset& preset, const Viewer& viewer) {
  return database_->write([&](Transaction& transaction) -> Result<void> {
    if (auto locked = transaction.lock("preset/" + preset.preset_id); !locked) return locked;
    const auto known = locked_preset(transaction, preset.preset_id);
    if (!known && known.error().code != ErrorCode::not_found) {
      return std::unexpected(known.error());
    }
    if (known && !viewer.may_see(known->owner)) {
      return fail(ErrorCode::conflict, "a preset of this name is another key's: name it otherwise");
    }
    Preset kept = preset;
    kept.owner = known ? known->owner : std::string(viewer.owner_of_named());
    if (auto put = insert_preset(transaction, kept); !put || known) return put;
    return check_quotas(transaction, quotas_, kept.owner);
  });
}

Result<Preset> Store::change_preset(const std::string& preset_id, const Viewer& viewer,
                                    std::string_view if_match,
                                    const std::function<Result<void>(Preset&)>& change) {
  Preset preset;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    auto locked = shown_to(viewer, locked_preset(transaction, preset_id), "preset");
    if (!locked) return std::unexpected(locked.error());
    if (auto same = check_unchanged(if_match, etag_of(*locked)); !same) return same;
    preset = *std::move(locked);
    if (auto changed = change(preset); !changed) return changed;
    return insert_preset(transaction, preset);
  });
  if (!written) return std::unexpected(written.error());
  return preset;
}

Result<void> Store::delete_preset(const std::string& preset_id, const Viewer& viewer,
                                  std::string_view if_match) {
  return database_->write([&](Transaction& transaction) -> Result<void> {
    const auto is_there =
        is_deletable(locked_preset(transaction, preset_id), viewer, if_match, "preset");
    if (!is_there) return std::unexpected(is_there.error());
    if (!*is_there) return {};
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
                              const AvatarEvent& event, const Viewer& viewer) {
  return database_->write([&](Transaction& transaction) -> Result<void> {
    if (auto made = ensure_avatar(transaction, quotas_, audio.avatar_id, viewer); !made) {
      return made;
    }
    auto added = transaction.run(
        std::format("INSERT INTO audios ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                    audio_columns),
        {audio.audio_id, audio.avatar_id, audio.text, audio.voice_id, audio.duration_ms,
         std::int64_t{audio.sample_rate}, audio.file_path, audio.file_size, audio.created_at,
         viewer.owner});
    if (!added) return std::unexpected(added.error());
    if (auto room = check_quotas(transaction, quotas_, viewer.owner); !room) return room;
    std::vector<SqlRow> rows;
    for (const Phoneme& one : phonemes) {
      rows.push_back({audio.audio_id, static_cast<std::int64_t>(rows.size()), one.phoneme, one.ipa,
                      one.start_ms, one.end_ms, one.viseme, one.confidence});
    }
    auto timed =
        transaction.run_batch("INSERT INTO phonemes VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", rows);
    if (!timed || event.name.empty()) return timed;
    auto counted = transaction.run(
        "UPDATE avatars SET version = version + 1 WHERE avatar_id = $1 RETURNING version, owner",
        {audio.avatar_id});
    if (!counted) return std::unexpected(counted.error());
    return tell_avatar(transaction, audio.avatar_id, as_text(counted->front()[1]), event,
                       as_int(counted->front()[0]));
  });
}

Result<Audio> Store::audio(const std::string& audio_id, const Viewer& viewer) {
  return shown_to(viewer,
                  one_of<Audio>(database_->read(select(audio_columns, "audios WHERE audio_id = $1"),
                                                {audio_id}),
                                read_audio, "audio"),
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

Result<Listed<Audio>> Store::audios(const Page& page, const Viewer& viewer) {
  return read_page<Audio>(*database_, newest_first("audios", "audio_id", audio_columns),
                          seen_by(viewer), page, read_audio,
                          [](const Audio& one) { return ListPlace{one.created_at, one.audio_id}; });
}

Result<void> insert_renders(Transaction& transaction, std::span<const Render> renders,
                            const Viewer& viewer) {
  std::vector<SqlRow> rows;
  for (const Render& one : renders) {
    // The avatar was there when the render was asked for: quotas were looked at then.
    if (auto made = ensure_avatar(transaction, {}, one.avatar_id, viewer); !made) return made;
    rows.push_back({one.frame_id, one.avatar_id, one.prompt, std::int64_t{one.width},
                    std::int64_t{one.height}, one.format, one.file_path, one.file_size,
                    one.duration_ms, one.request_hash, one.created_at, viewer.owner,
                    one.created_at});
  }
  return transaction.run_batch(
      std::format("INSERT INTO renders ({}, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
                  "$10, $11, $12, $13)",
                  render_columns),
      rows);
}

Result<void> Store::add_renders(std::span<const Render> renders, const Viewer& viewer) {
  return database_->write(
      [&](Transaction& transaction) { return insert_renders(transaction, renders, viewer); });
}

Result<Render> Store::render(const std::string& frame_id, const Viewer& viewer) {
  return shown_to(
      viewer,
      one_of<Render>(
          database_->read(select(render_columns, "renders WHERE frame_id = $1"), {frame_id}),
          read_render, "render"),
      "render");
}

Result<Listed<Render>> Store::renders(const Page& page, const Viewer& viewer) {
  return read_page<Render>(
      *database_, newest_first("renders", "frame_id", render_columns), seen_by(viewer), page,
      read_render, [](const Render& one) { return ListPlace{one.created_at, one.frame_id}; });
}

Result<Render> Store::render_of_request(const std::string& request_hash) {
  return one_of<Render>(
      database_->read(select(render_columns,
                             "renders WHERE request_hash = $1 ORDER BY created_at DESC LIMIT 1"),
                      {request_hash}),
      read_render, "render");
}

// --- assets -------------------------------------------------------------------------

Result<Asset> Store::add_asset(Asset asset, const Viewer& viewer) {
  asset.owner = viewer.owner_of_named();
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    if (auto locked = transaction.lock("asset/" + asset.name); !locked) return locked;
    auto newest = transaction.run("SELECT MAX(version) FROM assets WHERE name = $1 AND owner = $2",
                                  {asset.name, asset.owner});
    if (!newest) return std::unexpected(newest.error());
    asset.version = static_cast<int>(as_int((*newest)[0][0])) + 1;
    auto used = transaction.run("DELETE FROM reservations WHERE asset_id = $1", {asset.asset_id});
    if (!used) return std::unexpected(used.error());
    auto added = transaction.run(
        std::format(
            "INSERT INTO assets ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            asset_columns),
        {asset.asset_id, asset.name, asset.type, asset.label, asset.file_path, asset.file_size,
         asset.sha256, asset.mime_type, json_text(asset.metadata), std::int64_t{asset.version},
         asset.created_at, asset.owner});
    if (!added) return std::unexpected(added.error());
    return check_quotas(transaction, quotas_, asset.owner);
  });
  if (!written) return std::unexpected(written.error());
  return asset;
}

Result<Asset> Store::asset(const std::string& asset_id, const Viewer& viewer) {
  return shown_to(viewer,
                  one_of<Asset>(database_->read(select(asset_columns, "assets WHERE asset_id = $1"),
                                                {asset_id}),
                                read_asset, "asset"),
                  "asset");
}

Result<Asset> Store::asset_of_name(const std::string& name, std::optional<int> version,
                                   const Viewer& viewer) {
  Where where = seen_by(viewer);
  where.add("name = ?", {name});
  if (version) where.add("version = ?", {std::int64_t{*version}});
  const std::string conditions = where.text();
  const std::string own = where.place(std::string(viewer.owner_of_named()));
  return one_of<Asset>(
      database_->read(
          select(asset_columns,
                 std::format("assets{} ORDER BY CASE WHEN owner = {} THEN 0 ELSE 1 END, version "
                             "DESC, asset_id LIMIT 1",
                             conditions, own)),
          where.values()),
      read_asset, "asset");
}

Result<Asset> Store::asset_of_file(const std::string& file_path, const Viewer& viewer) {
  return shown_to(
      viewer,
      one_of<Asset>(
          database_->read(select(asset_columns, "assets WHERE file_path = $1"), {file_path}),
          read_asset, "asset"),
      "asset");
}

Result<Listed<Asset>> Store::assets(const Page& page, const std::string& words,
                                    const std::string& name, const Viewer& viewer) {
  Where where = seen_by(viewer);
  if (!name.empty()) {
    where.add("name = ?", {name});
    return read_page<Asset>(
        *database_,
        {.columns = asset_columns, .table = "assets", .by = "version", .id = "asset_id"},
        std::move(where), page, read_asset,
        [](const Asset& one) { return ListPlace{one.version, one.asset_id}; });
  }
  std::string pattern = "%";
  for (const char c : words) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  pattern += '%';
  where.add("LOWER(name || ' ' || label || ' ' || asset_type) LIKE LOWER(?) ESCAPE '!'", {pattern});
  where.add(
      "version = (SELECT MAX(version) FROM assets AS other WHERE other.name = assets.name "
      "AND other.owner = assets.owner)",
      {});
  return read_page<Asset>(*database_, newest_first("assets", "asset_id", asset_columns),
                          std::move(where), page, read_asset,
                          [](const Asset& one) { return ListPlace{one.created_at, one.asset_id}; });
}

Result<std::optional<ForgottenFiles>> Store::delete_asset(const std::string& asset_id,
                                                          const Viewer& viewer) {
  std::optional<ForgottenFiles> files;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    auto known = transaction.run("SELECT owner FROM assets WHERE asset_id = $1", {asset_id});
    if (!known) return std::unexpected(known.error());
    if (!known->empty()) {
      const std::string& owner = as_text(known->front()[0]);
      if (!viewer.may_see(owner)) return fail(ErrorCode::not_found, "there is no such asset");
      if (auto may = check_may_delete(viewer, owner, "asset"); !may) return may;
    }
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

Result<void> Store::reserve_asset(const std::string& asset_id, const std::string& name,
                                  const Viewer& viewer) {
  return database_->write([&](Transaction& transaction) -> Result<void> {
    auto reserved = transaction.run(
        "INSERT INTO reservations (asset_id, name, created_at, owner) VALUES ($1, $2, $3, $4)",
        {asset_id, name, now_ms(), viewer.owner});
    if (!reserved) return std::unexpected(reserved.error());
    return check_quotas(transaction, quotas_, viewer.owner);
  });
}

Result<std::string> Store::reservation(const std::string& asset_id, const Viewer& viewer) {
  Where where = seen_by(viewer);
  where.add("asset_id = ?", {asset_id});
  return one_of<std::string>(
      database_->read("SELECT name FROM reservations" + where.text(), where.values()),
      [](const SqlRow& row) { return as_text(row[0]); }, "reserved asset");
}

Result<std::vector<std::string>> Store::reserved_ids() {
  auto rows = database_->read("SELECT asset_id FROM reservations");
  if (!rows) return std::unexpected(rows.error());
  return first_column(*rows);
}

// --- the whole ------------------------------------------------------------------------

Result<Counts> Store::counts(const Viewer& viewer) {
  const auto all = usage({});
  if (!all) return std::unexpected(all.error());
  Counts sum;
  for (const Usage& one : *all) {
    if (!viewer.may_see(one.owner)) continue;
    sum.avatars += one.counts.avatars;
    sum.sessions += one.counts.sessions;
    sum.presets += one.counts.presets;
    sum.renders += one.counts.renders;
    sum.audios += one.counts.audios;
    sum.assets += one.counts.assets;
  }
  return sum;
}

Result<std::vector<Usage>> Store::usage(std::optional<std::string> owner) {
  std::map<std::string, Usage> by_owner;
  if (owner) by_owner[*owner].owner = *owner;
  const auto add = [&](std::string_view table, std::string_view columns, std::string_view condition,
                       const auto& take) -> Result<void> {
    Where where;
    if (owner) where.add("owner = ?", {*owner});
    if (!condition.empty()) where.add(condition, {});
    auto rows = database_->read(std::format("SELECT owner, COUNT(*){} FROM {}{} GROUP BY owner",
                                            columns, table, where.text()),
                                where.values());
    if (!rows) return std::unexpected(rows.error());
    for (const SqlRow& row : *rows) {
      Usage& usage = by_owner[as_text(row[0])];
      usage.owner = as_text(row[0]);
      take(usage, row);
    }
    return {};
  };
  constexpr std::string_view bytes = ", CAST(SUM(file_size) AS BIGINT)";
  Result<void> read;
  const auto count = [&](std::string_view table, std::int64_t Counts::* into,
                         std::string_view condition = {}) {
    if (!read) return;
    read = add(table, "", condition,
               [&](Usage& usage, const SqlRow& row) { usage.counts.*into = as_int(row[1]); });
  };
  const auto measure = [&](std::string_view table, std::int64_t Counts::* into,
                           std::int64_t StoredBytes::* bytes_into) {
    if (!read) return;
    read = add(table, bytes, "", [&](Usage& usage, const SqlRow& row) {
      usage.counts.*into = as_int(row[1]);
      usage.bytes.*bytes_into = as_int(row[2]);
    });
  };
  count("avatars", &Counts::avatars);
  count("sessions", &Counts::sessions, "deleted_at IS NULL");
  count("presets", &Counts::presets);
  measure("renders", &Counts::renders, &StoredBytes::renders);
  measure("audios", &Counts::audios, &StoredBytes::audios);
  measure("assets", &Counts::assets, &StoredBytes::assets);
  if (!read) return std::unexpected(read.error());
  std::vector<Usage> all;
  for (auto& [name, usage] : by_owner) all.push_back(std::move(usage));
  return all;
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

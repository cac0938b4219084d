#include "server/store/store_queries.h"

#include "server/json_text.h"

namespace vivavox {

namespace json = boost::json;

namespace {

/// Of one avatar or session: it is read whole with each call.
constexpr std::size_t most_state_bytes = std::size_t{256} << 10;
/// So long it is known that a render was there.
constexpr std::int64_t kept_gone_ms = std::int64_t{30} * 24 * 3600 * 1000;

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

/// The avatar that clients mean who name none is everybody's.
constexpr std::string_view common_avatar = "default";

}  // namespace

json::object object_of(const SqlValue& value) {
  const std::string& text = as_text(value);
  return text.empty() ? json::object() : json::parse(text).as_object();
}

void merge(json::object& into, const json::object& from) {
  for (const auto& [key, value] : from) into.insert_or_assign(key, value);
}

Result<std::string> kept_text(const json::object& state, std::string_view whose) {
  std::string text = json_text(state);
  if (text.size() <= most_state_bytes) return text;
  return fail(ErrorCode::too_large,
              std::format("{} would have {} bytes of JSON, and may have {}: keep less in it", whose,
                          text.size(), most_state_bytes));
}

Result<void> check_may_delete(const Viewer& viewer, std::string_view owner, std::string_view what) {
  if (viewer.may_delete(owner)) return {};
  return fail(ErrorCode::forbidden,
              std::format("this {} is everybody's: only an admin key deletes it", what));
}

std::string select(std::string_view columns, std::string_view rest) {
  return std::format("SELECT {} FROM {}", columns, rest);
}

Where seen_by(const Viewer& viewer) {
  Where where;
  if (!viewer.sees_all) where.add("(owner = '' OR owner = ?)", {viewer.owner});
  return where;
}

Order newest_first(std::string_view table, std::string_view id, std::string_view columns) {
  return {.columns = columns, .table = table, .by = "created_at", .id = id};
}

std::vector<std::string> first_column(const SqlRows& rows) {
  std::vector<std::string> texts;
  for (const SqlRow& row : rows) texts.push_back(as_text(row[0]));
  return texts;
}

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

Result<void> tell_avatar(Transaction& transaction, const std::string& avatar_id,
                         const std::string& owner, const AvatarEvent& event, std::int64_t version) {
  if (event.name.empty()) return {};
  json::object told{{"avatar_id", avatar_id}, {"event", event.name}, {"seq", version}};
  for (const auto& [key, value] : event.data) told.insert_or_assign(key, value);
  return transaction.notify(json_text(json::object{{"avatar", std::move(told)}, {"owner", owner}}));
}

Result<std::vector<std::string>> delete_with_files(Transaction& transaction, std::string_view table,
                                                   std::string_view condition,
                                                   const SqlValue& value) {
  auto rows = transaction.run(
      std::format("DELETE FROM {} WHERE {} RETURNING file_path", table, condition), {value});
  if (!rows) return std::unexpected(rows.error());
  return first_column(*rows);
}

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

}  // namespace vivavox

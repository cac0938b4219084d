// Avatars, and how they change.
#include "server/json_text.h"
#include "server/store/store_queries.h"

namespace vivavox {

namespace json = boost::json;

namespace {

constexpr std::string_view avatar_columns =
    "avatar_id, name, state, traits, model_id, created_at, updated_at, version, revision, owner";
StoredAvatar read_stored_avatar(const SqlRow& row) {
  return {as_text(row[0]), as_text(row[1]), as_text(row[2]), as_text(row[3]), as_text(row[4]),
          as_int(row[5]),  as_int(row[6]),  as_int(row[7]),  as_int(row[8]),  as_text(row[9])};
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

}  // namespace

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
    if (change.drops_trait) {
      json::object kept;
      for (const auto& [name, value] : traits) {
        if (!change.drops_trait(name)) kept[name] = value;
      }
      traits = std::move(kept);
    }
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

}  // namespace vivavox

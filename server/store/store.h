// Everything the service keeps: values in, values or errors out. One set of
// statements for both database systems.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/avatar_cache.h"
#include "server/store/database.h"
#include "server/store/records.h"
#include "server/store/viewer.h"

namespace vivavox {

/// What happens is told to all processes on the database, see Database::listen():
///   {"avatar": {avatar_id, event, seq, …}}
///   {"session": {session_id, event, seq, client_id, operation_id, data, …}, "epoch": …}
///   {"closed": session_id, "epoch": …}
///   {"presence": {session_id, event, client_id, present}, "connection": …}
///   {"revoked": token_id}
/// Safe to use from many threads. A call that writes returns once the write is
/// durable. Errors of all: unavailable, io_failed; others are named.
///
/// What is another owner's is not there for a viewer: not_found. What is everybody's is
/// deleted by those alone who see all: forbidden. What makes something fails with
/// storage_full where a quota is used up. What is added under an id that is there already
/// was added before: it stays, and is no error.
class Store {
 public:
  explicit Store(std::unique_ptr<Database> database, const Quotas& quotas = {});

  Database& database() { return *database_; }

  /// The avatar; an unknown one is created.
  Result<StoredAvatarPtr> avatar(const std::string& avatar_id, const Viewer& viewer);
  /// The same without making it. Errors: not_found.
  Result<StoredAvatarPtr> known_avatar(const std::string& avatar_id);
  /// Errors: precondition_failed.
  Result<StoredAvatarPtr> change_avatar(const std::string& avatar_id, const Viewer& viewer,
                                        const AvatarChange& change);
  /// Deletes it with its sessions, renders, audios and phonemes; their files
  /// are the caller's to remove. Errors: not_found, precondition_failed.
  Result<ForgottenFiles> delete_avatar(const std::string& avatar_id, const Viewer& viewer,
                                       std::string_view if_match);

  Result<void> add_session(const Session& session, const Viewer& viewer);
  /// The session, which does not expire for a while; an unknown, deleted or expired one
  /// begins anew. `fresh` gives its avatar, metadata and times then.
  Result<Session> open_session(const Session& fresh, const Viewer& viewer);
  /// Whether there was one. Errors: precondition_failed.
  Result<bool> delete_session(const std::string& session_id, const Viewer& viewer,
                              std::string_view if_match);
  /// Those that are in use do not expire.
  Result<void> keep_sessions(std::span<const std::string> session_ids);
  /// Errors: not_found.
  Result<Session> session(const std::string& session_id, const Viewer& viewer);
  /// Gives the event its sequence number, applies a patch to the session's
  /// state and keeps it. nullopt: it was applied before. Errors: not_found, also where
  /// the session of the event's epoch is over.
  Result<std::optional<SessionEvent>> add_session_event(SessionEvent event);
  /// Sets keys of the session's state, as an event of nobody's; the session as it is then.
  /// Errors: not_found, precondition_failed.
  Result<Session> patch_session(const std::string& session_id, const Viewer& viewer,
                                const boost::json::object& keys, std::string_view if_match);
  /// Kept events after `since`, in order; none where they are more than is given out at one
  /// time (1 MiB).
  Result<std::vector<SessionEvent>> session_events(const std::string& session_id,
                                                   std::int64_t since);

  // Who is there. Each call tells the sessions' streams what it changed.
  Result<void> add_presence(const std::string& process_id, const Presence& presence);
  Result<void> remove_presence(const std::string& connection_id);
  /// The names of those who are in a session, at whatever process.
  Result<std::vector<std::string>> present_clients(const std::string& session_id);
  /// This process lives, and these are its connections; those that are not are gone,
  /// as are those of processes that were not seen for `longest_silence_ms`.
  Result<void> confirm_presence(const std::string& process_id, std::span<const Presence> present,
                                std::int64_t longest_silence_ms);

  /// The oldest first.
  Result<Listed<Preset>> presets(const Page& page, const Viewer& viewer);
  /// Errors: not_found.
  Result<Preset> preset(const std::string& preset_id, const Viewer& viewer);
  /// Errors: conflict (the name is another owner's).
  Result<void> put_preset(const Preset& preset, const Viewer& viewer);
  /// The preset as `change` leaves it. Errors: those of `change`, not_found,
  /// precondition_failed.
  Result<Preset> change_preset(const std::string& preset_id, const Viewer& viewer,
                               std::string_view if_match,
                               const std::function<Result<void>(Preset&)>& change);
  /// Errors: precondition_failed.
  Result<void> delete_preset(const std::string& preset_id, const Viewer& viewer,
                             std::string_view if_match);

  /// Settings as JSON texts by key.
  Result<std::map<std::string, std::string>> config();
  Result<void> set_config(const std::map<std::string, std::string>& values);

  /// The audio and its phonemes, in one transaction; the avatar's watchers are told.
  Result<void> add_audio(const Audio& audio, std::span<const Phoneme> phonemes,
                         const AvatarEvent& event, const Viewer& viewer);
  /// Errors: not_found.
  Result<Audio> audio(const std::string& audio_id, const Viewer& viewer);
  Result<std::vector<Phoneme>> phonemes(const std::string& audio_id);
  Result<Listed<Audio>> audios(const Page& page, const Viewer& viewer);

  Result<void> add_renders(std::span<const Render> renders, const Viewer& viewer);
  /// Errors: not_found.
  Result<Render> render(const std::string& frame_id, const Viewer& viewer);
  Result<Listed<Render>> renders(const Page& page, const Viewer& viewer);
  /// The newest render of an equal request. Errors: not_found.
  Result<Render> render_of_request(const std::string& request_hash);

  /// Stores a version of the name: the next one, which it returns with the asset.
  /// `asset_id` may have been reserved. Errors: conflict (it has other content).
  Result<Asset> add_asset(Asset asset, const Viewer& viewer);
  /// Errors: not_found.
  Result<Asset> asset(const std::string& asset_id, const Viewer& viewer);
  /// The newest version, or the given one; the viewer's own before all others. Errors:
  /// not_found.
  Result<Asset> asset_of_name(const std::string& name, std::optional<int> version,
                              const Viewer& viewer);
  /// An asset that a file is of. Errors: not_found.
  Result<Asset> asset_of_file(const std::string& file_path, const Viewer& viewer);
  /// The newest version of each name that contains `words` (in name, label or
  /// type, in any case); or all versions of `name`.
  Result<Listed<Asset>> assets(const Page& page, const std::string& words, const std::string& name,
                               const Viewer& viewer);
  /// nullopt: there was none; else the file if nothing else has the same content.
  Result<std::optional<ForgottenFiles>> delete_asset(const std::string& asset_id,
                                                     const Viewer& viewer);
  /// A file with this content. Errors: not_found.
  Result<std::string> file_of_content(const std::string& sha256);
  Result<void> reserve_asset(const std::string& asset_id, const std::string& name,
                             const Viewer& viewer);
  /// The name it was reserved under. Errors: not_found.
  Result<std::string> reservation(const std::string& asset_id, const Viewer& viewer);

  Result<std::vector<std::string>> reserved_ids();

  /// A request of the owner's key, which begins now unless it began before.
  Result<KeptRequest> begin_request(const std::string& owner, const std::string& key,
                                    const std::string& digest);
  /// What it was answered, for a day.
  Result<void> keep_reply(const std::string& owner, const std::string& key,
                          const std::string& body_digest, const std::string& reply);

  /// The token is good no more, at any process; its streams are told to end.
  Result<void> revoke_token(const std::string& token_id, std::int64_t expires_at_s);
  Result<bool> is_revoked(const std::string& token_id);

  /// Of what the viewer sees.
  Result<Counts> counts(const Viewer& viewer);
  /// Of each owner who has something; or of `owner` alone, also where that has nothing.
  Result<std::vector<Usage>> usage(std::optional<std::string> owner);
  Result<StoredBytes> stored_bytes();
  /// Renders were asked for, at this time.
  Result<void> note_renders_used(std::span<const std::string> files, std::int64_t used_at);
  /// Deletes the renders that were not used the longest, until those that stay are at
  /// most so many and take at most so many bytes, and those not used since `since_ms`.
  Result<ForgottenFiles> trim_renders(std::int64_t most_bytes, std::int64_t most_files,
                                      std::int64_t since_ms);
  /// Whether there was such a render, within the last month, which has been deleted to
  /// make room or for its age.
  Result<bool> is_gone_render(const std::string& file);

  /// Ends sessions that expired, forgets revocations and requests of before, and deletes what is
  /// older than `before_ms`: renders, audios, ended sessions, reservations. 0: only the first.
  Result<ForgottenFiles> clean_up(std::int64_t before_ms);

  /// Every file that a row names, by folder; for the sweep.
  Result<ForgottenFiles> known_files();

  /// What this database is known by to the folders of its files.
  Result<std::string> database_id();
  /// The kinds of folders that it has claimed.
  Result<std::vector<std::string>> claimed_folders();
  Result<void> note_claimed_folder(const std::string& kind);

 private:
  std::unique_ptr<Database> database_;
  const Quotas quotas_;
  AvatarCache cache_;
};

/// A step of a transaction that records renders. Errors: those of the transaction.
Result<void> insert_renders(Transaction& transaction, std::span<const Render> renders,
                            const Viewer& viewer);

}  // namespace vivavox

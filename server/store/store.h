// Everything the service keeps: values in, values or errors out. One set of
// statements for both database systems.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/avatar_cache.h"
#include "server/store/database.h"
#include "server/store/records.h"

namespace vivavox {

/// What happens is told to all processes on the database, see Database::listen():
///   {"avatar": {avatar_id, event, seq, …}}
///   {"session": {session_id, event, seq, client_id, operation_id, data, …}, "epoch": …}
///   {"closed": session_id, "epoch": …}
///   {"presence": {session_id, event, client_id, present}, "connection": …}
/// Safe to use from many threads. A call that writes returns once the write is
/// durable. Errors of all: unavailable, io_failed; others are named.
class Store {
 public:
  explicit Store(std::unique_ptr<Database> database);

  Database& database() { return *database_; }

  /// The avatar; an unknown one is created.
  Result<StoredAvatarPtr> avatar(const std::string& avatar_id);
  Result<StoredAvatarPtr> change_avatar(const std::string& avatar_id, const AvatarChange& change);
  /// Deletes it with its sessions, renders, audios and phonemes; their files
  /// are the caller's to remove. Errors: not_found.
  Result<ForgottenFiles> delete_avatar(const std::string& avatar_id);

  Result<void> add_session(const Session& session);
  /// The session, which does not expire for a while; an unknown, deleted or expired one
  /// begins anew. `fresh` gives its avatar, metadata and times then.
  Result<Session> open_session(const Session& fresh);
  /// Whether there was one.
  Result<bool> delete_session(const std::string& session_id);
  /// Those that are in use do not expire.
  Result<void> keep_sessions(std::span<const std::string> session_ids);
  Result<Session> session(const std::string& session_id);  ///< Errors: not_found.
  /// Gives the event its sequence number, applies a patch to the session's
  /// state and keeps it. nullopt: it was applied before. Errors: not_found, also where
  /// the session of the event's epoch is over.
  Result<std::optional<SessionEvent>> add_session_event(SessionEvent event);
  /// Kept events after `since`, in order.
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

  Result<std::vector<Preset>> presets();
  Result<Preset> preset(const std::string& preset_id);  ///< Errors: not_found.
  Result<void> put_preset(const Preset& preset);
  Result<void> delete_preset(const std::string& preset_id);

  /// Settings as JSON texts by key.
  Result<std::map<std::string, std::string>> config();
  Result<void> set_config(const std::map<std::string, std::string>& values);

  /// The audio and its phonemes, in one transaction; the avatar's watchers are told.
  Result<void> add_audio(const Audio& audio, std::span<const Phoneme> phonemes,
                         const AvatarEvent& event);
  Result<Audio> audio(const std::string& audio_id);  ///< Errors: not_found.
  Result<std::vector<Phoneme>> phonemes(const std::string& audio_id);
  Result<std::vector<Audio>> audios(const Page& page);

  Result<void> add_renders(std::span<const Render> renders);
  Result<std::vector<Render>> renders(const Page& page);
  /// The newest render of an equal request. Errors: not_found.
  Result<Render> render_of_request(const std::string& request_hash);

  /// Stores a version of the name: the next one, which it returns with the asset.
  /// `asset_id` may have been reserved.
  Result<Asset> add_asset(Asset asset);
  Result<Asset> asset(const std::string& asset_id);  ///< Errors: not_found.
  /// The newest version, or the given one. Errors: not_found.
  Result<Asset> asset_of_name(const std::string& name, std::optional<int> version);
  /// The newest version of each name that contains `words` (in name, label or
  /// type, in any case); or all versions of `name`.
  Result<std::vector<Asset>> assets(const Page& page, const std::string& words,
                                    const std::string& name);
  /// nullopt: there was none; else the file if nothing else has the same content.
  Result<std::optional<ForgottenFiles>> delete_asset(const std::string& asset_id);
  /// A file with this content. Errors: not_found.
  Result<std::string> file_of_content(const std::string& sha256);
  Result<void> reserve_asset(const std::string& asset_id, const std::string& name);
  /// The name it was reserved under. Errors: not_found.
  Result<std::string> reservation(const std::string& asset_id);

  Result<std::vector<std::string>> reserved_ids();

  Result<Counts> counts();
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

  /// Ends sessions that expired, and deletes what is older than `before_ms`:
  /// renders, audios, ended sessions, reservations. 0: only the first.
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
  AvatarCache cache_;
};

/// A step of a transaction that records renders. Errors: those of the transaction.
Result<void> insert_renders(Transaction& transaction, std::span<const Render> renders);

}  // namespace vivavox

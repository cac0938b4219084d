// The stored entities as values. Times are milliseconds since 1970 (UTC).
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vivavox {

struct StoredAvatar {
  std::string avatar_id;
  std::string name;
  std::string state;   ///< JSON object
  std::string traits;  ///< JSON object
  std::string model_id;
  std::int64_t created_at = 0;
  std::int64_t updated_at = 0;
  std::int64_t version = 0;   ///< counts what was told of it
  std::int64_t revision = 0;  ///< counts what was changed of it
  std::string owner = {};     ///< see viewer.h, here and below
};
using StoredAvatarPtr = std::shared_ptr<const StoredAvatar>;

/// What is told to those who watch an avatar; nothing without a name.
struct AvatarEvent {
  std::string name;          ///< "state", "speech", …
  boost::json::object data;  ///< besides the avatar's id and the event's number
};

/// What a request changes of an avatar.
struct AvatarChange {
  boost::json::object state;   ///< merged key by key
  boost::json::object traits;  ///< merged key by key
  /// Of the traits that it has, those to which this says yes go before.
  bool (*drops_trait)(std::string_view name) = nullptr;
  std::optional<std::string> model_id;
  AvatarEvent event;          ///< its data gets the state as it is then, if that changed
  std::string if_match = {};  ///< only where this fits, see precondition.h; empty: always
};

struct Session {
  std::string session_id;
  std::string avatar_id;
  boost::json::object metadata;
  boost::json::object state;
  std::int64_t last_seq = 0;
  std::int64_t created_at = 0;
  std::int64_t updated_at = 0;
  std::int64_t expires_at = 0;
  std::int64_t epoch = 0;  ///< of its beginning: a later one has a higher number
  std::string owner = {};
};

/// Something that happened in a session. `client_id` and `operation_id` are the
/// sender's; the same two are applied once.
struct SessionEvent {
  std::string session_id;
  std::int64_t seq = 0;
  std::string client_id;
  std::string operation_id;
  std::string event;         ///< "patch", "speech", "mood", "gesture"
  boost::json::object data;  ///< of a patch: the keys to set
  std::int64_t created_at = 0;
  std::int64_t epoch = 0;  ///< the session's
};

/// As clients hear of it.
boost::json::object to_json(const SessionEvent& event);

/// Somebody who is there, by one connection of one process.
struct Presence {
  std::string connection_id;
  std::string session_id;
  std::string client_id;
};

struct Preset {
  std::string preset_id;
  std::string name;
  std::string description;
  std::string category;
  boost::json::object values;
  std::int64_t created_at = 0;
  std::string owner = {};
};

struct Render {
  std::string frame_id;
  std::string avatar_id;
  std::string prompt;
  int width = 0;
  int height = 0;
  std::string format;
  std::string file_path;  ///< relative to RENDERS_DIR
  std::int64_t file_size = 0;
  std::int64_t duration_ms = 0;
  std::string request_hash;  ///< equal requests have equal pictures
  std::int64_t created_at = 0;
  std::string owner = {};
};

struct Audio {
  std::string audio_id;
  std::string avatar_id;
  std::string text;
  std::string voice_id;
  std::int64_t duration_ms = 0;
  int sample_rate = 0;
  std::string file_path;  ///< relative to AUDIOS_DIR
  std::int64_t file_size = 0;
  std::int64_t created_at = 0;
  std::string owner = {};
};

struct Phoneme {
  std::string phoneme;  ///< ARPABET, where there is one
  std::string ipa;
  std::int64_t start_ms = 0;
  std::int64_t end_ms = 0;
  std::string viseme;
  double confidence = 1;
};

struct Asset {
  std::string asset_id;
  std::string name;
  std::string type;
  std::string label;
  std::string file_path;  ///< relative to ASSETS_DIR
  std::int64_t file_size = 0;
  std::string sha256;
  std::string mime_type;
  boost::json::object metadata;
  int version = 1;
  std::int64_t created_at = 0;
  std::string owner = {};
};

/// How many there are of each.
struct Counts {
  std::int64_t avatars = 0, sessions = 0, presets = 0, renders = 0, audios = 0, assets = 0;
};

/// How many bytes their files have.
struct StoredBytes {
  std::int64_t renders = 0, audios = 0, assets = 0;
  std::int64_t render_count = 0;
};

/// What there is of one owner.
struct Usage {
  std::string owner;
  Counts counts;
  StoredBytes bytes;
};

/// How much may be kept; 0: no limit. Counted are avatars, presets, audios, assets, ids
/// reserved for them, and sessions that have not ended; bytes are those of audios and assets.
struct Quotas {
  std::int64_t objects = 0;          ///< of all
  std::int64_t objects_per_key = 0;  ///< of each owner
  std::int64_t bytes_per_key = 0;
};

/// A place in a list: beside its entry, wherever that is by now.
struct ListPlace {
  std::int64_t at = 0;  ///< what the list is ordered by, and where that is equal
  std::string id;
};

/// A page of a list, newest first.
struct Page {
  std::string avatar_id;  ///< only of this avatar; empty: of all
  int limit = 100;
  int offset = 0;
  std::optional<ListPlace> after = {};  ///< what comes after this place
};

template <class T>
struct Listed {
  std::vector<T> entries;
  std::optional<ListPlace> next;  ///< where to go on; none: that was all
};

/// A request with an Idempotency-Key.
struct KeptRequest {
  std::string digest;       ///< of what was asked for
  std::string seed;         ///< of the ids of what it makes
  std::string body_digest;  ///< of a body that is not JSON
  std::string reply;        ///< empty: it is to be done
};

/// Files, each relative to its folder, that no row names any more.
struct ForgottenFiles {
  std::vector<std::string> renders, audios, assets;
};

/// Now, as the records count time.
std::int64_t now_ms();

}  // namespace vivavox

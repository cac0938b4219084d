// The service as a whole: what its handlers share, and its life.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <expected>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>

#include "engine/media/wav.h"
#include "server/assets/file_digests.h"
#include "server/assets/file_store.h"
#include "server/assets/part_files.h"
#include "server/http/http_server.h"
#include "server/http/log.h"
#include "server/service/jobs.h"
#include "server/service/model_traits.h"
#include "server/service/repeats.h"
#include "server/service/settings.h"
#include "server/service/storage.h"
#include "server/service/studio.h"
#include "server/service/voices.h"
#include "server/service/webhook.h"
#include "server/service/webhook_sender.h"
#include "server/store/job_store.h"
#include "server/store/store.h"
#include "server/sync/hub.h"

namespace vivavox {

class Service {
 public:
  /// Opens the database and the folders, sweeps what a crash left behind, and
  /// binds the port. Errors: of open_database(), open_folders(),
  /// HttpServer::bind(); invalid_argument (settings that would expose it).
  static Result<std::unique_ptr<Service>> open(const Settings& settings);
  ~Service();

  /// Serves until stop().
  void run();
  /// Ends run(), and returns when it has ended: what was accepted is answered for some
  /// seconds more, then cancelled, then cut off. From any other thread.
  void stop();

  int port() const { return port_; }

  const Settings settings;
  Log log;

 private:
  std::unique_ptr<Store> own_store_;

 public:
  Store& store;
  JobStore job_store;
  const FileStore renders, audios, assets;
  PartFiles parts;
  Storage storage;
  FileDigests digests;
  Voices voices;
  Studio studio;
  ModelTraits model_traits;
  /// By MiB, so that memory is bounded however many come at once: recordings that are read
  /// and aligned, which wait for one another, and films with a frame and the sound of each,
  /// which do not, because what they hold while they wait is what there is no room for.
  static constexpr int most_sounds_mib = 96, most_films_mib = 80;
  Gate sounds{most_sounds_mib, 64};
  Gate films{most_films_mib, 0};
  static constexpr int most_waiting_viewers = 4;
  Gate viewers;       ///< who watch films while they are made
  Gate loops{1, 16};  ///< idle loops that are filmed
  Hub hub;
  Repeats repeats;
  HttpServer http;
  Jobs jobs;
  const Webhooks webhooks;
  const std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();

  std::atomic<std::uint64_t> render_cache_hits = 0;

  /// The limits of work for a call, which also ends when its client goes away or the
  /// service ends.
  Deadline speech_deadline(const Call& call) const;
  Deadline render_deadline(const Call& call) const;

  /// The recording with the times of the text that is said in it; without a
  /// text, as it is heard. Errors: invalid_audio, those of speaking.
  Result<Speech> align(const std::string& text, const std::string& voice, Recording recording,
                       const Deadline& deadline);

  /// Records renders whose files are in place; those of a job are recorded with its end.
  Result<void> record(const Call& call, std::vector<Render> made);

  /// Renders were recorded: the oldest go where they are too many.
  void make_room_for(std::span<const Render> made);

  /// Names of files that rows name, and that are not there.
  Result<std::vector<std::string>> missing_files();

  /// Removes files whose rows are gone.
  void remove(const ForgottenFiles& files) const;

 private:
  struct Parts;
  Service(const Settings& settings, Parts parts);
  Result<void> sweep(int min_age_s);
  void keep_house();
  void clean_up();

  Deadline deadline_of(const char* setting, int limit_s, const Call& call) const;

  WebhookSender webhook_sender_;
  int port_ = 0;
  std::mutex run_mutex_;
  std::condition_variable run_ended_;
  bool has_run_ = false;
  std::atomic<bool> is_cancelling_ = false;
  std::mutex house_mutex_;
  std::condition_variable house_changed_;
  bool stopping_ = false;
  std::thread housekeeper_;
};

// Each file of handlers adds its own.
void add_avatar_handlers(Service& service);
void add_voice_handlers(Service& service);
void add_preset_handlers(Service& service);
void add_asset_handlers(Service& service);
void add_session_handlers(Service& service);
void add_job_handlers(Service& service);
void add_file_handlers(Service& service);
void add_speech_handlers(Service& service);
void add_render_handlers(Service& service);
void add_video_handlers(Service& service);
void add_system_handlers(Service& service);
void add_access_handlers(Service& service);

// --- what handlers say often ----------------------------------------------------

/// A member of JSON that is kept: null and missing are both nullopt.
inline std::optional<std::string> text_of(const boost::json::value& body, std::string_view name) {
  const boost::json::value* value = body.as_object().if_contains(name);
  if (!value || !value->is_string()) return std::nullopt;
  return std::string(value->as_string());
}

/// The voice of one avatar, or of the service.
struct VoiceState {
  bool attached = false;
  std::string voice;
};

/// The service's own voice, which lies in the configuration under this key.
inline constexpr const char* service_voice_key = "voice";
Result<VoiceState> service_voice(Service& service);

/// The voice that the body names by `member`, else the avatar's own, else the one
/// attached to the service, else the default one.
Result<std::string> voice_for(Service& service, const Call& call, const std::string& avatar_id,
                              std::string_view member);

/// No recording is longer than this.
inline constexpr double longest_recording_s = 120;

/// A stored audio by its URL, which ends with its id. Errors: not_found.
Result<Audio> audio_at(Service& service, const Viewer& viewer, std::string_view url);

/// Waits for room to read a recording of this size, and to align it with a text.
/// Errors: unavailable, cancelled.
Result<Gate::Pass> enter_with_recording(Service& service, std::size_t file_bytes, bool is_aligned,
                                        const Deadline& deadline);

/// The times that were stored with an audio, which lasts so long. Errors: of the store.
Result<Timeline> stored_timeline(Service& service, const Audio& audio, double duration_s);

/// A stored audio as it is said: its samples with the times that were stored with it.
/// Errors: not_found, invalid_audio, unavailable, cancelled.
Result<Speech> stored_speech(Service& service, const Viewer& viewer, std::string_view url,
                             const Deadline& deadline);

/// The reply with the tag of what it shows.
Reply with_etag(Reply reply, std::string etag);

/// The page of `list` that the query asks for: limit, and cursor or offset.
std::expected<Page, Reply> page_of(const Call& call, std::string_view list);

/// A page as the answer has it: {`member`: […], "next": …}.
Reply page_reply(const Call& call, std::string_view list, boost::json::array entries,
                 const std::optional<ListPlace>& next);

/// A stored time as clients read it.
std::string time_text(std::int64_t ms);

boost::json::object to_json(const Audio& audio);
boost::json::object to_json(const Render& render);
boost::json::object to_json(const Asset& asset);

}  // namespace vivavox

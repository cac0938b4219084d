#include "server/service/service.h"

#include <filesystem>
#include <format>

#include "engine/align/align.h"
#include "engine/listen/listener.h"
#include "server/service/cursor.h"
#include "server/service/folders.h"

namespace vivavox {

namespace json = boost::json;

namespace {

/// A fresh file may not have its row yet, where others write meanwhile.
constexpr int sweep_age_s = 3600;
constexpr std::chrono::hours sweep_interval{1};
/// Jobs that ended are known for so long, and with them their idempotency keys.
constexpr int kept_job_days = 7;
/// How long what was accepted is worked on after stop(), and then given to cancel.
constexpr std::chrono::seconds grace{5}, cancelling_grace{2};

/// A kiosk's page or a developer's tests need no protection from themselves.
int max_requests_of(const Settings& settings, const ApiKeys& keys) {
  const bool is_private =
      is_loopback(settings.host) && keys.empty() && settings.trusted_proxies.empty();
  return settings.max_requests.value_or(is_private ? 0 : usual_max_requests);
}

HttpSettings http_settings(const Settings& settings, ApiKeys keys, Store& store) {
  HttpSettings http{.host = settings.host,
                    .port = settings.port,
                    .max_file_bytes = settings.max_file_size_bytes,
                    .max_connections = static_cast<std::size_t>(settings.max_connections),
                    .max_requests_per_minute = max_requests_of(settings, keys),
                    .certificate_file = settings.tls_certificate,
                    .key_file = settings.tls_key,
                    .keys = std::move(keys),
                    .origins = Origins(settings.allowed_origins)};
  http.is_revoked = [&store](const std::string& token_id) { return store.is_revoked(token_id); };
  http.hosts = Hosts(settings.host, settings.allowed_hosts, !http.keys.empty());
  for (const std::string_view proxy : split_list(settings.trusted_proxies)) {
    http.trusted_proxies.emplace_back(proxy);
  }
  return http;
}

Quotas quotas_of(const Settings& settings) {
  return {.objects = settings.max_objects,
          .objects_per_key = settings.max_objects_per_key,
          .bytes_per_key = static_cast<std::int64_t>(settings.max_storage_per_key_bytes)};
}

void add_readings(Service& service) {
  Metrics& metrics = service.http.metrics();
  metrics.add_gauge("vivavox_streams", "Open WebSockets.",
                    [&] { return double(service.hub.stream_count()); });
  metrics.add_counter("vivavox_stream_messages_total", "Events handed to WebSockets.",
                      [&] { return double(service.hub.message_count()); });
  metrics.add_gauge("vivavox_connections_served", "Connections at work, WebSockets included.",
                    [&] { return double(service.http.served_connections()); });
  metrics.add_gauge("vivavox_connections_idle", "Connections that wait for their next request.",
                    [&] { return double(service.http.idle_connections()); });
  metrics.add_gauge("vivavox_uptime_seconds", "Time since the start.", [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - service.started)
        .count();
  });
  metrics.add_gauge("vivavox_render_queue", "Renders that wait.",
                    [&] { return double(service.studio.queue_depth()); });
  metrics.add_gauge("vivavox_jobs_running", "Jobs at work in this process.",
                    [&] { return double(service.jobs.running()); });
  metrics.add_gauge("vivavox_speech_queue", "Texts that wait to be spoken.",
                    [&] { return double(service.voices.waiting()); });
  metrics.add_counter("vivavox_renders_total", "Renders carried out.",
                      [&] { return service.studio.figures().at("renders").to_number<double>(); });
  metrics.add_counter("vivavox_frames_total", "Frames drawn.",
                      [&] { return service.studio.figures().at("frames").to_number<double>(); });
  metrics.add_counter("vivavox_render_cache_hits_total", "Renders answered from earlier ones.",
                      [&] { return double(service.render_cache_hits); });
  metrics.add_gauge("vivavox_database_up", "1 while the database answers.",
                    [&] { return service.store.database().check() ? 1.0 : 0.0; });
}

}  // namespace

struct Service::Parts {
  std::unique_ptr<Store> store;
  Folders folders;
  ApiKeys keys;
  Webhooks webhooks;
};

Result<std::unique_ptr<Service>> Service::open(const Settings& settings) {
  auto keys = ApiKeys::parse(settings.api_keys);
  if (!keys) return std::unexpected(keys.error());
  if (auto safe =
          check_exposure(settings.host, !split_list(settings.trusted_proxies).empty(), *keys);
      !safe)
    return std::unexpected(safe.error());
  auto webhooks = Webhooks::create(settings.webhook_secret, settings.allowed_webhooks);
  if (!webhooks) return std::unexpected(webhooks.error());
  auto database = open_database(settings.database_url);
  if (!database) return std::unexpected(database.error());
  auto store = std::make_unique<Store>(*std::move(database), quotas_of(settings));
  auto folders = open_folders(settings, *store);
  if (!folders) return std::unexpected(folders.error());
  std::unique_ptr<Service> service(new Service(
      settings, {std::move(store), *std::move(folders), *std::move(keys), *std::move(webhooks)}));
  const int age_s = service->store.database().is_exclusive() ? 0 : sweep_age_s;
  if (auto swept = service->sweep(age_s); !swept) return std::unexpected(swept.error());
  if (auto counted = service->storage.refresh(); !counted) return std::unexpected(counted.error());
  auto port = service->http.bind();
  if (!port) return std::unexpected(port.error());
  service->port_ = *port;
  return service;
}

Service::Service(const Settings& given, Parts parts)
    : settings(given),
      log(log_level_of(given.log_level)),
      own_store_(std::move(parts.store)),
      store(*own_store_),
      job_store(store.database()),
      renders(std::move(parts.folders.renders)),
      audios(std::move(parts.folders.audios)),
      assets(std::move(parts.folders.assets)),
      parts(std::move(parts.folders.parts)),
      storage(settings, store, this->parts),
      voices(given),
      studio(given.render_workers),
      viewers(given.max_viewers, most_waiting_viewers),
      hub(store),
      repeats(store),
      http(built_in_api(), http_settings(given, std::move(parts.keys), store), log),
      jobs(job_store, renders, log, [this](std::span<const Render> made) { make_room_for(made); }),
      webhooks(std::move(parts.webhooks)),
      webhook_sender_(job_store, webhooks, log) {
  store.database().report_to([this](std::string_view what) {
    log.write(LogLevel::warning, "the database failed", {{"what", what}});
  });
  http.handle_repeats(
      [this](Call& call, const Handler& handler) { return repeats.answer(call, handler); });
  add_avatar_handlers(*this);
  add_voice_handlers(*this);
  add_preset_handlers(*this);
  add_asset_handlers(*this);
  add_session_handlers(*this);
  add_job_handlers(*this);
  add_file_handlers(*this);
  add_speech_handlers(*this);
  add_render_handlers(*this);
  add_video_handlers(*this);
  add_system_handlers(*this);
  add_access_handlers(*this);
  add_readings(*this);
  housekeeper_ = std::thread([this] { keep_house(); });
}

Service::~Service() {
  // They use what is declared after them.
  jobs.join();
  webhook_sender_.join();
  {
    const std::lock_guard lock(house_mutex_);
    stopping_ = true;
  }
  house_changed_.notify_one();
  housekeeper_.join();
}

void Service::run() {
  if (settings.piper_use_gpu) {
    log.write(LogLevel::warning, "PIPER_USE_GPU is set, but voices run on the processor");
  }
  log.write(LogLevel::info, "listening", {{"host", settings.host}, {"port", port_}});
  if (store.database().is_exclusive()) std::ignore = job_store.recover(true);
  // One job more than there are stages: it speaks while the others are drawn.
  jobs.start(settings.render_workers + 1);
  webhook_sender_.start();
  http.run();
  {
    const std::lock_guard lock(run_mutex_);
    has_run_ = true;
  }
  run_ended_.notify_all();
  log.write(LogLevel::info, "stopped");
}

void Service::stop() {
  // They are done again, so nobody needs to wait for them.
  jobs.stop();
  webhook_sender_.stop();
  std::unique_lock lock(run_mutex_);
  const auto ended_within = [&](std::chrono::seconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!has_run_ && std::chrono::steady_clock::now() < end) {
      lock.unlock();
      // Again and again: a server that is just beginning to listen does not hear it,
      // and a stream may have begun since.
      http.stop();
      hub.end_all();
      lock.lock();
      run_ended_.wait_for(lock, std::chrono::milliseconds(50), [this] { return has_run_; });
    }
    return has_run_;
  };
  if (ended_within(grace)) return;
  is_cancelling_ = true;
  if (ended_within(cancelling_grace)) return;
  http.cut_connections();
  run_ended_.wait(lock, [this] { return has_run_; });
}

Deadline Service::deadline_of(const char* setting, int limit_s, const Call& call) const {
  return {setting, std::chrono::seconds(limit_s),
          [this, objection = call.objection]() -> const char* {
            return is_cancelling_ ? "the service is shutting down" : objection();
          }};
}

Deadline Service::speech_deadline(const Call& call) const {
  return deadline_of("MAX_TTS_TIME", settings.max_tts_time_s, call);
}

Deadline Service::render_deadline(const Call& call) const {
  return deadline_of("MAX_RENDER_TIME", settings.max_render_time_s, call);
}

Result<Speech> Service::align(const std::string& text, const std::string& voice,
                              Recording recording, const Deadline& deadline) {
  if (text.find_first_not_of(" \t\r\n") == text.npos) {
    auto timeline = heard_timeline(recording);
    if (!timeline) return std::unexpected(timeline.error());
    return Speech{*std::move(timeline), std::move(recording.samples), 0};
  }
  // Nobody says a text twice as fast as a voice that reads it.
  const double duration_s =
      static_cast<double>(recording.samples.size()) / recording.sample_rate_hz;
  auto spoken =
      voices.speak(text, voice, deadline, std::min(longest_speech_s, 2 * duration_s + 30));
  if (!spoken && spoken.error().code == ErrorCode::too_large) {
    return fail(ErrorCode::invalid_text,
                "the text is much longer than the recording: send what is said in it");
  }
  if (!spoken) return std::unexpected(spoken.error());
  auto aligned =
      vivavox::align({std::move(spoken->timeline), std::move(spoken->samples)}, recording);
  if (!aligned) return std::unexpected(aligned.error());
  return Speech{std::move(aligned->timeline), std::move(recording.samples), aligned->confidence};
}

Result<void> Service::record(const Call& call, std::vector<Render> made) {
  if (call.job) {
    call.job->made = std::move(made);
    return {};
  }
  if (auto added = store.add_renders(made, call.caller.viewer); !added) return added;
  make_room_for(made);
  return {};
}

void Service::make_room_for(std::span<const Render> made) {
  std::uint64_t bytes = 0;
  for (const Render& one : made) bytes += static_cast<std::uint64_t>(one.file_size);
  const auto gone = storage.add_renders(made.size(), bytes);
  if (gone) remove(*gone);
}

Result<std::vector<std::string>> Service::missing_files() {
  const auto known = store.known_files();
  if (!known) return std::unexpected(known.error());
  std::vector<std::string> missing;
  const auto look = [&](const FileStore& files, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (!files.resolve(name)) missing.push_back((files.folder() / name).string());
    }
  };
  look(renders, known->renders);
  look(audios, known->audios);
  look(assets, known->assets);
  return missing;
}

void Service::remove(const ForgottenFiles& files) const {
  renders.remove(files.renders);
  audios.remove(files.audios);
  assets.remove(files.assets);
}

/// Files and rows appear together: a file is put in place before its row is
/// committed and removed after its row is. What a crash or a commit in doubt left in
/// between is one file too many, which goes into quarantine. A row whose file is
/// gone stays: the file may come back.
Result<void> Service::sweep(int min_age_s) {
  const auto known = store.known_files();
  if (!known) return std::unexpected(known.error());
  const auto report = [this](std::string_view folder, const Swept& swept) {
    if (swept.quarantined.empty() && swept.given_back.empty() && swept.missing.empty()) return;
    log.write(LogLevel::warning, "swept",
              {{"folder", folder},
               {"quarantined", swept.quarantined.size()},
               {"given_back", swept.given_back.size()},
               {"missing", swept.missing.size()}});
  };
  report("renders", renders.sweep(known->renders, min_age_s));
  report("audios", audios.sweep(known->audios, min_age_s));
  report("assets", assets.sweep(known->assets, min_age_s));
  if (auto reserved = store.reserved_ids()) parts.sweep(*reserved);
  return {};
}

void Service::keep_house() {
  auto swept = std::chrono::steady_clock::now();
  std::unique_lock lock(house_mutex_);
  do {
    lock.unlock();
    clean_up();
    if (const auto now = std::chrono::steady_clock::now(); now - swept >= sweep_interval) {
      swept = now;
      std::ignore = sweep(sweep_age_s);
    }
    lock.lock();
  } while (!house_changed_.wait_for(lock, std::chrono::minutes(1), [this] { return stopping_; }));
}

void Service::clean_up() {
  constexpr std::int64_t day_ms = std::int64_t{24} * 3600 * 1000;
  const auto cleaned =
      store.clean_up(settings.retention_days > 0 ? now_ms() - settings.retention_days * day_ms : 0);
  if (!cleaned) {
    log.write(LogLevel::warning, "cleaning up failed", {{"what", cleaned.error().message}});
    return;
  }
  remove(*cleaned);
  if (const auto gone = storage.trim_renders()) remove(*gone);
  const std::int64_t kept_days = settings.retention_days > 0
                                     ? std::min(settings.retention_days, kept_job_days)
                                     : kept_job_days;
  std::ignore = job_store.forget(now_ms() - kept_days * day_ms);
}

Result<VoiceState> service_voice(Service& service) {
  auto config = service.store.config();
  if (!config) return std::unexpected(config.error());
  const auto stored = config->find(service_voice_key);
  if (stored == config->end()) return VoiceState{false, service.voices.resolve("")};
  const json::value value = json::parse(stored->second);
  return VoiceState{value.at("attached").as_bool(), std::string(value.at("voice").as_string())};
}

Result<std::string> voice_for(Service& service, const Call& call, const std::string& avatar_id,
                              std::string_view member) {
  if (const auto voice = call.body.text(member); voice && !voice->empty()) {
    return service.voices.resolve(*voice);
  }
  const auto avatar = service.store.avatar(avatar_id, call.caller.viewer);
  if (!avatar) return std::unexpected(avatar.error());
  if (const auto own = text_of(json::parse((*avatar)->state), "voice")) {
    return service.voices.resolve(*own);
  }
  const auto common = service_voice(service);
  if (!common) return std::unexpected(common.error());
  return service.voices.resolve(common->attached ? common->voice : "");
}

Reply with_etag(Reply reply, std::string etag) {
  reply.headers.emplace_back("ETag", std::move(etag));
  return reply;
}

namespace {

/// A list's name with what else the query asks it for.
std::string name_of_list(const Call& call, std::string_view list) {
  std::string name(list);
  for (const char* part : {"avatar_id", "name", "q", "state"}) {
    if (const json::value* value = call.query.any(part)) {
      name += std::format("&{}={}", part, json::serialize(*value));
    }
  }
  return name;
}

}  // namespace

std::expected<Page, Reply> page_of(const Call& call, std::string_view list) {
  Page page{.avatar_id = call.query.text("avatar_id").value_or(""),
            .limit = static_cast<int>(*call.query.whole("limit")),
            .offset = static_cast<int>(call.query.whole("offset").value_or(0))};
  if (const auto cursor = call.query.text("cursor")) {
    if (page.offset > 0) {
      return std::unexpected(problem(400, "a cursor says where to go on: leave offset out"));
    }
    auto place = read_cursor(name_of_list(call, list), *cursor);
    if (!place) return std::unexpected(problem(400, place.error().message));
    page.after = *std::move(place);
  }
  return page;
}

Reply page_reply(const Call& call, std::string_view list, json::array entries,
                 const std::optional<ListPlace>& next) {
  json::object reply{{list, std::move(entries)}, {"next", nullptr}};
  if (next) reply["next"] = cursor_of(name_of_list(call, list), *next);
  return json_reply(reply);
}

std::string time_text(std::int64_t ms) {
  return iso_time(std::chrono::system_clock::time_point(std::chrono::milliseconds(ms)));
}

json::object to_json(const Audio& audio) {
  return {{"audio_id", audio.audio_id},
          {"avatar_id", audio.avatar_id},
          {"text", audio.text},
          {"voice_id", audio.voice_id},
          {"duration", static_cast<double>(audio.duration_ms) / 1000},
          {"duration_ms", audio.duration_ms},
          {"sample_rate", audio.sample_rate},
          {"audio_url", "/audios/" + audio.file_path},
          {"file_size", audio.file_size},
          {"created_at", time_text(audio.created_at)}};
}

json::object to_json(const Render& render) {
  return {{"frame_id", render.frame_id},
          {"avatar_id", render.avatar_id},
          {"prompt", render.prompt},
          {"width", render.width},
          {"height", render.height},
          {"format", render.format},
          {"frame_url", "/renders/" + render.file_path},
          {"file_size", render.file_size},
          {"duration_ms", render.duration_ms},
          {"created_at", time_text(render.created_at)}};
}

json::object to_json(const Asset& asset) {
  return {{"asset_id", asset.asset_id},
          {"name", asset.name},
          {"type", asset.type},
          {"label", asset.label},
          {"size", asset.file_size},
          {"sha256", asset.sha256},
          {"mime_type", asset.mime_type},
          {"version", asset.version},
          {"url", "/assets/" + asset.file_path},
          {"created_at", time_text(asset.created_at)},
          {"metadata", asset.metadata}};
}

}  // namespace vivavox

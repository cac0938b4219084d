#include "server/service/service.h"

#include <filesystem>

namespace vivavox {

namespace json = boost::json;

namespace {

/// Another process's fresh file may not have its row yet.
constexpr int shared_sweep_age_s = 3600;

HttpSettings http_settings(const Settings& settings, ApiKeys keys) {
  HttpSettings http{.host = settings.host,
                    .port = settings.port,
                    .max_file_bytes = settings.max_file_size_bytes,
                    .max_connections = static_cast<std::size_t>(settings.max_connections),
                    .max_requests_per_minute = settings.max_requests,
                    .certificate_file = settings.tls_certificate,
                    .key_file = settings.tls_key,
                    .keys = std::move(keys),
                    .origins = Origins(settings.allowed_origins)};
  for (const std::string_view proxy : split_list(settings.trusted_proxies)) {
    http.trusted_proxies.emplace_back(proxy);
  }
  return http;
}

void add_readings(Service& service) {
  Metrics& metrics = service.http.metrics();
  metrics.add_gauge("vivavox_streams", "Open WebSockets.",
                    [&] { return double(service.hub.stream_count()); });
  metrics.add_counter("vivavox_stream_messages_total", "Events handed to WebSockets.",
                      [&] { return double(service.hub.message_count()); });
  metrics.add_gauge("vivavox_uptime_seconds", "Time since the start.", [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - service.started)
        .count();
  });
  metrics.add_gauge("vivavox_database_up", "1 while the database answers.",
                    [&] { return service.store.database().check() ? 1.0 : 0.0; });
}

}  // namespace

struct Service::Parts {
  std::unique_ptr<Database> database;
  FileStore renders, audios, assets;
  ApiKeys keys;
};

Result<std::unique_ptr<Service>> Service::open(const Settings& settings) {
  auto keys = ApiKeys::parse(settings.api_keys);
  if (!keys) return std::unexpected(keys.error());
  if (auto safe = check_exposure(settings.host, *keys); !safe) return std::unexpected(safe.error());
  auto database = open_database(settings.database_url);
  if (!database) return std::unexpected(database.error());
  auto renders = FileStore::open(settings.renders_dir);
  if (!renders) return std::unexpected(renders.error());
  auto audios = FileStore::open(settings.audios_dir);
  if (!audios) return std::unexpected(audios.error());
  // Below a folder of its own: what people put in ASSETS_DIR themselves is no orphan.
  auto assets = FileStore::open(std::filesystem::path(settings.assets_dir) / "stored");
  if (!assets) return std::unexpected(assets.error());

  std::unique_ptr<Service> service(
      new Service(settings, {*std::move(database), *std::move(renders), *std::move(audios),
                             *std::move(assets), *std::move(keys)}));
  if (auto swept = service->sweep(); !swept) return std::unexpected(swept.error());
  auto port = service->http.bind();
  if (!port) return std::unexpected(port.error());
  service->port_ = *port;
  return service;
}

Service::Service(const Settings& given, Parts parts)
    : settings(given),
      log(log_level_of(given.log_level)),
      store(std::move(parts.database)),
      renders(std::move(parts.renders)),
      audios(std::move(parts.audios)),
      assets(std::move(parts.assets)),
      hub(store),
      http(built_in_api(), http_settings(given, std::move(parts.keys)), log) {
  add_avatar_handlers(*this);
  add_voice_handlers(*this);
  add_preset_handlers(*this);
  add_asset_handlers(*this);
  add_session_handlers(*this);
  add_file_handlers(*this);
  add_system_handlers(*this);
  add_readings(*this);
  housekeeper_ = std::thread([this] { keep_house(); });
}

Service::~Service() {
  stopping_ = true;
  housekeeper_.join();
}

void Service::run() {
  log.write(LogLevel::info, "listening", {{"host", settings.host}, {"port", port_}});
  http.run();
  log.write(LogLevel::info, "stopped");
}

void Service::stop() {
  // Streams first: their threads are among those that the server waits for.
  http.stop();
  hub.end_all();
}

void Service::remove(const ForgottenFiles& files) const {
  renders.remove(files.renders);
  audios.remove(files.audios);
  assets.remove(files.assets);
}

/// Files and rows appear together: a file is put in place before its row is
/// committed and removed after its row is. What a crash left in between is one
/// file too many, or, of files deleted by hand, a row too many.
Result<void> Service::sweep() {
  auto known = store.known_files();
  if (!known) return std::unexpected(known.error());
  const int age_s = store.database().is_exclusive() ? 0 : shared_sweep_age_s;
  const ForgottenFiles gone{.renders = renders.sweep(known->renders, age_s),
                            .audios = audios.sweep(known->audios, age_s),
                            .assets = assets.sweep(known->assets, age_s)};
  return store.delete_rows_of_files(gone);
}

void Service::keep_house() {
  using namespace std::chrono;
  auto next = steady_clock::now();
  while (!stopping_) {
    std::this_thread::sleep_for(milliseconds(200));
    if (steady_clock::now() < next) continue;
    next = steady_clock::now() + minutes(1);
    const std::int64_t day_ms = duration_cast<milliseconds>(hours(24)).count();
    const auto cleaned = store.clean_up(
        settings.retention_days > 0 ? now_ms() - settings.retention_days * day_ms : 0);
    if (cleaned) {
      remove(*cleaned);
    } else {
      log.write(LogLevel::warning, "cleaning up failed", {{"what", cleaned.error().message}});
    }
  }
}

Page page_of(const Call& call) {
  const json::value* avatar = call.query.if_contains("avatar_id");
  return {.avatar_id = avatar ? std::string(avatar->as_string()) : std::string(),
          .limit = static_cast<int>(call.query.at("limit").as_int64()),
          .offset = static_cast<int>(call.query.at("offset").as_int64())};
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

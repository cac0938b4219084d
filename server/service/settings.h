// What `vivavox serve` can be told, by environment and by flags.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "server/installation.h"

namespace CLI {
class App;
}

namespace vivavox {

inline constexpr int usual_max_requests = 100;

struct Settings {
  std::string host = "127.0.0.1";
  int port = 8080;
  std::string root = installation().web_app;
  std::string kiosk_dir;  ///< whose files stand for those below kiosk/ in `root`
  std::string database_url = "sqlite:///./avatar.db";
  std::string renders_dir = "./data/renders";
  std::string audios_dir = "./data/audios";
  std::string assets_dir = "./data/assets";
  std::string piper_model_path;
  bool piper_use_gpu = false;
  std::size_t max_file_size_bytes = 524288000;
  std::size_t max_storage_bytes = std::size_t{20} << 30;  ///< of all assets and audios
  // Of what one key made, and of all; 0: no limit.
  std::size_t max_storage_per_key_bytes = 0;
  std::int64_t max_objects_per_key = 0;
  std::int64_t max_objects = 0;
  std::size_t max_renders_bytes = std::size_t{10} << 30;  ///< of all renders
  int max_render_files = 100'000;                         ///< of all renders
  int max_render_days = 0;                                ///< since the last use; 0: any number
  int max_render_time_s = 30;
  int max_tts_time_s = 30;
  /// A minute, for each client. Unset: `usual_max_requests`, but none where only
  /// this machine's own programs can call.
  std::optional<int> max_requests;
  int max_connections = 1024;
  int render_workers = 1;
  int max_viewers = 8;  ///< of films that are watched while they are made
  int max_jobs = 100;   ///< that wait or are done
  std::string allowed_origins;
  std::string allowed_hosts;
  std::string api_keys;
  std::string trusted_proxies;
  std::string webhook_secret;
  std::string allowed_webhooks;
  int retention_days = 0;
  std::string log_level = "info";
  std::string tls_certificate;
  std::string tls_key;
};

/// Adds the options; a flag wins over its environment variable of the same name.
void add_settings(CLI::App& command, Settings& settings);

}  // namespace vivavox

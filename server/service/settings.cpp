#include "server/service/settings.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <format>

namespace vivavox {

namespace {

/// --max-requests is MAX_REQUESTS in the environment.
template <class T>
CLI::Option* add(CLI::App& command, const std::string& flag, T& value, const std::string& help) {
  std::string variable = flag.substr(2);
  std::ranges::transform(variable, variable.begin(), [](char c) {
    return c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  });
  return command.add_option(flag, value, help)->envname(variable)->capture_default_str();
}

}  // namespace

void add_settings(CLI::App& command, Settings& settings) {
  add(command, "--host", settings.host,
      "Address to listen on; beyond loopback API keys are needed");
  add(command, "--port", settings.port, "Port to listen on; 0: any free one")
      ->check(CLI::Range(0, 65535));
  command.add_option("--root", settings.root, "Folder of the built web app")->capture_default_str();
  add(command, "--kiosk-dir", settings.kiosk_dir,
      "Folder of your own kiosk.yaml and pictures, which stand for the web app's");
  add(command, "--database-url", settings.database_url,
      "sqlite:///FILE or postgresql://USER@HOST/NAME");
  add(command, "--renders-dir", settings.renders_dir, "Folder of rendered files");
  add(command, "--audios-dir", settings.audios_dir, "Folder of spoken files");
  add(command, "--assets-dir", settings.assets_dir, "Folder of assets");
  add(command, "--piper-model-path", settings.piper_model_path,
      "A Piper voice (.onnx) to speak with by default");
  add(command, "--piper-use-gpu", settings.piper_use_gpu, "Whether the voice may use a GPU");
  add(command, "--max-file-size", settings.max_file_size_bytes, "Largest upload in bytes");
  add(command, "--max-storage", settings.max_storage_bytes,
      "Most bytes that all assets and audios may take");
  add(command, "--max-storage-per-key", settings.max_storage_per_key_bytes,
      "Most bytes that the assets and audios of one API key may take; 0: no limit");
  add(command, "--max-objects-per-key", settings.max_objects_per_key,
      "Most avatars, sessions, presets, audios and assets of one API key; 0: no limit")
      ->check(CLI::NonNegativeNumber);
  add(command, "--max-objects", settings.max_objects,
      "Most avatars, sessions, presets, audios and assets in all; 0: no limit")
      ->check(CLI::NonNegativeNumber);
  add(command, "--max-renders", settings.max_renders_bytes,
      "Most bytes that all renders may take; beyond, those used least recently go");
  add(command, "--max-render-files", settings.max_render_files,
      "Most renders that are kept; beyond, those used least recently go")
      ->check(CLI::Range(1, 100'000'000));
  add(command, "--max-render-days", settings.max_render_days,
      "Days without use after which a render goes; 0: any number")
      ->check(CLI::Range(0, 36500));
  add(command, "--max-render-time", settings.max_render_time_s,
      "Seconds after which a render is cancelled")
      ->check(CLI::Range(1, 3600));
  add(command, "--max-tts-time", settings.max_tts_time_s, "Seconds after which speech is cancelled")
      ->check(CLI::Range(1, 3600));
  add(command, "--max-requests", settings.max_requests,
      std::format("Requests a minute for each client; 0: no limit. Unset: {}, and none on loopback "
                  "without keys and proxies",
                  usual_max_requests))
      ->check(CLI::Range(0, 10'000'000));
  add(command, "--max-connections", settings.max_connections,
      "Connections on which something is said at one time")
      ->check(CLI::Range(16, 20000));
  add(command, "--render-workers", settings.render_workers, "Threads that render, each a stage")
      ->check(CLI::Range(1, 16));
  add(command, "--max-viewers", settings.max_viewers,
      "Films that are watched while they are made, at one time")
      ->check(CLI::Range(1, 8));
  add(command, "--max-jobs", settings.max_jobs, "Jobs that may wait or be done at one time")
      ->check(CLI::Range(1, 100'000));
  add(command, "--allowed-origins", settings.allowed_origins,
      "Origins of pages that may call: https://a.example,…");
  add(command, "--allowed-hosts", settings.allowed_hosts,
      "Names by which the service is called: a.example,…");
  add(command, "--api-keys", settings.api_keys, "[NAME=]KEY[:read|:write|:admin],…");
  add(command, "--trusted-proxies", settings.trusted_proxies,
      "Proxies whose X-Forwarded-For is believed");
  add(command, "--webhook-secret", settings.webhook_secret,
      "whsec_BASE64: what calls of jobs' webhooks are signed with; without it there are none");
  add(command, "--allowed-webhooks", settings.allowed_webhooks,
      "Origins that webhooks may call although they are private or without TLS: "
      "http://localhost:3000,…");
  add(command, "--retention-days", settings.retention_days,
      "Days after which audios and renders are deleted; 0: never")
      ->check(CLI::Range(0, 36500));
  add(command, "--log-level", settings.log_level, "debug, info, warning or error")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}, CLI::ignore_case));
  add(command, "--tls-certificate", settings.tls_certificate, "PEM file: serve HTTPS");
  add(command, "--tls-key", settings.tls_key, "PEM file of the certificate's key");
}

}  // namespace vivavox

// The service as a whole: what its handlers share, and its life.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "server/assets/file_store.h"
#include "server/http/http_server.h"
#include "server/http/log.h"
#include "server/service/settings.h"
#include "server/store/store.h"
#include "server/sync/hub.h"

namespace vivavox {

class Service {
 public:
  /// Opens the database and the folders, sweeps what a crash left behind, and
  /// binds the port. Errors: of open_database(), FileStore::open(),
  /// HttpServer::bind(); invalid_argument (settings that would expose it).
  static Result<std::unique_ptr<Service>> open(const Settings& settings);
  ~Service();

  /// Serves until stop().
  void run();
  /// Ends run() once what was accepted is answered; from any thread.
  void stop();

  int port() const { return port_; }

  const Settings settings;
  Log log;
  Store store;
  const FileStore renders, audios, assets;
  Hub hub;
  HttpServer http;
  const std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();

  /// Removes files whose rows are gone.
  void remove(const ForgottenFiles& files) const;

 private:
  struct Parts;
  Service(const Settings& settings, Parts parts);
  Result<void> sweep();
  void keep_house();

  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread housekeeper_;
};

// Each file of handlers adds its own.
void add_avatar_handlers(Service& service);
void add_voice_handlers(Service& service);
void add_preset_handlers(Service& service);
void add_asset_handlers(Service& service);
void add_session_handlers(Service& service);
void add_file_handlers(Service& service);
void add_system_handlers(Service& service);

// --- what handlers say often ----------------------------------------------------

/// The reply to a failure, or null.
template <class T>
std::optional<Reply> failed(const Result<T>& result) {
  return result ? std::nullopt : std::optional(problem(result.error()));
}

/// A member of the body: null and missing are both nullopt.
inline std::optional<std::string> text_of(const boost::json::value& body, std::string_view name) {
  const boost::json::value* value = body.as_object().if_contains(name);
  if (!value || !value->is_string()) return std::nullopt;
  return std::string(value->as_string());
}

/// A list by limit and offset of the query, which have defaults.
Page page_of(const Call& call);

/// A stored time as clients read it.
std::string time_text(std::int64_t ms);

boost::json::object to_json(const Audio& audio);
boost::json::object to_json(const Render& render);
boost::json::object to_json(const Asset& asset);

}  // namespace vivavox

// One open WebSocket's outgoing side: a bounded queue and the thread that
// empties it.
#pragma once

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "server/assets/sha256.h"
#include "server/store/viewer.h"

namespace vivavox {

/// A message, shared by all who get it.
using StreamMessage = std::shared_ptr<const std::string>;

/// Who watches, by which token (empty: by none), and until when (seconds since 1970;
/// nullopt: as long as they like).
struct Watcher {
  Viewer viewer;
  std::string token_id;
  std::optional<std::int64_t> end_s;
};

/// A client that reads too slowly fills its queue and is disconnected; nobody
/// waits for it.
class StreamClient {
 public:
  StreamClient(httplib::ws::WebSocket& socket, std::string client_id, const Watcher& watcher);
  /// Sends what is queued, then returns.
  ~StreamClient();
  StreamClient(const StreamClient&) = delete;
  StreamClient& operator=(const StreamClient&) = delete;

  const std::string& client_id() const { return client_id_; }
  const Viewer& viewer() const { return viewer_; }
  const std::string& token_id() const { return token_id_; }
  /// Of this connection alone.
  const std::string& connection_id() const { return connection_id_; }
  /// Which beginning of its session the client knows; 0 until it is greeted.
  std::int64_t epoch() const { return epoch_; }
  void set_epoch(std::int64_t epoch) { epoch_ = epoch; }

  void send(StreamMessage message);
  void send(std::string message) { send(std::make_shared<const std::string>(std::move(message))); }

  /// Sends what is queued, then disconnects.
  void end();

  /// Live messages numbered `seq` wait until go_live(); then those above its
  /// `seen` follow, and all later ones at once.
  static constexpr std::int64_t always = std::numeric_limits<std::int64_t>::max();
  void send_live(std::int64_t seq, StreamMessage message);
  void go_live(std::int64_t seen);

 private:
  void run();

  httplib::ws::WebSocket& socket_;
  std::string client_id_;
  Viewer viewer_;
  std::string token_id_;
  std::optional<std::chrono::system_clock::time_point> end_;
  std::string connection_id_ = random_hex(12);
  std::atomic<std::int64_t> epoch_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<StreamMessage> queue_;
  std::size_t queued_bytes_ = 0;
  std::vector<std::pair<std::int64_t, StreamMessage>> held_;
  bool live_ = false;
  bool ending_ = false;         ///< the queue is sent, then no more
  bool disconnecting_ = false;  ///< the connection is to be cut as well
  std::thread thread_;
};

}  // namespace vivavox

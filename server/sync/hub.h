// Who watches which avatar and session, and what they are told.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "server/store/store.h"
#include "server/sync/stream_client.h"

namespace vivavox {

/// Live events of avatars, and the ordered, persisted events of sessions. What
/// happened comes from the store alone, in the order of its commits, whichever
/// process it happened at: one thread tells it, so that nothing overtakes.
class Hub {
 public:
  explicit Hub(Store& store);
  ~Hub();

  /// Runs an avatar's stream until its client goes: `connected`, `heartbeat`
  /// with the state, then every event of the avatar.
  void run_avatar_stream(const std::string& avatar_id, const Watcher& watcher,
                         httplib::ws::WebSocket& socket);

  /// What a client that comes back has seen.
  struct Seen {
    std::optional<std::int64_t> seq;    ///< the last event; what came after is replayed
    std::optional<std::int64_t> epoch;  ///< of the session as it was then
  };

  /// Runs a session's stream until its client goes. `client_id`: the name the others
  /// see it under; empty: unseen.
  void run_session_stream(const std::string& session_id, const Seen& seen,
                          const std::string& client_id, const Watcher& watcher,
                          httplib::ws::WebSocket& socket);

  /// Disconnects everybody, once what they were to be told is sent.
  void end_all();

  int stream_count() const { return stream_count_; }
  std::uint64_t message_count() const { return message_count_; }

 private:
  /// Those who watch one thing.
  struct Channel {
    std::vector<StreamClient*> clients;
    // Of a session:
    std::int64_t epoch = 0;
    std::optional<std::int64_t> told_seq;  ///< the last event told; none before the first greeting
    std::map<std::int64_t, SessionEvent> early;  ///< what came before that
  };
  class Membership;

  bool admits(const Watcher& watcher);
  bool greet(const std::string& session_id, const Seen& seen, const Viewer& viewer,
             StreamClient& client);
  void take_message(const std::string& session_id, StreamClient& client, std::string_view text);

  void hear(std::string_view message);
  void run_teller();
  void tell(const std::string& message);
  void tell_avatar(const boost::json::object& event, const std::string& owner);
  void tell_session(SessionEvent event);
  void tell_presence(const boost::json::object& presence, const std::string& connection_id);
  void close_session(const std::string& session_id, std::int64_t epoch);
  void end_streams_of(const std::string& token_id);
  void catch_up();
  void catch_up_tokens();
  void catch_up_session(const std::string& session_id);

  void begin_epoch(const std::string& session_id, Channel& channel, std::int64_t epoch);
  void tell_next(Channel& channel, const SessionEvent& event);
  void run_heart();
  void beat();

  Store& store_;
  const std::string process_id_;

  std::mutex mutex_;  ///< of the channels and all in them
  std::unordered_map<std::string, Channel> channels_;
  std::atomic<int> stream_count_ = 0;
  std::atomic<std::uint64_t> message_count_ = 0;

  std::mutex heard_mutex_;
  std::condition_variable heard_;
  std::deque<std::string> messages_;
  bool ending_ = false;
  std::thread teller_, heart_;
  std::unique_ptr<Listening> listening_;  ///< last: it uses the above
};

/// What a client of a session may say. `violations` tells what was wrong.
struct SessionMessage {
  std::string type;
  std::string client_id;
  std::string operation_id;
  boost::json::object data;
};
std::optional<SessionMessage> read_session_message(std::string_view text, std::string& complaint);

}  // namespace vivavox

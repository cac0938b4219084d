// Who listens to which avatar or session, and what they are told.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/store/store.h"
#include "server/sync/stream_client.h"

namespace vivavox {

/// Live events of avatars, and the ordered, persisted events of sessions. With
/// PostgreSQL the processes on one database tell each other through it.
class Hub {
 public:
  explicit Hub(Store& store);

  /// Runs an avatar's stream until its client goes: `connected`, `heartbeat`
  /// with the state, then every event of the avatar.
  void run_avatar_stream(const std::string& avatar_id, httplib::ws::WebSocket& socket);

  /// Runs a session's stream until its client goes. `since`: the last sequence
  /// number the client has seen; what came after is replayed. `client_id`: the
  /// name the others see it under; empty: unseen.
  void run_session_stream(const std::string& session_id, std::optional<std::int64_t> since,
                          const std::string& client_id, httplib::ws::WebSocket& socket);

  /// Tells the avatar's streams: {avatar_id, event, …data}.
  void tell_avatar(const std::string& avatar_id, std::string_view event,
                   const boost::json::object& data);

  /// Tells the clients of a deleted session and disconnects them.
  void end_session(const std::string& session_id);

  /// Disconnects everybody, once what they were to be told is sent.
  void end_all();

  int stream_count() const { return stream_count_; }
  std::uint64_t message_count() const { return message_count_; }

 private:
  struct Channel {
    std::mutex mutex;
    std::vector<StreamClient*> clients;
    /// Of a session: the last event told, and those that wait for an earlier one.
    std::optional<std::int64_t> told_seq;
    std::map<std::int64_t, StreamMessage> waiting;
  };
  using ChannelPtr = std::shared_ptr<Channel>;
  class Membership;

  ChannelPtr channel_for(const std::string& name);
  ChannelPtr find_channel(const std::string& name);
  void leave(const std::string& name, const ChannelPtr& channel, StreamClient& client);

  void tell(Channel& channel, const StreamMessage& message);
  void tell_presence(const std::string& session_id, Channel& channel, const StreamClient& of,
                     bool joined);
  void notify_others(const boost::json::object& message);
  void publish(const SessionEvent& event);
  void tell_waiting(Channel& channel);
  void receive(std::string_view notification);
  void receive_presence(const boost::json::object& presence, const std::string& only_for);
  void fetch(const std::string& session_id, Channel& channel);
  bool open_session_stream(const std::string& session_id, std::optional<std::int64_t> since,
                           Channel& channel, StreamClient& client);
  void take_message(const std::string& session_id, StreamClient& client, std::string_view text);

  Store& store_;
  std::string process_id_;  ///< tells own notifications from others'
  std::mutex mutex_;
  std::unordered_map<std::string, ChannelPtr> channels_;
  std::atomic<int> stream_count_ = 0;
  std::atomic<std::uint64_t> message_count_ = 0;
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

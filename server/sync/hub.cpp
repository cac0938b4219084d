#include "server/sync/hub.h"

#include <algorithm>
#include <tuple>

#include "server/assets/sha256.h"
#include "server/http/openapi.h"
#include "server/http/rate_limiter.h"
#include "server/http/websocket_frames.h"
#include "server/sync/hub_channels.h"

namespace vivavox {

namespace json = boost::json;

namespace {

constexpr int messages_per_minute = 6000;
constexpr std::int64_t default_ttl_ms = 3600 * 1000;
/// Processes on one database show that they live, and miss one another after a while.
constexpr std::chrono::seconds heartbeat_interval{2};
constexpr std::int64_t longest_silence_ms = 10'000;
/// Sessions with clients are kept from expiring this often.
constexpr std::chrono::minutes keeping_interval{5};

const Schema& session_message_schema() {
  static const Schema schema = [] {
    const json::object& schemas =
        built_in_api().document.at("components").at("schemas").as_object();
    return Schema::compile(schemas.at("SessionMessage"), schemas);
  }();
  return schema;
}

}  // namespace

std::optional<SessionMessage> read_session_message(std::string_view text, std::string& complaint) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error) {
    complaint = "the message is not JSON: " + error.message();
    return std::nullopt;
  }
  std::vector<Violation> violations;
  session_message_schema().check(value, {}, violations);
  if (!violations.empty()) {
    complaint = json::serialize(violations.front().loc) + ": " + violations.front().msg;
    return std::nullopt;
  }
  const json::object& object = value.as_object();
  return SessionMessage{text_at(object, "type"), text_at(object, "client_id"),
                        text_at(object, "operation_id"), object.at("data").as_object()};
}

/// A client's place in a channel, left when it goes.
class Hub::Membership {
 public:
  Membership(Hub& hub, std::string name, StreamClient& client)
      : hub_(hub), name_(std::move(name)), client_(client) {
    const std::lock_guard lock(hub_.mutex_);
    hub_.channels_[name_].clients.push_back(&client_);
    ++hub_.stream_count_;
  }
  ~Membership() {
    const std::lock_guard lock(hub_.mutex_);
    const auto found = hub_.channels_.find(name_);
    std::erase(found->second.clients, &client_);
    if (found->second.clients.empty()) hub_.channels_.erase(found);
    --hub_.stream_count_;
  }
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;

 private:
  Hub& hub_;
  std::string name_;
  StreamClient& client_;
};

Hub::Hub(Store& store) : store_(store), process_id_(random_hex(8)) {
  // What an earlier process of an exclusive database left is of nobody now.
  const bool is_alone = store_.database().is_exclusive();
  std::ignore = store_.confirm_presence(process_id_, {}, is_alone ? 0 : longest_silence_ms);
  teller_ = std::thread([this] { run_teller(); });
  heart_ = std::thread([this] { run_heart(); });
  listening_ = store_.database().listen([this](std::string_view message) { hear(message); });
}

Hub::~Hub() {
  listening_.reset();
  {
    const std::lock_guard lock(heard_mutex_);
    ending_ = true;
  }
  heard_.notify_all();
  teller_.join();
  heart_.join();
}

/// Whether the token is still good. What is told of it from now on is heard here, so
/// this is asked once the client has its place; where nobody can say, it comes again.
bool Hub::admits(const Watcher& watcher) {
  if (watcher.token_id.empty()) return true;
  const auto revoked = store_.is_revoked(watcher.token_id);
  return revoked && !*revoked;
}

// --- avatars --------------------------------------------------------------------

void Hub::run_avatar_stream(const std::string& avatar_id, const Watcher& watcher,
                            httplib::ws::WebSocket& socket) {
  StreamClient client(socket, "", watcher);
  const Membership membership(*this, avatar_channel(avatar_id), client);
  if (!admits(watcher)) return;
  client.send(json_text(json::object{{"avatar_id", avatar_id}, {"event", "connected"}}));
  const auto avatar = store_.avatar(avatar_id, watcher.viewer);
  if (!avatar) {
    client.send(json_text(json::object{
        {"avatar_id", avatar_id}, {"event", "error"}, {"detail", avatar.error().message}}));
    return;
  }
  client.send(json_text(json::object{{"avatar_id", avatar_id},
                                     {"event", "heartbeat"},
                                     {"seq", (*avatar)->version},
                                     {"state", json::parse((*avatar)->state)}}));
  client.go_live((*avatar)->version);
  std::string text;
  while (read_message(socket, text)) {
    client.send(json_text(json::object{{"avatar_id", avatar_id}, {"event", "heartbeat"}}));
  }
}

// --- sessions -------------------------------------------------------------------

void Hub::run_session_stream(const std::string& session_id, const Seen& seen,
                             const std::string& client_id, const Watcher& watcher,
                             httplib::ws::WebSocket& socket) {
  StreamClient client(socket, client_id, watcher);
  const Membership membership(*this, session_channel(session_id), client);
  if (!admits(watcher)) return;
  client.send(json_text(json::object{{"session_id", session_id}, {"event", "connected"}}));
  if (!greet(session_id, seen, watcher.viewer, client)) return;
  RateLimiter limiter(messages_per_minute);
  std::string text;
  while (read_message(socket, text)) {
    if (limiter.take("", std::chrono::steady_clock::now()).wait_s > 0) {
      client.send(json_text(json::object{{"session_id", session_id},
                                         {"event", "error"},
                                         {"detail", "there are at most 100 messages a second"}}));
      continue;
    }
    take_message(session_id, client, text);
  }
  // Where this fails the next heartbeat finds out.
  if (!client_id.empty()) std::ignore = store_.remove_presence(client.connection_id());
}

/// Live events wait in the client from its membership on; here it is told all until
/// then, and they follow.
bool Hub::greet(const std::string& session_id, const Seen& seen, const Viewer& viewer,
                StreamClient& client) {
  const auto refuse = [&](const Error& error) {
    client.send(json_text(
        json::object{{"session_id", session_id}, {"event", "error"}, {"detail", error.message}}));
    return false;
  };
  const std::int64_t now = now_ms();
  const auto session = store_.open_session({.session_id = session_id,
                                            .avatar_id = "default",
                                            .created_at = now,
                                            .updated_at = now,
                                            .expires_at = now + default_ttl_ms},
                                           viewer);
  if (!session) return refuse(session.error());
  client.set_epoch(session->epoch);
  if (!client.client_id().empty()) {
    if (auto added = store_.add_presence(process_id_,
                                         {client.connection_id(), session_id, client.client_id()});
        !added) {
      return refuse(added.error());
    }
  }
  const auto names = store_.present_clients(session_id);
  if (!names) return refuse(names.error());
  json::object greeting{
      {"session_id", session_id}, {"event", "heartbeat"},
      {"seq", session->last_seq}, {"epoch", session->epoch},
      {"state", session->state},  {"clients", json::array(names->begin(), names->end())},
      {"server_time_ms", now}};
  client.send(json_text(greeting));
  if (seen.seq) {
    auto missed = store_.session_events(session_id, *seen.seq);
    if (!missed) return refuse(missed.error());
    std::erase_if(*missed, [&](const SessionEvent& one) { return one.seq > session->last_seq; });
    const bool is_other = seen.epoch && *seen.epoch != session->epoch;
    const auto expected = session->last_seq - *seen.seq;
    if (is_other || expected != static_cast<std::int64_t>(missed->size())) {
      greeting["event"] = "resync";
      client.send(json_text(greeting));
    } else {
      for (const SessionEvent& event : *missed) client.send(json_text(to_json(event)));
    }
  }
  {
    const std::lock_guard lock(mutex_);
    Channel& channel = channels_.at(session_channel(session_id));
    begin_epoch(session_id, channel, session->epoch);
    // It ended while it was opened here.
    if (channel.epoch != session->epoch) return false;
    if (!channel.told_seq) {
      channel.told_seq = session->last_seq;
      for (const auto& [seq, event] : std::exchange(channel.early, {})) tell_next(channel, event);
    }
  }
  client.go_live(session->last_seq);
  return true;
}

void Hub::take_message(const std::string& session_id, StreamClient& client, std::string_view text) {
  json::object answer{{"session_id", session_id}};
  std::string complaint;
  auto message = read_session_message(text, complaint);
  if (!message) {
    answer["event"] = "error";
    answer["detail"] = complaint;
    client.send(json_text(answer));
    return;
  }
  if (message->type == "ping") {
    answer["event"] = "pong";
    answer["server_time_ms"] = now_ms();
    client.send(json_text(answer));
    return;
  }
  // Clients without a name have one each, so that none's operation passes for another's.
  if (message->client_id.empty()) message->client_id = client.client_id();
  if (message->client_id.empty()) message->client_id = "anonymous-" + client.connection_id();
  if (message->operation_id.empty()) message->operation_id = random_hex(8);
  const auto added = store_.add_session_event({.session_id = session_id,
                                               .client_id = message->client_id,
                                               .operation_id = message->operation_id,
                                               .event = message->type,
                                               .data = message->data,
                                               .epoch = client.epoch()});
  if (added && *added) return;
  answer["operation_id"] = message->operation_id;
  answer["event"] = added ? "applied" : "error";
  if (!added) answer["detail"] = added.error().message;
  client.send(json_text(answer));
  // The session is over; who goes on shall open it anew.
  if (!added && added.error().code == ErrorCode::not_found) client.end();
}

void Hub::end_all() {
  const std::lock_guard lock(mutex_);
  for (auto& [name, channel] : channels_) {
    for (StreamClient* client : channel.clients) client->end();
  }
}

// --- heartbeats -------------------------------------------------------------------

void Hub::run_heart() {
  auto kept = std::chrono::steady_clock::now();
  std::unique_lock lock(heard_mutex_);
  while (!heard_.wait_for(lock, heartbeat_interval, [this] { return ending_; })) {
    lock.unlock();
    if (!store_.database().is_exclusive()) beat();
    if (const auto now = std::chrono::steady_clock::now(); now - kept >= keeping_interval) {
      kept = now;
      std::vector<std::string> sessions;
      {
        const std::lock_guard channels_lock(mutex_);
        for (const auto& [name, channel] : channels_) {
          if (name.starts_with(session_prefix)) {
            sessions.push_back(name.substr(session_prefix.size()));
          }
        }
      }
      std::ignore = store_.keep_sessions(sessions);
    }
    lock.lock();
  }
}

void Hub::beat() {
  std::vector<Presence> present;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, channel] : channels_) {
      for (const StreamClient* client : channel.clients) {
        if (client->client_id().empty() || client->epoch() == 0) continue;
        present.push_back(
            {client->connection_id(), name.substr(session_prefix.size()), client->client_id()});
      }
    }
  }
  std::ignore = store_.confirm_presence(process_id_, present, longest_silence_ms);
}

}  // namespace vivavox

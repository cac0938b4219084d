#include "server/sync/hub.h"

#include <algorithm>
#include <tuple>

#include "server/assets/sha256.h"
#include "server/http/openapi.h"
#include "server/http/rate_limiter.h"
#include "server/json_text.h"

namespace vivavox {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_message = 64 * 1024;
constexpr int messages_per_minute = 6000;
/// PostgreSQL's NOTIFY takes less than 8000 bytes.
constexpr std::size_t longest_notification = 7900;
constexpr std::int64_t default_ttl_ms = 3600 * 1000;

StreamMessage message_of(const json::object& object) {
  return std::make_shared<const std::string>(json_text(object));
}

StreamMessage message_of(const SessionEvent& event) {
  return message_of({{"session_id", event.session_id},
                     {"event", event.event},
                     {"seq", event.seq},
                     {"client_id", event.client_id},
                     {"operation_id", event.operation_id},
                     {"data", event.data},
                     {"server_time_ms", event.created_at}});
}

json::object presence_of(const std::string& session_id, const std::string& client_id,
                         bool present) {
  return {{"session_id", session_id},
          {"event", "presence"},
          {"client_id", client_id},
          {"present", present}};
}

std::string avatar_channel(const std::string& avatar_id) {
  return "avatar/" + avatar_id;
}
std::string session_channel(const std::string& session_id) {
  return "session/" + session_id;
}

const Schema& session_message_schema() {
  static const Schema schema = [] {
    const json::object& schemas =
        built_in_api().document.at("components").at("schemas").as_object();
    return Schema::compile(schemas.at("SessionMessage"), schemas);
  }();
  return schema;
}

std::string text_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value ? std::string(value->as_string()) : std::string();
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
      : hub_(hub), name_(std::move(name)), channel_(hub.channel_for(name_)), client_(client) {
    const std::lock_guard lock(channel_->mutex);
    channel_->clients.push_back(&client_);
    ++hub_.stream_count_;
  }
  ~Membership() {
    hub_.leave(name_, channel_, client_);
    --hub_.stream_count_;
  }
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;
  Channel& channel() { return *channel_; }

 private:
  Hub& hub_;
  std::string name_;
  ChannelPtr channel_;
  StreamClient& client_;
};

Hub::Hub(Store& store) : store_(store), process_id_(random_hex(8)) {
  store_.database().listen([this](std::string_view notification) { receive(notification); });
}

Hub::ChannelPtr Hub::channel_for(const std::string& name) {
  const std::lock_guard lock(mutex_);
  ChannelPtr& channel = channels_[name];
  if (!channel) channel = std::make_shared<Channel>();
  return channel;
}

Hub::ChannelPtr Hub::find_channel(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = channels_.find(name);
  return found == channels_.end() ? nullptr : found->second;
}

void Hub::leave(const std::string& name, const ChannelPtr& channel, StreamClient& client) {
  const std::lock_guard lock(mutex_);
  const std::lock_guard channel_lock(channel->mutex);
  std::erase(channel->clients, &client);
  // A channel that somebody is just joining is held by them as well.
  const auto found = channels_.find(name);
  if (channel->clients.empty() && found != channels_.end() && found->second == channel &&
      channel.use_count() == 2) {
    channels_.erase(found);
  }
}

void Hub::tell(Channel& channel, const StreamMessage& message) {
  const std::lock_guard lock(channel.mutex);
  for (StreamClient* client : channel.clients) client->send_live(0, message);
  message_count_ += channel.clients.size();
}

// --- avatars --------------------------------------------------------------------

void Hub::run_avatar_stream(const std::string& avatar_id, httplib::ws::WebSocket& socket) {
  StreamClient client(socket, "");
  Membership membership(*this, avatar_channel(avatar_id), client);
  client.send(json_text(json::object{{"avatar_id", avatar_id}, {"event", "connected"}}));
  const auto avatar = store_.avatar(avatar_id);
  if (!avatar) {
    client.send(json_text(json::object{
        {"avatar_id", avatar_id}, {"event", "error"}, {"detail", avatar.error().message}}));
    return;
  }
  client.send(json_text(json::object{
      {"avatar_id", avatar_id}, {"event", "heartbeat"}, {"state", json::parse((*avatar)->state)}}));
  client.go_live(-1);
  std::string text;
  while (socket.read(text) != httplib::ws::Fail) {
    if (text.size() > longest_message) break;
    client.send(json_text(json::object{{"avatar_id", avatar_id}, {"event", "heartbeat"}}));
  }
}

void Hub::tell_avatar(const std::string& avatar_id, std::string_view event,
                      const json::object& data) {
  json::object message{{"avatar_id", avatar_id}, {"event", event}};
  for (const auto& [key, value] : data) message.insert_or_assign(key, value);
  if (const ChannelPtr channel = find_channel(avatar_channel(avatar_id))) {
    tell(*channel, message_of(message));
  }
  json::object notification{{"process", process_id_}, {"avatar", message}};
  if (json_text(notification).size() > longest_notification) {
    notification["avatar"] = {{"avatar_id", avatar_id}, {"event", event}};
  }
  notify_others(notification);
}

/// Only a hint to watchers elsewhere: without the database they are cut off anyway.
void Hub::notify_others(const json::object& message) {
  if (store_.database().is_exclusive()) return;
  const std::string notification = json_text(message);
  std::ignore = store_.database().write(
      [&](Transaction& transaction) { return transaction.notify(notification); });
}

// --- sessions -------------------------------------------------------------------

void Hub::run_session_stream(const std::string& session_id, std::optional<std::int64_t> since,
                             const std::string& client_id, httplib::ws::WebSocket& socket) {
  StreamClient client(socket, client_id);
  Membership membership(*this, session_channel(session_id), client);
  client.send(json_text(json::object{{"session_id", session_id}, {"event", "connected"}}));
  if (!open_session_stream(session_id, since, membership.channel(), client)) return;
  tell_presence(session_id, membership.channel(), client, true);
  RateLimiter limiter(messages_per_minute);
  std::string text;
  while (socket.read(text) != httplib::ws::Fail) {
    if (text.size() > longest_message || limiter.take("", std::chrono::steady_clock::now()) > 0) {
      client.send(json_text(json::object{
          {"session_id", session_id},
          {"event", "error"},
          {"detail", "messages have at most 65536 bytes, and there are at most 100 a second"}}));
      continue;
    }
    take_message(session_id, client, text);
  }
  tell_presence(session_id, membership.channel(), client, false);
}

bool Hub::open_session_stream(const std::string& session_id, std::optional<std::int64_t> since,
                              Channel& channel, StreamClient& client) {
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
                                            .expires_at = now + default_ttl_ms});
  if (!session) return refuse(session.error());
  json::array names;
  {
    const std::lock_guard lock(channel.mutex);
    const bool begins_anew = session->created_at == now && session->last_seq == 0;
    if (!channel.told_seq || begins_anew) channel.told_seq = session->last_seq;
    for (const StreamClient* other : channel.clients) {
      if (!other->client_id().empty()) names.emplace_back(other->client_id());
    }
  }
  client.send(json_text(json::object{{"session_id", session_id},
                                     {"event", "heartbeat"},
                                     {"seq", session->last_seq},
                                     {"state", session->state},
                                     {"clients", std::move(names)},
                                     {"server_time_ms", now}}));
  std::int64_t seen = session->last_seq;
  if (since) {
    const auto missed = store_.session_events(session_id, *since);
    if (!missed) return refuse(missed.error());
    for (const SessionEvent& event : *missed) client.send(message_of(event));
    if (!missed->empty()) seen = std::max(seen, missed->back().seq);
  }
  client.go_live(seen);
  tell_waiting(channel);
  return true;
}

void Hub::tell_presence(const std::string& session_id, Channel& channel, const StreamClient& of,
                        bool joined) {
  if (of.client_id().empty()) return;
  const json::object presence = presence_of(session_id, of.client_id(), joined);
  const StreamMessage message = message_of(presence);
  {
    const std::lock_guard lock(channel.mutex);
    for (StreamClient* client : channel.clients) {
      if (client != &of) client->send(message);
    }
  }
  notify_others({{"process", process_id_}, {"presence", presence}});
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
  if (message->client_id.empty()) message->client_id = client.client_id();
  if (message->operation_id.empty()) message->operation_id = random_hex(8);
  const auto added = store_.add_session_event({.session_id = session_id,
                                               .client_id = message->client_id,
                                               .operation_id = message->operation_id,
                                               .event = message->type,
                                               .data = message->data});
  if (added && *added) {
    publish(**added);
    return;
  }
  answer["operation_id"] = message->operation_id;
  answer["event"] = added ? "applied" : "error";
  if (!added) answer["detail"] = added.error().message;
  client.send(json_text(answer));
  // The session is over; who goes on shall open it anew.
  if (!added && added.error().code == ErrorCode::not_found) client.end();
}

void Hub::publish(const SessionEvent& event) {
  const ChannelPtr channel = find_channel(session_channel(event.session_id));
  if (!channel) return;
  {
    const std::lock_guard lock(channel->mutex);
    channel->waiting.emplace(event.seq, message_of(event));
  }
  tell_waiting(*channel);
}

/// Threads get here in any order after their commits; the events leave by number.
void Hub::tell_waiting(Channel& channel) {
  const std::lock_guard lock(channel.mutex);
  if (!channel.told_seq) return;
  auto& waiting = channel.waiting;
  while (!waiting.empty() && waiting.begin()->first <= *channel.told_seq + 1) {
    const auto [seq, message] = *waiting.begin();
    waiting.erase(waiting.begin());
    if (seq <= *channel.told_seq) continue;
    for (StreamClient* client : channel.clients) client->send_live(seq, message);
    message_count_ += channel.clients.size();
    channel.told_seq = seq;
  }
}

void Hub::end_session(const std::string& session_id) {
  const ChannelPtr channel = find_channel(session_channel(session_id));
  if (!channel) return;
  {
    // Who comes next begins a new session, numbered from one.
    const std::lock_guard lock(mutex_);
    channels_.erase(session_channel(session_id));
  }
  const StreamMessage message = message_of({{"session_id", session_id}, {"event", "closed"}});
  const std::lock_guard lock(channel->mutex);
  for (StreamClient* client : channel->clients) {
    client->send(message);
    client->end();
  }
}

void Hub::end_all() {
  const std::lock_guard lock(mutex_);
  for (auto& [name, channel] : channels_) {
    const std::lock_guard channel_lock(channel->mutex);
    for (StreamClient* client : channel->clients) client->end();
  }
}

// --- other processes --------------------------------------------------------------

void Hub::receive(std::string_view notification) {
  if (notification.empty()) {
    // Messages may have been missed: look for ourselves.
    std::vector<std::pair<std::string, ChannelPtr>> sessions;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [name, channel] : channels_) {
        if (name.starts_with("session/")) sessions.emplace_back(name.substr(8), channel);
      }
    }
    for (const auto& [session_id, channel] : sessions) fetch(session_id, *channel);
    return;
  }
  boost::system::error_code error;
  const json::value value = json::parse(notification, error);
  const json::object* message = error ? nullptr : value.if_object();
  if (!message) return;
  if (message->contains("session_id")) {
    const std::string session_id = text_at(*message, "session_id");
    const ChannelPtr channel = find_channel(session_channel(session_id));
    if (!channel) return;
    {
      const std::lock_guard lock(channel->mutex);
      const std::int64_t seq = message->at("seq").as_int64();
      if (!channel->told_seq || *channel->told_seq >= seq || channel->waiting.contains(seq)) return;
    }
    fetch(session_id, *channel);
    return;
  }
  if (text_at(*message, "process") == process_id_) return;
  if (message->contains("presence")) {
    receive_presence(message->at("presence").as_object(), text_at(*message, "for"));
  } else if (message->contains("avatar")) {
    const json::object& event = message->at("avatar").as_object();
    const ChannelPtr channel = find_channel(avatar_channel(text_at(event, "avatar_id")));
    if (channel) tell(*channel, message_of(event));
  }
}

/// `only_for`: the newcomer whom another process answers; empty: somebody came or
/// went there, and who came is told who is here.
void Hub::receive_presence(const json::object& presence, const std::string& only_for) {
  const std::string session_id = text_at(presence, "session_id");
  const ChannelPtr channel = find_channel(session_channel(session_id));
  if (!channel) return;
  const StreamMessage message = message_of(presence);
  std::vector<std::string> present;
  {
    const std::lock_guard lock(channel->mutex);
    for (StreamClient* client : channel->clients) {
      if (only_for.empty() || client->client_id() == only_for) client->send(message);
      if (!client->client_id().empty()) present.push_back(client->client_id());
    }
  }
  if (!only_for.empty() || !presence.at("present").as_bool()) return;
  for (const std::string& client_id : present) {
    notify_others({{"process", process_id_},
                   {"for", presence.at("client_id")},
                   {"presence", presence_of(session_id, client_id, true)}});
  }
}

void Hub::fetch(const std::string& session_id, Channel& channel) {
  std::int64_t told = 0;
  {
    const std::lock_guard lock(channel.mutex);
    if (!channel.told_seq) return;
    told = *channel.told_seq;
  }
  const auto events = store_.session_events(session_id, told);
  if (!events) return;
  {
    const std::lock_guard lock(channel.mutex);
    for (const SessionEvent& event : *events) channel.waiting.emplace(event.seq, message_of(event));
  }
  tell_waiting(channel);
}

}  // namespace vivavox

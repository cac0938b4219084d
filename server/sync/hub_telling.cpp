// What the hub hears of the store, and whom it tells.
#include <set>

#include "server/sync/hub.h"
#include "server/sync/hub_channels.h"

namespace vivavox {

namespace json = boost::json;

namespace {

SessionEvent session_event_of(const json::object& event, std::int64_t epoch) {
  return {text_at(event, "session_id"),
          event.at("seq").as_int64(),
          text_at(event, "client_id"),
          text_at(event, "operation_id"),
          text_at(event, "event"),
          event.at("data").as_object(),
          event.at("server_time_ms").as_int64(),
          epoch};
}

}  // namespace

void Hub::hear(std::string_view message) {
  {
    const std::lock_guard lock(heard_mutex_);
    messages_.emplace_back(message);
  }
  heard_.notify_all();
}

void Hub::run_teller() {
  std::unique_lock lock(heard_mutex_);
  while (true) {
    heard_.wait(lock, [this] { return ending_ || !messages_.empty(); });
    if (ending_) return;
    const std::string message = std::move(messages_.front());
    messages_.pop_front();
    lock.unlock();
    try {
      tell(message);
    } catch (const std::exception&) {
      // Another version's message on the same channel: see what it may have told.
      catch_up();
    }
    lock.lock();
  }
}

void Hub::tell(const std::string& message) {
  if (message.empty()) return catch_up();
  boost::system::error_code error;
  const json::value value = json::parse(message, error);
  if (error) return;
  const json::object& told = value.as_object();
  const json::value* epoch = told.if_contains("epoch");
  if (const json::value* avatar = told.if_contains("avatar")) {
    tell_avatar(avatar->as_object(), text_at(told, "owner"));
  } else if (const json::value* session = told.if_contains("session")) {
    tell_session(session_event_of(session->as_object(), epoch->as_int64()));
  } else if (const json::value* closed = told.if_contains("closed")) {
    close_session(std::string(closed->as_string()), epoch->as_int64());
  } else if (const json::value* presence = told.if_contains("presence")) {
    tell_presence(presence->as_object(), text_at(told, "connection"));
  } else if (const json::value* revoked = told.if_contains("revoked")) {
    end_streams_of(std::string(revoked->as_string()));
  }
}

void Hub::tell_avatar(const json::object& event, const std::string& owner) {
  const std::lock_guard lock(mutex_);
  const auto found = channels_.find(avatar_channel(text_at(event, "avatar_id")));
  if (found == channels_.end()) return;
  const StreamMessage message = message_of(event);
  for (StreamClient* client : found->second.clients) {
    // The name may be another owner's by now.
    if (client->viewer().may_see(owner)) client->send_live(event.at("seq").as_int64(), message);
  }
  message_count_ += found->second.clients.size();
}

void Hub::tell_session(SessionEvent event) {
  bool has_gap = false;
  {
    const std::lock_guard lock(mutex_);
    const auto found = channels_.find(session_channel(event.session_id));
    if (found == channels_.end()) return;
    Channel& channel = found->second;
    begin_epoch(event.session_id, channel, event.epoch);
    if (event.epoch < channel.epoch) return;
    if (!channel.told_seq) {
      channel.early.emplace(event.seq, std::move(event));
      return;
    }
    has_gap = event.seq > *channel.told_seq + 1;
    if (!has_gap) tell_next(channel, event);
  }
  if (has_gap) catch_up_session(event.session_id);
}

/// With the lock held: an event in its place, told once.
void Hub::tell_next(Channel& channel, const SessionEvent& event) {
  if (event.seq <= *channel.told_seq) return;
  const StreamMessage message = message_of(to_json(event));
  for (StreamClient* client : channel.clients) client->send_live(event.seq, message);
  message_count_ += channel.clients.size();
  channel.told_seq = event.seq;
}

/// With the lock held: a session that has begun anew ends the streams of the one before.
void Hub::begin_epoch(const std::string& session_id, Channel& channel, std::int64_t epoch) {
  if (epoch <= channel.epoch) return;
  if (channel.epoch != 0) channel.told_seq.reset();
  channel.epoch = epoch;
  std::erase_if(channel.early, [&](const auto& one) { return one.second.epoch < epoch; });
  const StreamMessage closed = message_of({{"session_id", session_id}, {"event", "closed"}});
  for (StreamClient* client : channel.clients) {
    if (client->epoch() == 0 || client->epoch() >= epoch) continue;
    client->send(closed);
    client->end();
  }
}

void Hub::close_session(const std::string& session_id, std::int64_t epoch) {
  const std::lock_guard lock(mutex_);
  const auto found = channels_.find(session_channel(session_id));
  // Whatever begins next has a higher epoch.
  if (found != channels_.end()) begin_epoch(session_id, found->second, epoch + 1);
}

void Hub::tell_presence(const json::object& presence, const std::string& connection_id) {
  const std::lock_guard lock(mutex_);
  const auto found = channels_.find(session_channel(text_at(presence, "session_id")));
  if (found == channels_.end()) return;
  const StreamMessage message = message_of(presence);
  for (StreamClient* client : found->second.clients) {
    if (client->connection_id() != connection_id) client->send_live(StreamClient::always, message);
  }
}

void Hub::end_streams_of(const std::string& token_id) {
  const std::lock_guard lock(mutex_);
  for (auto& [name, channel] : channels_) {
    for (StreamClient* client : channel.clients) {
      if (client->token_id() == token_id) client->end();
    }
  }
}

void Hub::catch_up_tokens() {
  std::set<std::string> tokens;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, channel] : channels_) {
      for (const StreamClient* client : channel.clients) tokens.insert(client->token_id());
    }
  }
  tokens.erase("");
  for (const std::string& token_id : tokens) {
    if (store_.is_revoked(token_id).value_or(false)) end_streams_of(token_id);
  }
}

/// Messages may have been missed: look for ourselves.
void Hub::catch_up() {
  catch_up_tokens();
  std::vector<std::string> sessions, avatars;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, channel] : channels_) {
      if (name.starts_with(session_prefix)) {
        sessions.push_back(name.substr(session_prefix.size()));
      } else {
        avatars.push_back(name.substr(avatar_channel("").size()));
      }
    }
  }
  for (const std::string& session_id : sessions) catch_up_session(session_id);
  for (const std::string& avatar_id : avatars) {
    const auto avatar = store_.known_avatar(avatar_id);
    if (!avatar) continue;
    tell_avatar({{"avatar_id", avatar_id},
                 {"event", "heartbeat"},
                 {"seq", (*avatar)->version},
                 {"state", json::parse((*avatar)->state)}},
                (*avatar)->owner);
  }
}

void Hub::catch_up_session(const std::string& session_id) {
  std::int64_t told = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto found = channels_.find(session_channel(session_id));
    // Its first client has not been greeted yet: the greeting tells all.
    if (found == channels_.end() || !found->second.told_seq) return;
    told = *found->second.told_seq;
  }
  const auto session = store_.session(session_id, everything);
  if (!session) {
    if (session.error().code != ErrorCode::not_found) return;
    const std::lock_guard lock(mutex_);
    const auto found = channels_.find(session_channel(session_id));
    if (found != channels_.end()) begin_epoch(session_id, found->second, found->second.epoch + 1);
    return;
  }
  const auto events = store_.session_events(session_id, told);
  if (!events) return;
  const std::lock_guard lock(mutex_);
  const auto found = channels_.find(session_channel(session_id));
  if (found == channels_.end() || !found->second.told_seq) return;
  Channel& channel = found->second;
  begin_epoch(session_id, channel, session->epoch);
  if (!channel.told_seq || channel.epoch != session->epoch) return;
  const bool is_whole =
      session->last_seq <= told || (!events->empty() && events->front().seq == told + 1);
  if (is_whole) {
    for (const SessionEvent& event : *events) tell_next(channel, event);
    return;
  }
  // More was missed than is kept: the state holds what came of it.
  const StreamMessage resync = message_of({{"session_id", session_id},
                                           {"event", "resync"},
                                           {"seq", session->last_seq},
                                           {"epoch", session->epoch},
                                           {"state", session->state},
                                           {"server_time_ms", now_ms()}});
  for (StreamClient* client : channel.clients) client->send_live(session->last_seq, resync);
  channel.told_seq = session->last_seq;
}

}  // namespace vivavox

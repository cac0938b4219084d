// Sessions and the streams of avatars and sessions.
#include "server/assets/sha256.h"
#include "server/service/service.h"

namespace vivavox {

namespace json = boost::json;

namespace {

Reply create_session(Service& service, const Call& call) {
  const std::int64_t now = now_ms();
  const json::value* metadata = call.body.as_object().if_contains("metadata");
  const Session session{
      .session_id = random_hex(16),
      .avatar_id = text_of(call.body, "avatar_id").value_or("default"),
      .metadata = metadata && metadata->is_object() ? metadata->as_object() : json::object(),
      .state = {},
      .created_at = now,
      .updated_at = now,
      .expires_at = now + call.body.at("ttl_seconds").as_int64() * 1000};
  if (auto added = service.store.add_session(session); !added) return problem(added.error());
  return json_reply({{"session_id", session.session_id},
                     {"avatar_id", session.avatar_id},
                     {"metadata", session.metadata},
                     {"created_at", time_text(session.created_at)},
                     {"expires_at", time_text(session.expires_at)}});
}

Reply delete_session(Service& service, const Call& call) {
  const std::string& session_id = call.path("session_id");
  const auto deleted = service.store.delete_session(session_id);
  if (!deleted) return problem(deleted.error());
  return json_reply({{"deleted", *deleted}, {"session_id", session_id}});
}

std::optional<std::int64_t> number_of(const Call& call, std::string_view name) {
  const json::value* number = call.query.if_contains(name);
  return number ? std::optional(number->as_int64()) : std::nullopt;
}

std::string client_id_of(const Call& call) {
  const json::value* client_id = call.query.if_contains("client_id");
  return client_id ? std::string(client_id->as_string()) : std::string();
}

}  // namespace

void add_session_handlers(Service& service) {
  HttpServer& http = service.http;
  http.handle("createSession", [&](const Call& call) { return create_session(service, call); });
  http.handle("deleteSession", [&](const Call& call) { return delete_session(service, call); });
  http.handle_stream("streamAvatar", [&](const Call& call, httplib::ws::WebSocket& socket) {
    service.hub.run_avatar_stream(call.path("avatar_id"), call.caller.expires_at_s, socket);
  });
  http.handle_stream("streamSession", [&](const Call& call, httplib::ws::WebSocket& socket) {
    service.hub.run_session_stream(call.path("session_id"),
                                   {number_of(call, "since"), number_of(call, "epoch")},
                                   client_id_of(call), call.caller.expires_at_s, socket);
  });
}

}  // namespace vivavox

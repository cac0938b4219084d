// Sessions and the streams of avatars and sessions.
#include "server/service/service.h"
#include "server/store/precondition.h"

namespace vivavox {

namespace json = boost::json;

namespace {

Reply create_session(Service& service, const Call& call) {
  const std::int64_t now = now_ms();
  const json::object* metadata = call.body.object("metadata");
  const Session session{.session_id = call.new_id(16),
                        .avatar_id = call.body.text("avatar_id").value_or("default"),
                        .metadata = metadata ? *metadata : json::object(),
                        .state = {},
                        .created_at = now,
                        .updated_at = now,
                        .expires_at = now + *call.body.whole("ttl_seconds") * 1000};
  if (auto added = service.store.add_session(session, call.caller.viewer); !added)
    return problem(added.error());
  return json_reply({{"session_id", session.session_id},
                     {"avatar_id", session.avatar_id},
                     {"metadata", session.metadata},
                     {"created_at", time_text(session.created_at)},
                     {"expires_at", time_text(session.expires_at)}});
}

Reply delete_session(Service& service, const Call& call) {
  const std::string& session_id = call.path("session_id");
  const auto deleted =
      service.store.delete_session(session_id, call.caller.viewer, call.if_match());
  if (!deleted) return problem(deleted.error());
  return json_reply({{"deleted", *deleted}, {"session_id", session_id}});
}

Reply state_reply(const Result<Session>& session) {
  if (!session) return problem(session.error());
  return with_etag(json_reply({{"session_id", session->session_id},
                               {"avatar_id", session->avatar_id},
                               {"seq", session->last_seq},
                               {"epoch", session->epoch},
                               {"state", session->state}}),
                   etag_of(*session));
}

Reply patch_state(Service& service, const Call& call) {
  return state_reply(service.store.patch_session(call.path("session_id"), call.caller.viewer,
                                                 *call.body.object("state"), call.if_match()));
}

Watcher watcher_of(const Call& call) {
  const auto& grant = call.caller.grant;
  return {call.caller.viewer, grant ? grant->id : std::string(), call.caller.expires_at_s};
}

/// What is not for this client is said before the stream opens, all else on it.
std::optional<Reply> refusal_of(const Error& error) {
  if (error.code == ErrorCode::unavailable || error.code == ErrorCode::io_failed) {
    return std::nullopt;
  }
  return problem(error);
}

/// One that there is not, or that is over, is opened.
std::optional<Reply> check_session(Service& service, const Call& call) {
  const auto session = service.store.session(call.path("session_id"), everything);
  if (!session || session->expires_at <= now_ms() || call.caller.viewer.may_see(session->owner)) {
    return std::nullopt;
  }
  return problem(404, "there is no such session");
}

}  // namespace

void add_session_handlers(Service& service) {
  HttpServer& http = service.http;
  http.handle("createSession", [&](const Call& call) { return create_session(service, call); });
  http.handle("deleteSession", [&](const Call& call) { return delete_session(service, call); });
  http.handle("getSessionState", [&](const Call& call) {
    return state_reply(service.store.session(call.path("session_id"), call.caller.viewer));
  });
  http.handle("patchSessionState", [&](const Call& call) { return patch_state(service, call); });
  http.handle_stream(
      "streamAvatar",
      [&](const Call& call) {
        const auto avatar = service.store.avatar(call.path("avatar_id"), call.caller.viewer);
        return avatar ? std::nullopt : refusal_of(avatar.error());
      },
      [&](const Call& call, httplib::ws::WebSocket& socket) {
        service.hub.run_avatar_stream(call.path("avatar_id"), watcher_of(call), socket);
      });
  http.handle_stream(
      "streamSession", [&](const Call& call) { return check_session(service, call); },
      [&](const Call& call, httplib::ws::WebSocket& socket) {
        service.hub.run_session_stream(
            call.path("session_id"), {call.query.whole("since"), call.query.whole("epoch")},
            call.query.text("client_id").value_or(""), watcher_of(call), socket);
      });
}

}  // namespace vivavox

#include "server/service/repeats.h"

#include <algorithm>
#include <chrono>
#include <format>

#include "server/assets/sha256.h"
#include "server/http/id_source.h"
#include "server/json_text.h"

namespace vivavox {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_key = 200;
/// A longer answer is made again: what it tells of is there already.
constexpr std::size_t longest_kept_reply = std::size_t{1} << 20;

/// The key that makes a request one, however often it is sent.
Result<std::string> key_of(const Call& call) {
  std::string key = call.request.get_header_value("Idempotency-Key");
  // As the draft has it, a string of structured fields: "…".
  if (key.size() >= 2 && key.starts_with('"') && key.ends_with('"')) {
    key = key.substr(1, key.size() - 2);
  }
  const bool is_plain = std::ranges::all_of(key, [](char c) { return c > 0x20 && c < 0x7F; });
  if (key.empty() || key.size() > longest_key || !is_plain) {
    return fail(ErrorCode::invalid_argument,
                std::format("an Idempotency-Key is 1 to {} printable characters without spaces",
                            longest_key));
  }
  return key;
}

/// Of what is asked for, but for a body that the handler reads.
std::string digest_of(const Call& call) {
  json::array path;
  for (const auto& [name, value] : call.path_values) path.emplace_back(value);
  return sha256_hex(json_text(
      json::array{call.operation.id, std::move(path), call.query.all(), call.body.all()}));
}

Reply used_otherwise() {
  return problem(Error{ErrorCode::invalid_argument,
                       "this Idempotency-Key was sent with another request before: make a new one "
                       "for each"});
}

std::string text_of_reply(const Reply& reply) {
  json::object headers;
  for (const auto& [name, value] : reply.headers) headers[name] = value;
  return json_text(json::array{reply.status, std::move(headers), reply.body});
}

Reply reply_of_text(const std::string& text) {
  const json::array kept = json::parse(text).as_array();
  Reply reply{.status = static_cast<int>(kept[0].as_int64()),
              .body = std::string(kept[2].as_string())};
  for (const auto& [name, value] : kept[1].as_object()) {
    reply.headers.emplace_back(name, value.as_string());
  }
  reply.headers.emplace_back("Idempotency-Replayed", "true");
  return reply;
}

/// Reads a body to its end. False: it is broken off.
bool read_on(const BodyReader& reader) {
  return reader.read([](const FormPart&) { return true; }, [](std::string_view) { return true; });
}

}  // namespace

/// One request of a key is answered at a time: the next finds the first one's answer.
class Repeats::Turn {
 public:
  Turn(Repeats& of, const Key& key, const Call& call) : of_(of), key_(key) {
    std::unique_lock lock(of_.mutex_);
    while (!has_it_ && !call.objection()) {
      has_it_ = of_.at_work_.insert(key_).second;
      if (!has_it_) of_.changed_.wait_for(lock, std::chrono::milliseconds(100));
    }
  }
  ~Turn() {
    if (!has_it_) return;
    {
      const std::lock_guard lock(of_.mutex_);
      of_.at_work_.erase(key_);
    }
    of_.changed_.notify_all();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  bool has_come() const { return has_it_; }

 private:
  Repeats& of_;
  const Key key_;
  bool has_it_ = false;
};

Reply Repeats::answer(Call& call, const Handler& handler) {
  const auto given = key_of(call);
  if (!given) return problem(given.error());
  const Key key(call.caller.viewer.owner, *given);
  const Turn turn(*this, key, call);
  if (!turn.has_come()) return problem(Error{ErrorCode::cancelled, call.objection()});
  const std::string digest = digest_of(call);
  const auto kept = store_.begin_request(key.first, key.second, digest);
  if (!kept) return problem(kept.error());
  if (kept->digest != digest) return used_otherwise();
  if (kept->reply.empty()) return answer_first(call, handler, key, kept->seed);
  if (call.reader) {
    if (!read_on(*call.reader)) return problem(400, "the body could not be read to its end");
    if (call.reader->digest() != kept->body_digest) return used_otherwise();
  }
  return reply_of_text(kept->reply);
}

Reply Repeats::answer_first(Call& call, const Handler& handler, const Key& key,
                            const std::string& seed) {
  IdSource ids(seed);
  call.ids = &ids;
  Reply reply = handler(call);
  if (reply.status >= 300 || reply.body.size() > longest_kept_reply) return reply;
  // Where this fails it is done again, under the same ids.
  std::ignore = store_.keep_reply(key.first, key.second, call.reader ? call.reader->digest() : "",
                                  text_of_reply(reply));
  return reply;
}

}  // namespace vivavox

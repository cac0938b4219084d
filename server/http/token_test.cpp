#include "server/http/token.h"

#include <catch2/catch_test_macros.hpp>

#include "server/assets/base64.h"
#include "server/assets/hmac.h"

using namespace vivavox;

namespace {

const ApiKeys& keys() {
  static const ApiKeys all =
      *ApiKeys::parse("kiosk=writer-0123456789,reader-0123456789:read,admin-01234567890:admin");
  return all;
}

const ApiKey& key(std::string_view text) {
  return *keys().find(text);
}

constexpr std::int64_t now_s = 1'800'000'000;

Grant grant_until(std::int64_t end_s) {
  return {.scope = Scope::write,
          .expires_at_s = end_s,
          .avatars = {"änna", "b\"ob"},
          .sessions = {"s"},
          .paths = {"/audios/"},
          .origin = "https://page.example",
          .id = "an id"};
}

}  // namespace

TEST_CASE("a token is read as it was made, until it expires") {
  const std::string token = make_token(key("writer-0123456789"), grant_until(now_s + 1));
  CHECK(is_token(token));
  const auto read = read_token(keys(), token, now_s);
  REQUIRE(read);
  CHECK(read->key->name == "kiosk");
  CHECK(read->grant.scope == Scope::write);
  CHECK(read->grant.avatars == std::vector<std::string>{"änna", "b\"ob"});
  CHECK(read->grant.paths == std::vector<std::string>{"/audios/"});
  CHECK(read->grant.origin == "https://page.example");
  CHECK(read->grant.id == "an id");
  const auto late = read_token(keys(), token, now_s + 1);
  REQUIRE(!late);
  CHECK(late.error().message.contains("expired"));
}

TEST_CASE("a token's id tells whose it is, and is nobody else's to make") {
  const std::string id = make_token_id(key("writer-0123456789"), now_s);
  CHECK(id != make_token_id(key("writer-0123456789"), now_s));
  const auto read = read_token_id(keys(), id);
  REQUIRE(read);
  CHECK(read->key == &key("writer-0123456789"));
  CHECK(read->expires_at_s == now_s);
  for (std::size_t i = 0; i < id.size(); ++i) {
    std::string changed = id;
    changed[i] = changed[i] == 'a' ? 'b' : 'a';
    CHECK(!read_token_id(keys(), changed));
    CHECK(!read_token_id(keys(), id.substr(0, i)));
  }
}

TEST_CASE("a token that was changed in any place is refused") {
  const std::string token = make_token(key("writer-0123456789"), grant_until(now_s + 60));
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    CHECK(!read_token(keys(), changed, now_s));
    CHECK(!read_token(keys(), token.substr(0, i), now_s));
  }
  CHECK(!read_token(keys(), token + "A", now_s));
  CHECK(!read_token(keys(), "", now_s));
}

TEST_CASE("a token says nothing of how it is checked, nor whose it is") {
  const ApiKey& writer = key("writer-0123456789");
  const std::string token = make_token(writer, grant_until(now_s + 60));
  const std::string claims = token.substr(token.find('.') + 1);
  const std::string payload = claims.substr(0, claims.find('.'));
  for (const std::string& header :
       {std::string(R"({"alg":"none","typ":"JWT"})"),
        R"({"alg":"none","kid":")" + writer.id + R"(","typ":"JWT"})",
        R"({"alg":"HS256","kid":")" + key("admin-01234567890").id + R"(","typ":"JWT"})"}) {
    const std::string text = to_base64url(header) + "." + payload;
    CHECK(!read_token(keys(), text + ".", now_s));
    CHECK(!read_token(keys(), text + "." + to_base64url(hmac_sha256(writer.token_secret(), text)),
                      now_s));
  }
}

TEST_CASE("a token dies with its key, and never grants more than that") {
  const std::string token = make_token(key("writer-0123456789"), grant_until(now_s + 60));
  CHECK(!read_token(*ApiKeys::parse("reader-0123456789:read"), token, now_s));
  const ApiKeys lessened = *ApiKeys::parse("writer-0123456789:read");
  CHECK(read_token(lessened, token, now_s)->grant.scope == Scope::read);
}

TEST_CASE("a narrow grant covers what it names alone") {
  using Names = std::vector<std::string>;
  const Grant wide{.scope = Scope::read};
  CHECK(wide.covers("/any", Names{"x"}, Names{}));
  const Grant avatar{.avatars = {"anna"}};
  CHECK(avatar.covers("/state", Names{"anna"}, Names{}));
  CHECK(!avatar.covers("/state", Names{"bob"}, Names{}));
  CHECK(!avatar.covers("/state", Names{"anna", "bob"}, Names{}));
  CHECK(!avatar.covers("/presets", Names{}, Names{}));
  CHECK(!avatar.covers("/session", Names{}, Names{"s"}));
  const Grant path{.paths = {"/presets", "/audios/"}};
  CHECK(path.covers("/presets", Names{}, Names{}));
  CHECK(path.covers("/audios/a.wav", Names{}, Names{}));
  CHECK(path.covers("/presets", Names{"anyone"}, Names{}));
  CHECK(!path.covers("/presets/x", Names{}, Names{}));
  CHECK(!path.covers("/audios", Names{}, Names{}));
  const Grant both{.avatars = {"anna"}, .paths = {"/speak"}};
  CHECK(both.covers("/speak", Names{"anna"}, Names{}));
  CHECK(!both.covers("/speak", Names{"bob"}, Names{}));
}

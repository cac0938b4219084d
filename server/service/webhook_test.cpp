#include "server/service/webhook.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <catch2/catch_test_macros.hpp>
#include <string>

using namespace vivavox;

namespace {

bool is_public(const std::string& text) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  v4.sin_family = AF_INET;
  v6.sin6_family = AF_INET6;
  if (::inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    return is_public_address(reinterpret_cast<const sockaddr&>(v4));
  }
  REQUIRE(::inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1);
  return is_public_address(reinterpret_cast<const sockaddr&>(v6));
}

constexpr const char* secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

}  // namespace

TEST_CASE("addresses of this machine and its networks are told from the Internet's") {
  for (const char* one : {"1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.0.1",
                          "100.128.0.1", "223.255.255.255", "192.0.1.1", "2606:4700::1111",
                          "2a00:1450::1", "2001:4860:4860::8888", "::ffff:1.1.1.1"}) {
    INFO(one);
    CHECK(is_public(one));
  }
  for (const char* one : {"0.0.0.0",
                          "10.0.0.1",
                          "100.64.0.1",
                          "100.127.255.255",
                          "127.0.0.1",
                          "127.255.0.1",
                          "169.254.169.254",
                          "172.16.0.1",
                          "172.31.255.255",
                          "192.0.0.1",
                          "192.168.1.1",
                          "198.18.0.1",
                          "198.19.255.255",
                          "224.0.0.1",
                          "240.0.0.1",
                          "255.255.255.255",
                          "::",
                          "::1",
                          "::ffff:127.0.0.1",
                          "::ffff:10.0.0.1",
                          "::127.0.0.1",
                          "fe80::1",
                          "fc00::1",
                          "fd12::1",
                          "ff02::1",
                          "64:ff9b::a00:1",
                          "2002:7f00:1::",
                          "2001::1",
                          "2001:db8::1"}) {
    INFO(one);
    CHECK(!is_public(one));
  }
}

TEST_CASE("a webhook's URL is read") {
  const auto url = read_webhook_url("https://Hooks.Example:8443/a/b?c=%20d");
  REQUIRE(url);
  CHECK(url->is_https);
  CHECK(url->host == "hooks.example");
  CHECK(url->port == 8443);
  CHECK(url->target == "/a/b?c=%20d");
  CHECK(url->origin == "https://hooks.example:8443");
  const auto bare = read_webhook_url("http://[2606:4700::1]?x");
  REQUIRE(bare);
  CHECK(bare->host == "2606:4700::1");
  CHECK(bare->port == 80);
  CHECK(bare->target == "/?x");
  CHECK(bare->origin == "http://[2606:4700::1]");
}

TEST_CASE("what is no webhook's URL is refused") {
  for (const char* one :
       {"", "ftp://a.example/", "//a.example/", "https://", "https:///x", "https://user@a.example/",
        "https://u:p@a.example/", "https://a.example:0/", "https://a.example:65536/",
        "https://a.example:/", "https://a.example:80x/", "https://a.example/ x",
        "https://a.example/#x", "https://a.example/\r\nHost: b", "https://[::1", "https://[x]/",
        "https://[::1]x/", "https://a_b.example/", "https://a.example\\@b.example/"}) {
    INFO(one);
    CHECK(!read_webhook_url(one));
  }
}

TEST_CASE("a webhook's signature is that of Standard Webhooks") {
  const auto bytes = std::string(
      "\x31\xf2\x90\xf6\xbf\x06\x29\x8a\xab\x4f\x08\xd4\x3c\x3f\x08\x2c"
      "\xf6\x48\xa3\x62\xda\x2d\xa4\xb0",
      24);
  CHECK(webhook_signature(bytes, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                          R"({"test": 2432232314})") ==
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("webhooks need a secret, TLS and a public address") {
  const auto none = Webhooks::create("", "");
  REQUIRE(none);
  CHECK(none->admit("https://1.1.1.1/").error().message.contains("WEBHOOK_SECRET"));
  const auto hooks = Webhooks::create(secret, "http://127.0.0.1:3000, http://localhost:4000/");
  REQUIRE(hooks);
  CHECK(hooks->admit("https://1.1.1.1/x"));
  CHECK(hooks->admit("http://127.0.0.1:3000/x"));
  CHECK(hooks->admit("http://localhost:4000"));
  for (const char* one : {"http://1.1.1.1/", "https://127.0.0.1/", "https://127.0.0.1:3000/",
                          "http://127.0.0.1:3001/", "https://localhost/", "https://127.1/",
                          "https://2130706433/", "https://0x7f.0.0.1/", "https://[::1]/",
                          "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/latest"}) {
    INFO(one);
    CHECK(!hooks->admit(one));
  }
  for (const char* one :
       {"short", "whsec_", "whsec_AAAA", "whsec_not base64!!", "AAAAAAAAAAAAAAAA"}) {
    CHECK(!Webhooks::create(one, ""));
  }
  CHECK(!Webhooks::create(secret, "localhost"));
  CHECK(!Webhooks::create(secret, "http://localhost/path"));
}

TEST_CASE("where a webhook's name leads is asked again when it is called") {
  const auto hooks = Webhooks::create(secret, "");
  REQUIRE(hooks);
  // It was admitted when its name was not known, and leads inwards by now.
  CHECK(hooks->admit("https://nowhere.invalid/"));
  const auto called = hooks->call("https://localhost:9/", "id", "{}", 0);
  REQUIRE(!called);
  CHECK(called.error().code == ErrorCode::invalid_argument);
  CHECK(called.error().message.contains("ALLOWED_WEBHOOKS"));
}

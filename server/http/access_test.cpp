#include "server/http/access.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

TEST_CASE("keys allow what their scope says") {
  const auto keys =
      ApiKeys::parse("reader-0123456789:read, writer-0123456789,admin-01234567890:admin");
  REQUIRE(keys);
  CHECK(keys->find("reader-0123456789")->scope == Scope::read);
  CHECK(keys->find("writer-0123456789")->scope == Scope::write);
  CHECK(keys->find("admin-01234567890")->scope == Scope::admin);
  CHECK(!keys->find("reader-012345678"));
  CHECK(!keys->find(""));
  CHECK(ApiKeys::parse("")->empty());
  CHECK(!ApiKeys::parse("short"));
  CHECK(!ApiKeys::parse("reader-0123456789:owner"));
  CHECK(!ApiKeys::parse("reader-0123456789:none"));
}

TEST_CASE("keys have a name, of their own or given") {
  const auto keys = ApiKeys::parse(
      "kiosk=0123456789abcdef:read,kiosk=fedcba9876543210,c2VjcmV0IHNlY3JldA==:read,a "
      "b=c_0123456789abcdef");
  REQUIRE(keys);
  CHECK(keys->find("0123456789abcdef")->name == "kiosk");
  CHECK(keys->find("fedcba9876543210")->name == "kiosk");
  CHECK(keys->find("fedcba9876543210")->scope == Scope::write);
  CHECK(keys->find("c2VjcmV0IHNlY3JldA==")->name.starts_with("key-"));
  CHECK(keys->find("a b=c_0123456789abcdef"));
  CHECK(!ApiKeys::parse("kiosk=short"));
  const ApiKey& key = *keys->find("0123456789abcdef");
  CHECK(keys->with_id(key.id) == &key);
  CHECK(!keys->with_id(""));
  CHECK(!key.digest.contains(key.id));
}

TEST_CASE("without keys only this machine is served") {
  const ApiKeys none = *ApiKeys::parse("");
  CHECK(check_exposure("127.0.0.1", false, none));
  CHECK(check_exposure("localhost", false, none));
  CHECK(check_exposure("::1", false, none));
  CHECK(!check_exposure("0.0.0.0", false, none));
  CHECK(!check_exposure("192.0.2.1", false, none));
  CHECK(check_exposure("0.0.0.0", false, *ApiKeys::parse("reader-0123456789:read")));
}

TEST_CASE("origins are allowed by list, by star, or as the page's own") {
  const Origins listed("https://a.example, https://b.example");
  CHECK(listed.allows("https://b.example"));
  CHECK(!listed.allows("https://b.example.evil"));
  CHECK(!Origins("").allows("https://a.example"));
  CHECK(Origins("*").allows("https://anything.example"));
  CHECK(Origins::is_same("http://localhost:8080", "localhost:8080"));
  CHECK(!Origins::is_same("http://localhost:8081", "localhost:8080"));
  CHECK(!Origins::is_same("null", ""));
}

TEST_CASE("proxies bring strangers: they need keys") {
  CHECK(!check_exposure("127.0.0.1", true, {}));
  CHECK(check_exposure("127.0.0.1", true, *ApiKeys::parse("0123456789abcdef")));
}

TEST_CASE("a client's address is what the last trusted proxy saw") {
  const std::vector<std::string> proxies{"10.0.0.1", "10.0.0.2"};
  CHECK(client_address("1.2.3.4", "6.6.6.6", proxies) == "1.2.3.4");
  CHECK(client_address("10.0.0.1", "6.6.6.6, 1.2.3.4", proxies) == "1.2.3.4");
  CHECK(client_address("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", proxies) == "1.2.3.4");
  CHECK(client_address("::ffff:10.0.0.1", "[2001:db8::1]:4711", proxies) == "2001:db8::1");
  CHECK(client_address("10.0.0.1", "1.2.3.4:80", proxies) == "1.2.3.4");
  CHECK(client_address("10.0.0.1", "nonsense\",\"", proxies) == "10.0.0.1");
  CHECK(client_address("10.0.0.1", "", proxies) == "10.0.0.1");
  CHECK(client_address("10.0.0.1", "1.2.3.4", {}) == "10.0.0.1");
}

TEST_CASE("a server answers to its own names") {
  const Hosts loopback("127.0.0.1", "", false);
  for (const char* host :
       {"localhost", "LOCALHOST:8080", "127.0.0.1:80", "[::1]:8080", "127.1.2.3"}) {
    CHECK(loopback.allow(host));
  }
  for (const char* host : {"evil.example", "127.evil.example", "", "localhost.evil.example:8080"}) {
    CHECK(!loopback.allow(host));
  }
  const Hosts named("0.0.0.0", "Face.example, b.example", true);
  CHECK(named.allow("face.example:443"));
  CHECK(!named.allow("evil.example"));
  CHECK(Hosts("0.0.0.0", "", true).allow("anything"));
}

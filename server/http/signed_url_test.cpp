#include "server/http/signed_url.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

namespace {

std::multimap<std::string, std::string> query_of(std::string_view url) {
  std::multimap<std::string, std::string> query;
  url.remove_prefix(url.find('?') + 1);
  while (!url.empty()) {
    const std::string_view one = url.substr(0, url.find('&'));
    query.emplace(one.substr(0, one.find('=')), one.substr(one.find('=') + 1));
    url.remove_prefix(std::min(url.size(), one.size() + 1));
  }
  return query;
}

}  // namespace

TEST_CASE("a signed URL opens its own path until it expires") {
  const ApiKeys keys = *ApiKeys::parse("writer-0123456789,other-0123456789");
  const ApiKey& key = *keys.find("writer-0123456789");
  const auto query = query_of(signed_url(key, "/renders/a.png", 1000));
  CHECK(is_signed(query));
  const auto read = read_signed_url(keys, "/renders/a.png", query, 999);
  REQUIRE(read);
  CHECK(read->key == &key);
  CHECK(read->expires_at_s == 1000);
  CHECK(!read_signed_url(keys, "/renders/a.png", query, 1000));
  CHECK(!read_signed_url(keys, "/renders/b.png", query, 999));
  CHECK(!read_signed_url(*ApiKeys::parse("other-0123456789"), "/renders/a.png", query, 999));
  for (const auto& [name, value] :
       {std::pair("expires", "1001"), std::pair("expires", "01000"), std::pair("signature", ""),
        std::pair("key", ""), std::pair("key", keys.find("other-0123456789")->id.c_str())}) {
    auto changed = query;
    changed.erase(name);
    changed.emplace(name, value);
    CHECK(!read_signed_url(keys, "/renders/a.png", changed, 999));
    changed.erase(name);
    CHECK(!read_signed_url(keys, "/renders/a.png", changed, 999));
  }
}

#include "server/http/page_policy.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

TEST_CASE("a page's policy names the scripts that stand in it, and no others") {
  // printf "alert('Hello, world.');" | openssl dgst -sha256 -binary | base64
  const std::string hash = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";
  const std::string policy = page_policy(
      "<SCRIPT type=\"module\">alert('Hello, world.');</SCRIPT><script src=\"a.js\"></script>"
      "<script>x</script >");
  CHECK(policy.contains("script-src 'self' 'wasm-unsafe-eval' " + hash + " 'sha256-"));
  CHECK(!policy.contains("unsafe-inline"));
  CHECK(!policy.contains("'unsafe-eval'"));
  CHECK(page_policy("").contains("script-src 'self' 'wasm-unsafe-eval'; "));
  CHECK(page_policy("<script>").contains("script-src 'self' 'wasm-unsafe-eval'; "));
}

#include "engine/text/nfd.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

TEST_CASE("characters are decomposed as Unicode says") {
  CHECK(to_nfd(U"ç") == U"c\u0327");
  CHECK(to_nfd(U"ã\u02D0") == U"a\u0303\u02D0");
  CHECK(to_nfd(U"ǭ") == U"o\u0328\u0304");  // two steps
  CHECK(to_nfd(U"\u212B") == U"A\u030A");   // a singleton, then a pair
  CHECK(to_nfd(U"각가") == U"\u1100\u1161\u11A8\u1100\u1161");
  CHECK(to_nfd(U"a\u0301\u0323") == U"a\u0323\u0301");  // canonical order
  CHECK(to_nfd(U"\u0958") == U"\u0915\u093C");          // excluded from composition
  CHECK(to_nfd(U"ﬁ²") == U"ﬁ²");                        // compatibility stays
  CHECK(to_nfd(U"əʊ") == U"əʊ");
}

TEST_CASE("code points go to UTF-8 and back") {
  const std::string text = "aé好🙂";
  std::string back;
  for (const char32_t c : code_points(text)) back += to_utf8(c);
  CHECK(back == text);
}

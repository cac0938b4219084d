#include "engine/text/utf8.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

TEST_CASE("well-formed UTF-8 is accepted") {
  CHECK(find_invalid_utf8("") == std::string_view::npos);
  CHECK(find_invalid_utf8("Dr. Müller – 你好 🙂") == std::string_view::npos);
  CHECK(find_invalid_utf8("\xF4\x8F\xBF\xBF") == std::string_view::npos);
}

TEST_CASE("malformed UTF-8 is found where it starts") {
  CHECK(find_invalid_utf8("ab\xFF") == 2);
  CHECK(find_invalid_utf8("a\xC3") == 1);          // cut short
  CHECK(find_invalid_utf8("\xC0\xAF") == 0);       // overlong
  CHECK(find_invalid_utf8("\xE0\x80\xAF") == 0);   // overlong
  CHECK(find_invalid_utf8("a\xED\xA0\x80") == 1);  // surrogate
  CHECK(find_invalid_utf8("\xF4\x90\x80\x80") == 0);
  CHECK(find_invalid_utf8("\x80") == 0);
}

TEST_CASE("code points decode") {
  CHECK(decode_utf8("a", 0).value == U'a');
  CHECK(decode_utf8("xé", 1).value == U'é');
  CHECK(decode_utf8("你", 0).value == U'你');
  CHECK(decode_utf8("🙂", 0).length_bytes == 4);
}

TEST_CASE("UTF-16 length counts surrogate pairs as two") {
  CHECK(utf16_length("") == 0);
  CHECK(utf16_length("é你") == 2);
  CHECK(utf16_length("a🙂") == 3);
}

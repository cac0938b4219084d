#include "engine/phonetics/arpabet.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

TEST_CASE("English phones have their own ARPABET symbol") {
  CHECK(arpabet("h") == "HH");
  CHECK(arpabet("tʃ") == "CH");
  CHECK(arpabet("t͡ʃ") == "CH");
  CHECK(arpabet("əʊ") == "OW");
  CHECK(arpabet("iː") == "IY");
  CHECK(arpabet("ɜː") == "ER");
  CHECK(arpabet("ɹ") == "R");
  CHECK(arpabet("ŋ") == "NG");
}

TEST_CASE("other phones have the nearest") {
  CHECK(arpabet("aː") == "AA");
  CHECK(arpabet("ã") == "AA");
  CHECK(arpabet("y") == "UX");
  CHECK(arpabet("ʂ") == "SH");
  CHECK(arpabet("pʰ") == "P");
  CHECK(arpabet("") == "SIL");
  CHECK(arpabet("˥") == "SIL");
}

TEST_CASE("phones are understood by any of their names") {
  CHECK(ipa_of_phone("AA") == "ɑ");
  CHECK(ipa_of_phone("aa1") == "ɑ");
  CHECK(ipa_of_phone("S") == "s");
  CHECK(ipa_of_phone("Y") == "j");
  CHECK(ipa_of_phone("y") == "y");
  CHECK(ipa_of_phone("Q") == "ʔ");
  CHECK(ipa_of_phone("q") == "q");
  CHECK(ipa_of_phone("ʃ") == "ʃ");
  CHECK(ipa_of_phone("SIL") == "");
  CHECK(ipa_of_phone("") == "");
  CHECK(ipa_of_phone("%") == "");
  for (const ArpabetSymbol& entry : arpabet_symbols()) CHECK(arpabet(entry.ipa) == entry.symbol);
}

// Any token, signature and cursor: none is taken that was not made here.
#include <cstdint>
#include <cstdlib>

#include "server/http/signed_url.h"
#include "server/http/token.h"
#include "server/service/cursor.h"

using namespace vivavox;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ApiKeys keys = *ApiKeys::parse("kiosk=a-key-to-be-fuzzed:admin");
  static const ApiKey& key = *keys.find("a-key-to-be-fuzzed");
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (read_token(keys, text, 0)) std::abort();
  // Behind a header of ours too, where the claims would be read next.
  const std::string token = make_token(key, {.scope = Scope::read, .expires_at_s = 1});
  if (read_token(keys, token.substr(0, token.find('.')) + "." + text, 0)) std::abort();
  if (read_signed_url(keys, "/renders/a.png",
                      {{"key", key.id}, {"expires", "9"}, {"signature", text}}, 0)) {
    std::abort();
  }
  if (const auto place = read_cursor("list", text)) {
    if (cursor_of("list", *place) != text) std::abort();
  }
  return 0;
}

// Any bytes after a WebSocket's handshake; with an even first byte as the
// content of a well-formed, masked text frame.
#include <cstdint>

#include "tests/fuzz/service.h"

using namespace vivavox;

namespace {

std::string frame(std::string_view text) {
  std::string bytes = "\x81";
  if (text.size() < 126) {
    bytes += static_cast<char>(0x80 | text.size());
  } else {
    bytes += '\xfe';
    bytes += static_cast<char>(text.size() >> 8);
    bytes += static_cast<char>(text.size());
  }
  bytes.append(4, '\0');  // the mask that changes nothing
  return bytes += text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const FuzzedService& service = FuzzedService::instance();
  if (size < 1 || size > 60000) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data + 1), size - 1);
  const char* path = data[0] & 2 ? "session/fuzz/stream?client_id=f" : "fuzz/stream";
  const std::string answer = service.exchange(
      std::string("GET /api/v1/avatars/") + path +
      " HTTP/1.1\r\nHost: fuzz\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
      (data[0] % 2 ? std::string(rest) : frame(rest)));
  if (!answer.starts_with("HTTP/1.1 101")) std::abort();
  return 0;
}

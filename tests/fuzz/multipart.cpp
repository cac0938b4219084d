// Any bytes as a form, to both routes that take forms.
#include <cstdint>

#include "tests/fuzz/service.h"

using namespace vivavox;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const FuzzedService& service = FuzzedService::instance();
  if (size < 1) return 0;
  const char* path = data[0] % 2 ? "/api/v1/avatars/assets/upload" : "/generate-from-audio";
  // The fuzzer finds parts sooner where the frame around one is given.
  std::string body(reinterpret_cast<const char*>(data + 1), size - 1);
  if (data[0] & 2) {
    body = "--b\r\nContent-Disposition: form-data; name=\"audio_file\"; filename=\"f\"\r\n\r\n" +
           body + "\r\n--b--\r\n";
  }
  FuzzedService::check(service.exchange(
      std::string("POST ") + path + " HTTP/1.1\r\nHost: fuzz\r\nConnection: close\r\n" +
      "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body));
  return 0;
}

// unpack.wasm: makes packed avatar files plain, for JavaScript. An instance is made for each file.
// SPDX-License-Identifier: Apache-2.0
#include <emscripten.h>

#include <new>
#include <span>
#include <string>
#include <vector>

#include "engine/unpack/unpack.h"

namespace vivavox {
namespace {

std::vector<std::byte> file;
/// The plain file, or why there is none: an error's code, a line's end and its message.
std::vector<std::byte> result;

bool unpack() {
  Error error;
  try {
    auto plain = unpacked(file, WebpImages::become_png);
    if (plain) {
      result = *std::move(plain);
      return true;
    }
    error = std::move(plain.error());
  } catch (const std::bad_alloc&) {
    error = {ErrorCode::too_large, "the avatar unpacks to more than there is memory: simplify it"};
  }
  const std::string text = std::string(error_name(error.code)) + "\n" + error.message;
  result.assign_range(std::as_bytes(std::span(text)));
  return false;
}

}  // namespace
}  // namespace vivavox

extern "C" {

/// Room for so many bytes of the packed file; null where memory does not suffice.
EMSCRIPTEN_KEEPALIVE std::byte* room_for(std::size_t length) {
  try {
    vivavox::file.resize(length);
    return vivavox::file.data();
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

/// Unpacks what was put there; whether it could be unpacked.
EMSCRIPTEN_KEEPALIVE bool unpack() {
  return vivavox::unpack();
}

EMSCRIPTEN_KEEPALIVE const std::byte* result_begin() {
  return vivavox::result.data();
}

EMSCRIPTEN_KEEPALIVE std::size_t result_length() {
  return vivavox::result.size();
}
}

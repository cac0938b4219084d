// What JavaScript calls of a module that makes another avatar file of one. An instance is made for
// each file.
// SPDX-License-Identifier: Apache-2.0
#include <emscripten.h>

#include <new>
#include <span>
#include <string>
#include <vector>

#include "wasm/remade.h"

namespace vivavox {
namespace {

std::vector<std::byte> file;
/// The file that is made, or why there is none: an error's code, a line's end and its message.
std::vector<std::byte> result;

bool remake() {
  Error error;
  try {
    auto made = remade(file);
    if (made) {
      result = *std::move(made);
      return true;
    }
    error = std::move(made.error());
  } catch (const std::bad_alloc&) {
    error = {ErrorCode::too_large, "the avatar takes more than there is memory: simplify it"};
  }
  const std::string text = std::string(error_name(error.code)) + "\n" + error.message;
  result.assign_range(std::as_bytes(std::span(text)));
  return false;
}

}  // namespace
}  // namespace vivavox

extern "C" {

/// Room for so many bytes of the file; null where memory does not suffice.
EMSCRIPTEN_KEEPALIVE std::byte* room_for(std::size_t length) {
  try {
    vivavox::file.resize(length);
    return vivavox::file.data();
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

/// Makes another of what was put there; whether it could.
EMSCRIPTEN_KEEPALIVE bool remake() {
  return vivavox::remake();
}

EMSCRIPTEN_KEEPALIVE const std::byte* result_begin() {
  return vivavox::result.data();
}

EMSCRIPTEN_KEEPALIVE std::size_t result_length() {
  return vivavox::result.size();
}
}

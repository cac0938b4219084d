// What both modules' bindings share: failures as JavaScript's exceptions, and
// samples as typed arrays.
#pragma once

#include <emscripten/val.h>

#include <span>
#include <string>

#include "engine/error.h"

namespace vivavox {

/// Throws the error in JavaScript: name "VivavoxError", `code` as error_name() spells it.
[[noreturn]] inline void throw_in_js(const Error& error) {
  emscripten::val exception = emscripten::val::global("Error").new_(error.message);
  exception.set("name", std::string("VivavoxError"));
  exception.set("code", std::string(error_name(error.code)));
  exception.throw_();
  __builtin_unreachable();
}

/// The value, or the error thrown in JavaScript.
template <class T>
T value_or_throw(Result<T> result) {
  if (!result) throw_in_js(result.error());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// A typed array of its own: views into WebAssembly memory die when it grows.
template <class T>
emscripten::val typed_array(std::span<const T> values) {
  return emscripten::val(emscripten::typed_memory_view(values.size(), values.data()))
      .template call<emscripten::val>("slice");
}

}  // namespace vivavox

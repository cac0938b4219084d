// listen.wasm: the engine's ear for JavaScript.
// SPDX-License-Identifier: Apache-2.0
#include <emscripten/bind.h>

#include <memory>

#include "engine/listen/listener.h"
#include "wasm/embind.h"

namespace vivavox {
namespace {

using emscripten::val;

std::vector<float> floats_of(const val& samples) {
  return emscripten::convertJSArrayToNumberVector<float>(samples);
}

template <class Hearer>
std::unique_ptr<Hearer> open(int sample_rate_hz) {
  if (sample_rate_hz <= 0) throw_in_js({ErrorCode::invalid_audio, "sound has a sample rate"});
  return std::make_unique<Hearer>(sample_rate_hz);
}

std::string push(Listener& listener, const val& samples) {
  return to_json(listener.push(floats_of(samples)));
}

std::string finish(Listener& listener) {
  return to_json(listener.finish());
}

/// The last moment's channels; null where none is known that was not before.
val hear(Ear& ear, const val& samples) {
  const std::vector<HeardMoment> moments = ear.push(floats_of(samples));
  if (moments.empty()) return val::null();
  std::array<float, heard_channel_count> channels{};
  for (std::size_t i = 0; i < heard_channel_count; ++i) {
    channels[i] = static_cast<float>(moments.back().moment.mouth[static_cast<Channel>(i)]);
  }
  return typed_array(std::span<const float>(channels));
}

}  // namespace
}  // namespace vivavox

EMSCRIPTEN_BINDINGS(vivavox_listen) {
  using namespace vivavox;
  emscripten::class_<Listener>("Listener")
      .constructor(&open<Listener>)
      .function("push", &push)
      .function("finish", &finish);
  emscripten::class_<Ear>("Ear").constructor(&open<Ear>).function("push", &hear);
}

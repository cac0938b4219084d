#include "engine/align/chain.h"

namespace vivavox {

Chain chain_of(const Timeline& reading) {
  Chain chain;
  std::int32_t group = -1, word = -2;
  const auto add_pause = [&] {
    chain.pauses.push_back(static_cast<std::int32_t>(chain.states.size()));
    chain.states.push_back({.phone = -1, .part = 0, .group = group});
  };
  for (std::int32_t i = 0; i < std::ssize(reading.phones); ++i) {
    const Phone& phone = reading.phones[static_cast<std::size_t>(i)];
    if (phone.ipa.empty()) {
      if (phone.word < 0) word = -2;
      continue;
    }
    if (phone.word != word) {
      word = phone.word;
      ++group;
      add_pause();
    }
    for (std::int32_t part = 0; part < parts_of_phone; ++part) {
      chain.states.push_back({.phone = i, .part = part, .group = group});
    }
  }
  ++group;
  add_pause();
  return chain;
}

}  // namespace vivavox

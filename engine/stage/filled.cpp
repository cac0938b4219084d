#include "engine/stage/filled.h"

namespace vivavox {

std::string filled(std::string_view text, std::initializer_list<std::string_view> names) {
  std::string message;
  auto name = names.begin();
  for (const char c : text) {
    if (c == '%') {
      message += *name++;
    } else {
      message += c;
    }
  }
  return message;
}

}  // namespace vivavox

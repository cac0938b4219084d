// cpp-httplib's library takes 16 MiB for a message as soon as a frame's head claims them, and
// its bound is compiled in. So its function that reads a frame (RFC 6455, section 5.2) is
// replaced by this one: the dynamic linker prefers a program's symbols to a library's. Where
// it would not any more, tests/contract/streams.test.mjs says so.
#include "server/http/websocket_frames.h"

#include <array>
#include <cstdint>
#include <format>
#include <span>
#include <string>

namespace {

/// Bytes of the message that this thread reads: each connection has its own.
thread_local std::size_t message_bytes = 0;

bool read_all(httplib::Stream& stream, std::span<char> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = stream.read(bytes.data(), bytes.size());
    if (count <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

/// A number of so many bytes, the highest first.
bool read_number(httplib::Stream& stream, std::size_t size, std::uint64_t& number) {
  std::array<char, 8> bytes{};
  if (!read_all(stream, std::span(bytes).first(size))) return false;
  number = 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8 | static_cast<std::uint8_t>(bytes[i]);
  return true;
}

bool read_payload(httplib::Stream& stream, std::size_t size, bool masked, std::string& payload) {
  std::array<char, 4> mask{};
  if (masked && !read_all(stream, mask)) return false;
  payload.resize(size);
  if (!read_all(stream, payload)) return false;
  for (std::size_t i = 0; masked && i < size; ++i) {
    payload[i] = static_cast<char>(payload[i] ^ mask[i % mask.size()]);
  }
  return true;
}

/// As if the client had closed with this: who reads answers a close with its like, and ends.
bool refuse_message(httplib::ws::Opcode& opcode, std::string& payload, bool& fin) {
  opcode = httplib::ws::Opcode::Close;
  constexpr auto status = static_cast<unsigned>(httplib::ws::CloseStatus::MessageTooBig);
  payload = {static_cast<char>(status >> 8), static_cast<char>(status & 0xFF)};
  payload += std::format("a message has at most {} bytes", vivavox::longest_websocket_message);
  fin = true;
  return true;
}

}  // namespace

namespace httplib::ws::impl {

// NOLINTNEXTLINE(misc-use-internal-linkage): it is called by the library.
bool read_websocket_frame(Stream& stream, Opcode& opcode, std::string& payload, bool& fin,
                          bool expect_masked, std::size_t /*library's bound*/) {
  std::uint64_t head = 0;
  if (!read_number(stream, 2, head)) return false;
  constexpr unsigned fin_bit = 0x8000, reserved_bits = 0x7000, masked_bit = 0x80;
  fin = (head & fin_bit) != 0;
  opcode = static_cast<Opcode>(head >> 8 & 0xF);
  std::uint64_t size = head & 0x7F;
  const bool is_control = (head >> 8 & 0x8) != 0;
  const bool is_masked = (head & masked_bit) != 0;
  if ((head & reserved_bits) != 0 || is_masked != expect_masked) return false;
  if (is_control && (!fin || size > 125)) return false;
  if (size == 126 && !read_number(stream, 2, size)) return false;
  if (size == 127 && !read_number(stream, 8, size)) return false;
  if (!is_control) {
    if (opcode != Opcode::Continuation) message_bytes = 0;
    if (size > vivavox::longest_websocket_message - message_bytes) {
      return refuse_message(opcode, payload, fin);
    }
    message_bytes += size;
  }
  return read_payload(stream, size, is_masked, payload);
}

}  // namespace httplib::ws::impl

namespace vivavox {

bool read_message(httplib::ws::WebSocket& socket, std::string& text) {
  message_bytes = 0;
  return socket.read(text) != httplib::ws::Fail;
}

}  // namespace vivavox

// Vertices that meshoptimizer packed as version 1 of its format, which Debian's library does not
// read yet. Source: Khronos, glTF extension KHR_meshopt_compression, bitstream of mode 0 and
// filter COLOR.
#pragma once

#include <cstddef>
#include <span>

namespace vivavox {

/// Whether the stream says that it is of version 1.
bool is_meshopt_v1(std::span<const std::byte> stream);

/// Fills `plain` with elements of `stride_bytes`, 4 to 256 and a multiple of 4. Returns whether
/// the stream holds them and no more.
bool decode_meshopt_v1(std::span<const std::byte> stream, std::size_t stride_bytes,
                       std::span<std::byte> plain);

/// Makes red, green and blue of luma and chroma, in place. Elements have 4 or 8 bytes.
void decode_meshopt_color(std::span<std::byte> elements, std::size_t stride_bytes);

}  // namespace vivavox

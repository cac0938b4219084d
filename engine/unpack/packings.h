// What a file's JSON says that it is packed by.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace vivavox {

inline constexpr std::string_view draco_extension = "KHR_draco_mesh_compression";
inline constexpr std::string_view webp_extension = "EXT_texture_webp";

inline constexpr std::array mesh_packings{std::string_view("EXT_meshopt_compression"),
                                          std::string_view("KHR_meshopt_compression"),
                                          draco_extension};
// Some exporters have such images without naming the extension.
inline constexpr std::array webp_packings{webp_extension, std::string_view("image/webp")};
inline constexpr std::array avif_packings{std::string_view("EXT_texture_avif"),
                                          std::string_view("image/avif")};

/// Whether the file's JSON has one of these words; a plain file is told without being read.
bool names_any(std::span<const std::byte> file, std::span<const std::string_view> words);

}  // namespace vivavox

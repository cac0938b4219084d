// Whole files in and out, with errors as values.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "engine/error.h"

namespace vivavox {

/// The file's bytes. Errors: not_found, io_failed (also for a folder, or a file
/// above `limit_bytes`).
Result<std::vector<std::byte>> read_file(const std::filesystem::path& path,
                                         std::size_t limit_bytes = std::size_t{1} << 30);

/// The same as text.
Result<std::string> read_text_file(const std::filesystem::path& path,
                                   std::size_t limit_bytes = std::size_t{1} << 30);

/// Writes the file whole or not at all: under another name first, then renamed.
/// Errors: io_failed.
Result<void> write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);
Result<void> write_file(const std::filesystem::path& path, std::string_view text);

/// A fresh name beside `path` (same folder and ending) to write to before
/// renaming.
std::filesystem::path temporary_beside(const std::filesystem::path& path);

}  // namespace vivavox

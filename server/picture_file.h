// Pictures as files of the formats that browsers show.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/error.h"
#include "engine/media/image.h"

namespace vivavox {

enum class PictureFormat { png, jpeg, webp };

/// "png", "jpeg", "jpg" or "webp", in any case.
std::optional<PictureFormat> picture_format_named(std::string_view name);

/// ".png", ".jpg", ".webp"
std::string_view ending_of(PictureFormat format);

/// The file's bytes. Errors: encoder_failed.
Result<std::vector<std::byte>> encode_picture(const Image& image, PictureFormat format);

}  // namespace vivavox

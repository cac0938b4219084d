// Words in a picture.
#pragma once

#include <string>

#include "engine/media/image.h"

namespace vivavox {

/// Writes the text, of ASCII, in black on a light ground, its corner at (left_px, top_px); what
/// lies beyond the picture's edges is cut off.
void draw_label(Image& image, int left_px, int top_px, std::string text);

}  // namespace vivavox

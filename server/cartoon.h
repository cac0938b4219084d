// Toon shading, as a filter on the finished picture.
#pragma once

#include "engine/media/image.h"

namespace vivavox {

/// Few flat tones within dark outlines: the picture is smoothed where it is
/// nearly even (Tomasi and Manduchi, "Bilateral filtering", 1998), its lightness
/// falls into steps, and edges (Sobel) are drawn in.
Image cartoon(Image image);

}  // namespace vivavox

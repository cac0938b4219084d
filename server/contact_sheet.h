// An avatar's faces in one labelled picture.
#pragma once

#include <span>

#include "engine/error.h"
#include "engine/media/image.h"
#include "engine/stage/appearance.h"

namespace vivavox {

/// Draws what an avatar with these traits is asked to show, each face with its name from the front,
/// from aside, in profile and from below: neutral, the 15 visemes, blinks, the gaze to four sides,
/// the moods. Shows its progress. Errors: renderer_unavailable; invalid_argument (a trait that the
/// avatar does not have).
Result<Image> contact_sheet(Avatar avatar, std::span<const TraitChoice> traits);

}  // namespace vivavox

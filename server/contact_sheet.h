// An avatar's faces in one labelled picture.
#pragma once

#include "engine/error.h"
#include "engine/media/image.h"
#include "engine/stage/avatar.h"

namespace vivavox {

/// Draws what an avatar is asked to show, each face from the front and from aside and with its
/// name: neutral, the 15 visemes, blinks, the gaze to four sides, the moods. Shows its progress.
/// Errors: renderer_unavailable.
Result<Image> contact_sheet(Avatar avatar);

}  // namespace vivavox

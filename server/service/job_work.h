// What a job's work tells while it is done, and leaves to be recorded with its end.
#pragma once

#include <vector>

#include "server/http/http_server.h"
#include "server/store/records.h"
#include "server/work/frame_count.h"

namespace vivavox {

struct JobWork {
  FrameCount frames;
  std::vector<Render> made;  ///< in their places, but not recorded
};

/// Where to count what is done for the call; nullptr: nobody looks on.
inline FrameCount* frames_of(const Call& call) {
  return call.job ? &call.job->frames : nullptr;
}

}  // namespace vivavox

// A film that is watched while it is made.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/fragmented_mp4.h"
#include "server/service/film_job.h"
#include "server/service/spoken_events.h"

namespace vivavox {

/// A film on its way to the client that asked for it: one thread speaks, the studio
/// films, ffmpeg encodes, and the connection's own thread sends. Whatever ends one
/// of them ends all. In an MP4 what is said comes along: see SpokenEvents.
class Broadcast {
 public:
  /// The take begins with the text's first clause; `next` gives those that follow.
  /// Errors: unavailable; those of VideoWriter.
  static Result<std::unique_ptr<Broadcast>> start(Service& service, const Call& call,
                                                  StreamFormat kind, Take take, ClauseSource next);

  /// The film is not wanted any more, or has come to its end.
  ~Broadcast();

  /// The next bytes of the video, none after its end. Errors: what broke it off.
  Result<std::string> next();

 private:
  Broadcast(Service& service, Deadline deadline, StreamFormat kind, Take take, VideoWriter writer,
            ClauseSource next, Gate::Pass room);

  Gate::Pass room_;
  Deadline deadline_;
  StreamFormat kind_;
  SpokenEvents events_;
  FragmentInserter inserter_;
  VideoWriter writer_;
  std::filesystem::path model_;
  Narrator narrator_;
  FilmJob job_;
  Studio::Ticket film_;  ///< last: it uses the above
};

}  // namespace vivavox

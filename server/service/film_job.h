// A film as a job of the studio.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/speech/speech.h"
#include "server/service/scene.h"
#include "server/service/studio.h"
#include "server/speaker.h"
#include "server/video_writer.h"
#include "server/work/frame_count.h"
#include "server/work/gate.h"

namespace vivavox {

class Service;

/// What is said in a film while it is shot: clauses on their way from who speaks to
/// who films. It ends when the text does, or with an error.
class ClauseQueue {
 public:
  /// Waits while the film is far behind. False: nobody films any more.
  bool push(SpeechClause clause);
  void end(Result<void> outcome);

  /// Nobody films any more.
  void close();

  /// What came since the last call.
  struct Taken {
    std::deque<SpeechClause> clauses;
    std::optional<Result<void>> outcome;  ///< no more clauses come
  };
  Taken take();

 private:
  std::mutex mutex_;
  std::condition_variable taken_;
  std::deque<SpeechClause> clauses_;
  double waiting_s_ = 0;
  std::optional<Result<void>> outcome_;
  bool closed_ = false;
};

/// Speaks, in a thread of its own, what a film is shot to.
class Narrator {
 public:
  /// `next`: the clauses, until there are no more.
  explicit Narrator(ClauseSource next);
  ~Narrator();
  Narrator(const Narrator&) = delete;
  Narrator& operator=(const Narrator&) = delete;

  ClauseQueue& clauses() { return clauses_; }

 private:
  void speak();

  ClauseSource next_;
  ClauseQueue clauses_;
  std::thread thread_;
};

/// Draws a take frame by frame into an encoder, in turns that end when others wait,
/// when the encoder takes no more for now, or when the next words are not spoken yet.
class FilmJob {
 public:
  /// `clauses`: what follows the take's words, spoken while it is shot; nullptr where
  /// it is whole. `frames`: who wants to know how far it is, or nullptr. All outlive the job.
  FilmJob(Studio& studio, Take take, VideoWriter& writer, Deadline deadline, ClauseQueue* clauses,
          FrameCount* frames);

  /// One turn. Errors: of the stage, of the encoder, of who speaks; cancelled.
  Result<Turn> turn(Stage& stage);

  /// Once it is done.
  std::int64_t frames_drawn() const { return frames_drawn_; }

 private:
  Result<void> hear();
  std::int64_t frames_ready() const;
  Result<bool> hand_over();

  Studio& studio_;
  Take take_;
  Motion motion_;
  VideoWriter& writer_;
  Deadline deadline_;
  ClauseQueue* clauses_;
  bool is_whole_;
  bool is_handed_over_ = true;
  std::int64_t frames_drawn_ = 0;
  FrameCount* frames_;
};

/// What a take's video is to be.
VideoFormat video_format_of(const Take& take);

/// Room for the sound and one frame of a take. Errors: unavailable.
Result<Gate::Pass> room_for_film(Service& service, const Take& take, const Deadline& deadline);

/// Films a take into a file: in the studio, then until ffmpeg is done. `next`: what
/// follows its words, or none; `frames` as of FilmJob. Returns the number of frames.
/// Errors: of the stage, of VideoWriter and of who speaks; cancelled by the deadline,
/// which counts time without progress; unavailable.
Result<std::int64_t> shoot(Service& service, Take take, ClauseSource next, const Deadline& deadline,
                           const std::filesystem::path& path, FrameCount* frames);

}  // namespace vivavox

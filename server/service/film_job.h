// A film as a job of the studio.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>

#include "engine/speech/speech.h"
#include "server/service/scene.h"
#include "server/service/studio.h"
#include "server/video_writer.h"

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

/// Draws a take frame by frame into an encoder, in turns that end when others wait,
/// when the encoder takes no more for now, or when the next words are not spoken yet.
class FilmJob {
 public:
  /// `clauses`: what follows the take's words, spoken while it is shot; nullptr where
  /// it is whole. The writer and the clauses outlive the job.
  FilmJob(Studio& studio, Take take, VideoWriter& writer, Deadline deadline, ClauseQueue* clauses);

  /// One turn. Errors: of the stage, of the encoder, of who speaks; cancelled.
  Result<Turn> turn(Stage& stage);

  /// The part done of what is known to be filmed, 0…1.
  double progress() const { return progress_; }

 private:
  Result<void> hear();
  std::int64_t frames_ready() const;
  Result<bool> hand_over();

  Studio& studio_;
  Take take_;
  VideoWriter& writer_;
  Deadline deadline_;
  ClauseQueue* clauses_;
  bool is_whole_;
  bool is_handed_over_ = true;
  std::int64_t frames_drawn_ = 0;
  std::atomic<double> progress_ = 0;
};

/// What a take's video is to be.
VideoFormat video_format_of(const Take& take);

/// Films a whole take into a file: in the studio, then until ffmpeg is done.
/// Errors: of the stage and of VideoWriter; cancelled by the deadline, which counts
/// time without progress; unavailable.
Result<void> shoot(Studio& studio, Take take, const Deadline& deadline,
                   const std::filesystem::path& path);

}  // namespace vivavox

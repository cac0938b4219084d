#include "server/service/film_job.h"

#include <algorithm>
#include <chrono>

#include "server/film.h"
#include "server/service/service.h"
#include "server/work/priority.h"

namespace vivavox {

namespace fs = std::filesystem;

namespace {

/// So long one film keeps a worker that others wait for.
constexpr std::chrono::milliseconds turn_length{200};
constexpr int encoder_patience_ms = 20;
/// Who speaks is ahead of who films by so much.
constexpr double most_ahead_s = 30;
/// A clause that follows still changes the face this shortly before it.
constexpr double unsettled_s = 0.5;

}  // namespace

bool ClauseQueue::push(SpeechClause clause) {
  std::unique_lock lock(mutex_);
  taken_.wait(lock, [this] { return closed_ || waiting_s_ < most_ahead_s; });
  if (closed_) return false;
  waiting_s_ += clause.timeline.duration_s();
  clauses_.push_back(std::move(clause));
  return true;
}

void ClauseQueue::end(Result<void> outcome) {
  const std::lock_guard lock(mutex_);
  outcome_ = std::move(outcome);
}

void ClauseQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  taken_.notify_all();
}

ClauseQueue::Taken ClauseQueue::take() {
  Taken taken;
  {
    const std::lock_guard lock(mutex_);
    taken.clauses.swap(clauses_);
    taken.outcome = outcome_;
    waiting_s_ = 0;
  }
  taken_.notify_all();
  return taken;
}

Narrator::Narrator(ClauseSource next) : next_(std::move(next)), thread_([this] { speak(); }) {}

Narrator::~Narrator() {
  clauses_.close();
  thread_.join();
}

void Narrator::speak() {
  give_way();
  while (true) {
    auto clause = next_();
    if (!clause || !*clause) {
      clauses_.end(clause ? Result<void>() : std::unexpected(clause.error()));
      return;
    }
    if (!clauses_.push(*std::move(*clause))) return;
  }
}

VideoFormat video_format_of(const Take& take) {
  return {take.scene.width_px, take.scene.height_px, take.scene.frames_per_s,
          take.performance.timeline().sample_rate_hz};
}

FilmJob::FilmJob(Studio& studio, Take take, VideoWriter& writer, Deadline deadline,
                 ClauseQueue* clauses, FrameCount* frames)
    : studio_(studio),
      take_(std::move(take)),
      writer_(writer),
      deadline_(std::move(deadline)),
      clauses_(clauses),
      is_whole_(!clauses),
      frames_(frames) {
  writer_.add_sound(leading_silence(take_.margins, take_.performance.timeline().sample_rate_hz));
  writer_.add_sound(take_.samples);
  if (is_whole_) writer_.end_sound(frames_ready());
  take_.samples = {};
}

/// Takes over what was spoken meanwhile.
Result<void> FilmJob::hear() {
  if (is_whole_) return {};
  ClauseQueue::Taken taken = clauses_->take();
  for (SpeechClause& clause : taken.clauses) {
    writer_.add_sound(clause.samples);
    take_.performance.append(clause.timeline);
  }
  if (!taken.outcome) return {};
  if (!*taken.outcome) return *taken.outcome;
  is_whole_ = true;
  writer_.end_sound(frames_ready());
  return {};
}

/// Frames whose faces will not change any more.
std::int64_t FilmJob::frames_ready() const {
  if (is_whole_) return frame_count(take_.performance, take_.margins, take_.scene.frames_per_s);
  const double settled_s = take_.margins.lead_s + take_.performance.duration_s() - unsettled_s;
  return std::max<std::int64_t>(0, static_cast<std::int64_t>(settled_s * take_.scene.frames_per_s));
}

/// Whether the encoder has taken the last frame.
Result<bool> FilmJob::hand_over() {
  auto flushed = writer_.flush(encoder_patience_ms);
  if (!flushed) return flushed;
  is_handed_over_ = *flushed;
  if (is_handed_over_) deadline_.advance();
  return flushed;
}

Result<Turn> FilmJob::turn(Stage& stage) {
  if (auto ready = set_up(stage, take_.scene); !ready) return std::unexpected(ready.error());
  const auto end = std::chrono::steady_clock::now() + turn_length;
  while (true) {
    if (auto goes_on = deadline_.check(); !goes_on) return std::unexpected(goes_on.error());
    if (!is_handed_over_) {
      auto taken = hand_over();
      if (!taken) return std::unexpected(taken.error());
      if (!*taken) return Turn::blocked;
    }
    if (auto heard = hear(); !heard) return std::unexpected(heard.error());
    const std::int64_t ready = frames_ready();
    if (frames_drawn_ >= ready) return is_whole_ ? Turn::done : Turn::blocked;
    if (std::chrono::steady_clock::now() >= end && studio_.is_wanted()) return Turn::again;
    const double film_s = static_cast<double>(frames_drawn_) / take_.scene.frames_per_s;
    Image image = draw(studio_, stage, take_, film_s - take_.margins.lead_s, motion_);
    if (auto added = writer_.add_frame(std::move(image.rgba)); !added) {
      return std::unexpected(added.error());
    }
    ++frames_drawn_;
    is_handed_over_ = false;
    if (frames_) {
      frames_->done = frames_drawn_;
      if (is_whole_) frames_->expected = ready;
    }
  }
}

Result<Gate::Pass> room_for_film(Service& service, const Take& take, const Deadline& deadline) {
  const std::int64_t frame_bytes = std::int64_t{4} * take.scene.width_px * take.scene.height_px;
  const auto sound_bytes = static_cast<std::int64_t>(take.samples.size() * sizeof(float));
  return service.films.enter(deadline, 1 + ((frame_bytes + sound_bytes) >> 20));
}

Result<std::int64_t> shoot(Service& service, Take take, ClauseSource next, const Deadline& deadline,
                           const fs::path& path, FrameCount* frames) {
  const auto room = room_for_film(service, take, deadline);
  if (!room) return std::unexpected(room.error());
  auto writer = in_background([&] { return VideoWriter::open(path, video_format_of(take)); });
  if (!writer) return std::unexpected(writer.error());
  const fs::path model = take.scene.model;
  std::optional<Narrator> narrator;
  if (next) narrator.emplace(std::move(next));
  FilmJob job(service.studio, std::move(take), *writer, deadline,
              narrator ? &narrator->clauses() : nullptr, frames);
  if (auto filmed =
          service.studio
              .submit(JobKind::film, model, deadline, [&](Stage& stage) { return job.turn(stage); })
              .wait();
      !filmed) {
    return std::unexpected(filmed.error());
  }
  deadline.advance();
  Result<bool> done;
  while ((done = writer->finish(100)) && !*done) {
    if (auto goes_on = deadline.check(); !goes_on) return std::unexpected(goes_on.error());
  }
  if (!done) return std::unexpected(done.error());
  return job.frames_drawn();
}

}  // namespace vivavox

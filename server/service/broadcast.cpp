#include "server/service/broadcast.h"

#include <utility>

#include "server/service/service.h"
#include "server/work/priority.h"

namespace vivavox {

namespace {

constexpr int encoded_patience_ms = 50;

/// The same clauses, each of which is told as well.
ClauseSource told(ClauseSource next, SpokenEvents& events) {
  return [next = std::move(next), &events]() -> Result<std::optional<SpeechClause>> {
    auto clause = next();
    if (clause && *clause) events.add((*clause)->timeline);
    return clause;
  };
}

}  // namespace

Result<std::unique_ptr<Broadcast>> Broadcast::start(Service& service, const Call& call,
                                                    StreamFormat kind, Take take,
                                                    ClauseSource next) {
  auto room = room_for_film(service, take, service.render_deadline(call));
  if (!room) return std::unexpected(room.error());
  auto writer = in_background([&] { return VideoWriter::stream(kind, video_format_of(take)); });
  if (!writer) return std::unexpected(writer.error());
  return std::unique_ptr<Broadcast>(new Broadcast(service, service.render_deadline(call), kind,
                                                  std::move(take), *std::move(writer),
                                                  std::move(next), *std::move(room)));
}

Broadcast::Broadcast(Service& service, Deadline deadline, StreamFormat kind, Take take,
                     VideoWriter writer, ClauseSource next, Gate::Pass room)
    : room_(std::move(room)),
      deadline_(std::move(deadline)),
      kind_(kind),
      events_(take.margins.lead_s),
      writer_(std::move(writer)),
      model_(take.scene.model),
      narrator_((events_.add(take.performance.timeline()), told(std::move(next), events_))),
      job_(service.studio, std::move(take), writer_, deadline_, &narrator_.clauses(), nullptr),
      film_(service.studio.submit(JobKind::film, model_, deadline_,
                                  [this](Stage& stage) { return job_.turn(stage); })) {}

Broadcast::~Broadcast() {
  narrator_.clauses().close();
  writer_.cancel();
}

Result<std::string> Broadcast::next() {
  while (true) {
    auto bytes = writer_.read(encoded_patience_ms);
    if (bytes && !bytes->empty()) {
      if (kind_ == StreamFormat::webm) return *std::move(bytes);
      std::string passed = inserter_.pass(*bytes, [this] { return events_.take(); });
      if (!passed.empty()) return passed;
      continue;
    }
    const auto filmed = film_.outcome();
    if (filmed && !*filmed) return std::unexpected(filmed->error());
    if (filmed) {
      // The last frame is with the encoder, which now needs to hear so.
      auto finished = writer_.finish(0);
      if (!finished) return std::unexpected(finished.error());
      if (*finished && bytes) return std::string();
    }
    if (auto goes_on = deadline_.check(); !goes_on) return std::unexpected(goes_on.error());
  }
}

}  // namespace vivavox

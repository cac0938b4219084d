// What is said in a film that is streamed, told beside its pictures.
#pragma once

#include <mutex>
#include <string>

#include "engine/timeline/clause_cutter.h"
#include "engine/timeline/timeline.h"

namespace vivavox {

/// What the messages hold, as JSON: {"text_offset": UTF-16 units, "timeline": as of to_json(),
/// "visemes": as of timed_visemes_json()}, of a clause that begins to be heard at the message's
/// time.
inline constexpr const char* spoken_scheme = "urn:vivavox:spoken";

/// Clauses as messages between a film's fragments. One thread adds, another takes.
class SpokenEvents {
 public:
  /// `lead_s`: what the film shows before the first clause.
  explicit SpokenEvents(double lead_s) : lead_s_(lead_s) {}

  /// The next clause, with the whole text.
  void add(Timeline clause);

  /// The messages that were not taken yet.
  std::string take();

 private:
  double lead_s_;
  std::mutex mutex_;
  ClauseCutter cutter_;
  std::uint32_t count_ = 0;
  std::int64_t samples_before_ = 0;
  std::string waiting_;
};

}  // namespace vivavox

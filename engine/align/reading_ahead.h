// A voice's reading of a text, as far ahead as a recording needs it.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/align/features.h"
#include "engine/align/sound_levels.h"
#include "engine/speech/speech.h"

namespace vivavox {

/// The first phones of a Timeline with their words; all words where all phones are.
Timeline first_part(const Timeline& timeline, std::size_t phones);

/// Of each phone, and of the end: whether all words before it are said before it, and no other.
std::vector<bool> word_edges(const Timeline& timeline);

/// A reading that comes clause by clause, of which what is settled is let go of.
class ReadingAhead {
 public:
  explicit ReadingAhead(ClauseSource source) : source_(std::move(source)) {}

  /// Reads on until so many frames of 10 ms are there, or the text is over. Errors: the source's.
  Result<void> read_until(std::size_t frames);
  /// Whether all of the text was read.
  bool is_over() const { return is_over_; }

  /// What was read and is not settled; times from the first frame that is kept.
  const Timeline& timeline() const { return kept_; }
  /// How many of its phones end within so many frames, whole words; all of them if the text is over
  /// by then.
  std::size_t phones_within(std::size_t frames) const;
  /// What the first phones sound like.
  Features features(std::size_t phones) const;

  /// Lets go of the first phones, at a word's edge, and of their words.
  void drop(std::size_t phones);

 private:
  std::size_t frame_of(std::int64_t samples) const;

  ClauseSource source_;
  bool is_over_ = false;
  Timeline kept_;
  std::optional<SoundLevels> levels_;
};

}  // namespace vivavox

#include "server/service/voices.h"

#include <filesystem>

#include "server/assets/file_store.h"
#include "server/installation.h"

namespace vivavox {

namespace fs = std::filesystem;

namespace {

constexpr int most_speaking = 2;
constexpr int most_waiting_speakers = 64;
constexpr std::string_view usual_voice = "espeak:en-us";

}  // namespace

Voices::Voices(const Settings& settings)
    : piper_model_path_(settings.piper_model_path), gate_(most_speaking, most_waiting_speakers) {}

std::string Voices::resolve(std::string_view voice_id) const {
  if (find_voice(voice_id)) return std::string(voice_id);
  if (!piper_model_path_.empty() && !voice_id.empty()) {
    const std::string name = std::string(voice_id) + (voice_id.ends_with(".onnx") ? "" : ".onnx");
    const fs::path folder = fs::absolute(piper_model_path_).parent_path();
    if (auto model = resolve_below(folder, name)) return model->string();
  }
  if (find_espeak_voice(voice_id)) return "espeak:" + std::string(voice_id);
  return piper_model_path_.empty() ? std::string(usual_voice) : piper_model_path_;
}

Result<Speaker*> Voices::speaker() {
  const std::lock_guard lock(mutex_);
  if (!speaker_) {
    auto opened = Speaker::open(installation().espeak_data);
    if (!opened) {
      failure_ = opened.error().message;
      return std::unexpected(opened.error());
    }
    failure_.clear();
    speaker_.emplace(*std::move(opened));
  }
  return &*speaker_;
}

Result<Speech> Voices::speak(const std::string& text, const std::string& voice,
                             const Deadline& deadline, double longest_s) {
  const auto pass = gate_.enter(deadline);
  if (!pass) return std::unexpected(pass.error());
  const auto voices = speaker();
  if (!voices) return std::unexpected(voices.error());
  Result<void> goes_on;
  auto speech = (*voices)->speak(text, voice, {}, [&](const Speech& so_far) {
    goes_on = deadline.check();
    if (goes_on && so_far.timeline.duration_s() > longest_s) {
      goes_on = fail(ErrorCode::too_large,
                     "the text takes longer than ten minutes to say: send less at a time, or have "
                     "/generate stream it");
    }
    return goes_on.has_value();
  });
  if (!goes_on) return std::unexpected(goes_on.error());
  return speech;
}

Result<ClauseSource> Voices::clauses_of(const std::string& text, const std::string& voice,
                                        const Deadline& deadline) {
  const auto voices = speaker();
  if (!voices) return std::unexpected(voices.error());
  auto next = (*voices)->clauses_of(text, voice, {});
  if (!next) return next;
  return [this, next = *std::move(next), deadline]() -> Result<std::optional<SpeechClause>> {
    deadline.advance();
    const auto pass = gate_.enter(deadline);
    if (!pass) return std::unexpected(pass.error());
    return next();
  };
}

Result<Timeline> Voices::time(const std::string& text, const std::string& voice,
                              const Deadline& deadline) {
  const auto pass = gate_.enter(deadline);
  if (!pass) return std::unexpected(pass.error());
  const auto voices = speaker();
  if (!voices) return std::unexpected(voices.error());
  std::optional<Timeline> timeline;
  Result<void> goes_on;
  const auto done = (*voices)->speak_clauses(text, voice, {}, [&](SpeechClause clause) {
    if (timeline) {
      append(*timeline, clause.timeline);
    } else {
      timeline = std::move(clause.timeline);
    }
    goes_on = deadline.check();
    return goes_on.has_value();
  });
  if (!goes_on) return std::unexpected(goes_on.error());
  if (!done) return std::unexpected(done.error());
  return *std::move(timeline);
}

std::string Voices::condition() const {
  const std::lock_guard lock(mutex_);
  if (!failure_.empty()) return failure_;
  return speaker_ ? "healthy" : "standby";
}

}  // namespace vivavox

#include "server/speaker.h"

#include <memory>
#include <utility>

#include "engine/speech/espeak_request.h"
#include "engine/speech/piper_request.h"
#include "server/files.h"

namespace vivavox {

namespace {

/// The next sentence of a Piper voice: ids, then the model, then the Timeline.
Result<std::optional<SpeechClause>> next_sentence(PiperRequest& request,
                                                  const PiperSession& session) {
  const auto input = request.next_input();
  if (!input) return std::unexpected(input.error());
  if (!*input) return std::nullopt;
  const auto output = session.run(**input);
  if (!output) return std::unexpected(output.error());
  return request.complete(output->samples, output->frames);
}

Result<std::shared_ptr<const PiperConfig>> read_config(const std::string& path) {
  const auto text = read_text_file(path);
  if (!text) return std::unexpected(text.error());
  auto config = piper_config_from_json(*text);
  if (!config) return fail(config.error().code, path + ": " + config.error().message);
  return std::make_shared<const PiperConfig>(std::move(*config));
}

}  // namespace

Speaker::Speaker(std::unique_ptr<EspeakEngine> espeak) : espeak_(std::move(espeak)) {}

Result<Speaker> Speaker::open(const std::string& espeak_data) {
  auto espeak = EspeakEngine::open(espeak_data);
  if (!espeak) return std::unexpected(espeak.error());
  return Speaker(std::move(*espeak));
}

Result<const Speaker::PiperVoice*> Speaker::piper_voice(const std::string& path) {
  const std::lock_guard lock(*opening_);
  if (const auto known = piper_voices_.find(path); known != piper_voices_.end()) {
    return &known->second;
  }
  const auto model = read_file(path);
  if (!model) return std::unexpected(model.error());
  auto config = read_config(path + ".json");
  if (!config) return std::unexpected(config.error());
  auto session = PiperSession::open(*model, 0);
  if (!session) return fail(session.error().code, path + ": " + session.error().message);
  const auto [voice, added] =
      piper_voices_.emplace(path, PiperVoice{std::move(*config), std::move(*session)});
  return &voice->second;
}

Result<Speech> Speaker::speak(std::string text, const std::string& voice,
                              const SpeechOptions& options, const SpeechProgress& on_progress) {
  Speech speech;
  const auto take = [&](SpeechClause clause) {
    if (speech.samples.empty()) {
      speech = {std::move(clause.timeline), std::move(clause.samples)};
    } else {
      append(speech.timeline, clause.timeline);
      speech.samples.insert(speech.samples.end(), clause.samples.begin(), clause.samples.end());
    }
    return !on_progress || on_progress(speech);
  };
  if (auto spoken = speak_clauses(std::move(text), voice, options, take); !spoken) {
    return std::unexpected(spoken.error());
  }
  constexpr double spread_by_model = 0.5;
  if (speech.timeline.timing == Timing::estimated) speech.confidence = spread_by_model;
  return speech;
}

Result<void> Speaker::speak_clauses(std::string text, const std::string& voice,
                                    const SpeechOptions& options, const ClauseReceiver& receive) {
  const auto next = clauses_of(std::move(text), voice, options);
  if (!next) return std::unexpected(next.error());
  while (true) {
    auto clause = (*next)();
    if (!clause) return std::unexpected(clause.error());
    if (!*clause) return {};
    if (!receive(*std::move(*clause))) {
      return fail(ErrorCode::cancelled, "the speech was cancelled");
    }
  }
}

Result<ClauseSource> Speaker::clauses_of(std::string text, const std::string& voice,
                                         const SpeechOptions& options) {
  if (!voice.ends_with(".onnx")) {
    auto request = EspeakRequest::create(*espeak_, std::move(text), voice, options);
    if (!request) return std::unexpected(request.error());
    return [own = std::make_shared<EspeakRequest>(*std::move(request))] { return own->next(); };
  }
  const auto piper = piper_voice(voice);
  if (!piper) return std::unexpected(piper.error());
  auto request = PiperRequest::create(*espeak_, (*piper)->config, std::move(text), options);
  if (!request) return std::unexpected(request.error());
  return [own = std::make_shared<PiperRequest>(*std::move(request)), piper = *piper] {
    return next_sentence(*own, piper->session);
  };
}

}  // namespace vivavox

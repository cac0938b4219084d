#include "server/service/checkup.h"

#include <filesystem>

#include "engine/stage/stage.h"
#include "server/http/access.h"
#include "server/service/service.h"
#include "server/subprocess.h"

namespace vivavox {

namespace fs = std::filesystem;

namespace {

Deadline patience() {
  return {"the check", std::chrono::seconds(60), {}};
}

Finding check_ffmpeg() {
  const auto said = run_program({"ffmpeg", "-hide_banner", "-version"}, {}, patience());
  if (!said) return {"ffmpeg", std::unexpected(said.error()), "", false};
  return {"ffmpeg", {}, said->substr(0, said->find(" Copyright")), false};
}

Finding check_voices(const Settings& settings) {
  Voices voices(settings);
  const std::string voice = voices.resolve("");
  auto spoken = voices.speak("Hello.", voice, patience());
  if (!spoken) return {"voices", std::unexpected(spoken.error()), "", false};
  return {"voices", {}, "speaks with " + voice, false};
}

Finding check_vulkan() {
  const auto stage = Stage::create(64, 64);
  if (!stage) return {"Vulkan", std::unexpected(stage.error()), "", false};
  return {"Vulkan", {}, "draws", false};
}

Finding check_web_app(const Settings& settings) {
  std::error_code error;
  if (fs::exists(fs::path(settings.root) / "index.html", error)) {
    return {"web app", {}, settings.root, false};
  }
  return {
      "web app",
      fail(ErrorCode::not_found, "there is none in " + settings.root + ": the API works without"),
      "", false};
}

}  // namespace

std::vector<Finding> check_up(const Settings& settings) {
  std::vector<Finding> findings;
  // The whole start: keys, database, folders, and the port.
  auto service = Service::open(settings);
  if (service) {
    findings.push_back({"start",
                        {},
                        "database, folders and port " + std::to_string((*service)->port()) +
                            " are as they should be"});
    const auto missing = (*service)->missing_files();
    if (!missing) {
      findings.push_back({"files", std::unexpected(missing.error()), ""});
    } else if (!missing->empty()) {
      findings.push_back({"files",
                          fail(ErrorCode::not_found, std::to_string(missing->size()) +
                                                         " that the database knows are gone, as " +
                                                         missing->front()),
                          "", false});
    } else {
      findings.push_back({"files", {}, "all that the database knows are there"});
    }
  } else {
    findings.push_back({"start", std::unexpected(service.error()), ""});
  }
  findings.push_back(check_ffmpeg());
  findings.push_back(check_voices(settings));
  findings.push_back(check_vulkan());
  findings.push_back(check_web_app(settings));
  return findings;
}

}  // namespace vivavox

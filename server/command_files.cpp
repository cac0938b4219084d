#include "server/command_files.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>

#include "engine/timeline/subtitles.h"
#include "server/installation.h"

namespace vivavox {

namespace fs = std::filesystem;

namespace {

/// "a, b or c".
std::string choice_of(std::span<const std::string_view> allowed) {
  std::string list;
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    if (i > 0) list += i + 1 == allowed.size() ? " or " : ", ";
    list += allowed[i];
  }
  return list;
}

}  // namespace

std::string text_or_input(const std::string& text) {
  if (text != "-") return text;
  return {std::istreambuf_iterator<char>(std::cin), {}};
}

Result<void> check_outputs(const std::vector<std::string>& out,
                           std::span<const std::string_view> allowed) {
  for (const fs::path path : out) {
    if (!std::ranges::contains(allowed, path.extension().string())) {
      return fail(ErrorCode::invalid_argument,
                  vivavox::quoted(path.string()) +
                      " has no ending that says what to write: " + choice_of(allowed));
    }
    if (const fs::path folder = path.parent_path(); !folder.empty() && !fs::is_directory(folder)) {
      return fail(ErrorCode::not_found, "there is no folder " + folder.string());
    }
  }
  return {};
}

std::optional<std::string> subtitles_of(const Timeline& timeline, std::string_view ending) {
  if (ending == ".srt") return to_srt(timeline);
  if (ending == ".vtt") return to_vtt(timeline);
  if (ending == ".TextGrid") return to_textgrid(timeline);
  return std::nullopt;
}

void add_espeak_data_option(CLI::App& command, std::string& folder) {
  folder = installation().espeak_data;
  command.add_option("--espeak-data", folder, "Folder of espeak-ng's data")
      ->envname("ESPEAK_DATA_PATH")
      ->capture_default_str();
}

void add_clip_option(CLI::App& command, std::string& clip) {
  command.add_option("--clip", clip,
                     "Clip of the avatar's file that plays under the face, or none (default: one "
                     "that is called idle)");
}

}  // namespace vivavox

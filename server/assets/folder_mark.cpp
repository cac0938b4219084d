#include "server/assets/folder_mark.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "server/files.h"
#include "server/subprocess.h"

namespace vivavox {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t longest_mark_bytes = 200;
/// The service's own folders, which are made with the mark, and what file systems
/// and an interrupted start leave in an empty folder.
constexpr std::array<std::string_view, 4> said_to_be_empty{".staging", ".quarantine", "lost+found",
                                                           ".vivavox.new"};

bool holds_nothing(const fs::path& folder) {
  std::error_code error;
  return std::ranges::all_of(fs::directory_iterator(folder, error), [](const auto& entry) {
    return std::ranges::contains(said_to_be_empty, entry.path().filename().string());
  });
}

Result<void> write_mark(const fs::path& folder, const FolderMark& mark) {
  const fs::path fresh = folder / ".vivavox.new";
  const std::string text = mark.text();
  const Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  const Descriptor parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const bool written =
      file.get() >= 0 && parent.get() >= 0 &&
      ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::fsync(file.get()) == 0 &&
      ::rename(fresh.c_str(), (folder / folder_mark_name).c_str()) == 0 &&
      ::fsync(parent.get()) == 0;
  if (written) return {};
  return fail(ErrorCode::io_failed,
              "cannot write into the folder " + folder.string() + ": " + std::strerror(errno));
}

Result<void> make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && fs::is_directory(folder, error)) return {};
  return fail(ErrorCode::io_failed, "cannot make the folder " + folder.string() + ": " +
                                        (error ? error.message() : "a file has its name"));
}

}  // namespace

Result<void> claim_folder(const fs::path& folder, std::string_view setting, const FolderMark& mark,
                          bool in_use, std::span<const std::string> known_names) {
  const auto refuse = [&](const std::string& why) {
    return fail(ErrorCode::invalid_argument,
                std::string(setting) + ": the folder " + folder.string() + " " + why);
  };
  const auto found = read_text_file(folder / folder_mark_name, longest_mark_bytes);
  if (found && *found == mark.text()) {
    if (::access(folder.c_str(), W_OK) == 0) return {};
    return refuse(std::string("cannot be written: ") + std::strerror(errno));
  }
  if (found) {
    const bool same_database = found->ends_with(" " + mark.database_id + "\n");
    return refuse(same_database ? "holds other files of this service: each setting needs a folder "
                                  "of its own"
                                : "belongs to another database: name the folder or the database "
                                  "that it goes with");
  }
  if (found.error().code != ErrorCode::not_found) return std::unexpected(found.error());
  std::error_code error;
  const bool exists = fs::exists(folder, error);
  if (error) return refuse("cannot be read: " + error.message());
  const bool empty = !exists || holds_nothing(folder);
  if (in_use && empty) {
    std::string line = mark.text();
    line.pop_back();
    return refuse(std::string(exists ? "is empty" : "is missing") +
                  ", but this database keeps files there: mount it or name the right one. If its "
                  "files are lost for good, put the line \"" +
                  line + "\" into " + (folder / folder_mark_name).string());
  }
  const bool is_older = !in_use && std::ranges::any_of(known_names, [&](const std::string& name) {
    return fs::is_regular_file(folder / name, error);
  });
  if (!empty && !is_older) {
    return refuse("holds files that are not this service's: name an empty one");
  }
  if (auto made = make_folder(folder); !made) return made;
  return write_mark(folder, mark);
}

}  // namespace vivavox

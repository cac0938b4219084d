// Where files go that no row names, before they are removed for good.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace vivavox {

/// A folder's files that seemed to be nobody's, kept for days: a row that comes to
/// light after all gets its file back.
class Quarantine {
 public:
  explicit Quarantine(const std::filesystem::path& folder)
      : folder_(folder), kept_(folder / ".quarantine") {}

  /// Moves a file of the folder in. False: it is gone, or cannot be moved.
  bool take(const std::string& name) const;

  /// Moves it back. False: it is not here.
  bool give_back(const std::string& name) const;

  /// Removes for good what was taken a week ago or before.
  void empty() const;

 private:
  std::filesystem::path folder_, kept_;
};

/// Seconds since a file got its present name or content. A second name of an old
/// file counts as new. nullopt: it is no regular file.
std::optional<double> age_of_file_s(const std::filesystem::path& path);

}  // namespace vivavox

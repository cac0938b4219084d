// A folder for tests.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "server/assets/sha256.h"

namespace vivavox {

/// A folder that goes with the test.
struct TestFolder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("vivavox_" + random_hex(6));
  TestFolder() { std::filesystem::create_directories(path); }
  ~TestFolder() { std::filesystem::remove_all(path); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  /// Adds a file that contains its name.
  void add(const std::string& name) const { std::ofstream(path / name) << name; }
};

}  // namespace vivavox

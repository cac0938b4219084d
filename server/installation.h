// Where the files lie that the program reads beside what it is given: as installed, or as built.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vivavox {

struct Installation {
  std::filesystem::path web_app;    ///< what `serve` shows
  std::filesystem::path api_pages;  ///< swagger-ui-dist's files, for /docs
  std::filesystem::path espeak_data;
  /// ONNX Runtime's library, as dlopen takes it: the first that is there.
  std::vector<std::string> onnxruntime_libraries;
};

/// The files of a program that is PREFIX/bin/NAME, if there is PREFIX/share/vivavox; else those
/// that it was built from. espeak-ng's data are Debian's where the prefix has none.
Installation installation_of(const std::filesystem::path& program);

/// That of the program that runs.
const Installation& installation();

}  // namespace vivavox

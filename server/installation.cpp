#include "server/installation.h"

namespace vivavox {

namespace fs = std::filesystem;

namespace {

/// Debian's ONNX Runtime, which prints hundreds of "Schema error" lines when it is loaded: after
/// the official library, which npm's onnxruntime-node brings along.
constexpr const char* debian_onnxruntime = "libonnxruntime.so.1.21";

/// As in the repository: the web app is looked for where the program is called.
Installation as_built() {
  const fs::path packages = VIVAVOX_NODE_MODULES;
  const fs::path libraries = packages / "onnxruntime-node/bin/napi-v6/linux";
  return {.web_app = "build/web",
          .api_pages = packages / "swagger-ui-dist",
          .espeak_data = VIVAVOX_ESPEAK_DATA,
          .onnxruntime_libraries = {libraries / "x64/libonnxruntime.so.1",
                                    libraries / "arm64/libonnxruntime.so.1", debian_onnxruntime}};
}

}  // namespace

Installation installation_of(const fs::path& program) {
  const fs::path prefix = program.parent_path().parent_path();
  const fs::path data = prefix / "share/vivavox";
  std::error_code error;
  if (!fs::is_directory(data, error)) return as_built();
  const fs::path own_espeak_data = data / "espeak-ng-data";
  return {
      .web_app = data / "web",
      .api_pages = data / "swagger-ui",
      .espeak_data =
          fs::is_directory(own_espeak_data, error) ? own_espeak_data : VIVAVOX_ESPEAK_DATA,
      .onnxruntime_libraries = {prefix / "lib/vivavox/libonnxruntime.so.1", debian_onnxruntime}};
}

const Installation& installation() {
  static const Installation found = [] {
    std::error_code error;
    return installation_of(fs::read_symlink("/proc/self/exe", error));
  }();
  return found;
}

}  // namespace vivavox

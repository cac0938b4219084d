// Any path, as a request's and as a file's name: nothing outside the folder is found.
#include <cstdint>
#include <cstdlib>
#include <fstream>

#include "server/assets/file_store.h"
#include "server/http/router.h"

using namespace vivavox;
namespace fs = std::filesystem;

namespace {

/// folder/inside/file, folder/secret, and a link from inside to it.
fs::path make_folder() {
  const fs::path folder = fs::temp_directory_path() / ("vivavox_paths_" + random_hex(6));
  fs::create_directories(folder / "inside/deeper");
  std::ofstream(folder / "inside/file") << "file";
  std::ofstream(folder / "inside/deeper/a.b") << "deeper";
  std::ofstream(folder / "secret") << "secret";
  fs::create_symlink(folder / "secret", folder / "inside/link");
  fs::create_directory_symlink(folder, folder / "inside/up");
  return folder;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fs::path inside = fs::canonical(make_folder() / "inside");
  static const Router router(built_in_api());
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto found = resolve_below(inside, text)) {
    if (!found->string().starts_with(inside.string() + "/") || !fs::is_regular_file(*found)) {
      std::abort();
    }
  }
  for (const char* prefix : {"", "/assets/", "/api/v1/avatars/"}) {
    const Route route = router.find("GET", prefix + std::string(text));
    for (const auto& [name, value] : route.path_values) {
      if (value.contains('\0') || value.contains('\\') || ("/" + value + "/").contains("/../")) {
        std::abort();
      }
    }
  }
  return 0;
}

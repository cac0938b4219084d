#include "server/service/shader_warmup.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "server/avatar_file.h"
#include "server/service/scene.h"

namespace vivavox {

namespace {

/// What casts shadows, has a key light or a backdrop has shaders of its own.
void draw_with_all() {
  auto stage = Stage::create(64, 64);
  auto avatar = open_avatar("");
  if (!stage || !avatar) return;
  stage->show(*std::move(avatar));
  for (const char* shading : {"pbr", "flat"}) {
    for (const char* quality : {"high", "minimal"}) {
      for (const std::optional<Color>& background :
           {std::optional<Color>(), std::optional(Color{})}) {
        const Scene scene{.background = background,
                          .width_px = 64,
                          .height_px = 64,
                          .quality = quality,
                          .shading = shading};
        if (set_up(*stage, scene)) stage->picture();
      }
    }
  }
}

/// Whether no other process fills the driver's cache just now: one does it for all that
/// start at once. Holds until this process ends.
bool has_the_cache_alone() {
  const char* folder = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  const std::filesystem::path cache = folder && *folder
                                          ? std::filesystem::path(folder)
                                          : std::filesystem::path(home ? home : "/tmp") / ".cache";
  std::error_code error;
  std::filesystem::create_directories(cache, error);
  const int lock =
      ::open((cache / "vivavox-shaders.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  return lock < 0 || ::flock(lock, LOCK_EX | LOCK_NB) == 0;
}

/// What it inherited would keep those waiting who read the service's output.
void let_go_of_output() {
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nowhere < 0) return;
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nowhere, stream);
}

}  // namespace

void compile_shaders_ahead() {
  const pid_t child = ::fork();
  if (child < 0) return;
  if (child > 0) {
    ::waitpid(child, nullptr, 0);
    return;
  }
  // A grandchild is init's to wait for, not the service's.
  if (::fork() == 0) {
    std::ignore = ::nice(10);
    let_go_of_output();
    if (has_the_cache_alone()) draw_with_all();
  }
  ::_exit(0);
}

}  // namespace vivavox

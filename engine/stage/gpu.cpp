#include "engine/stage/gpu.h"

#include <filament/Engine.h>

#include <cstdint>

#ifndef __EMSCRIPTEN__
#include <utils/Log.h>
#include <vulkan/vulkan.h>

#include <memory>
#include <mutex>
#endif

namespace vivavox {

namespace {

#ifndef __EMSCRIPTEN__
/// Filament ends the process where it finds no device, so it is asked for first.
bool has_vulkan_device() {
  const VkInstanceCreateInfo info{.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO};
  VkInstance instance = nullptr;
  if (vkCreateInstance(&info, nullptr, &instance) != VK_SUCCESS) return false;
  std::uint32_t count = 0;
  vkEnumeratePhysicalDevices(instance, &count, nullptr);
  vkDestroyInstance(instance, nullptr);
  return count > 0;
}

/// A log that forgets. Filament tells of its doings on standard output, which
/// belongs to whoever runs the engine, and has no switch for it.
class SilentLog final : public utils::io::LogStream {
 public:
  SilentLog() noexcept : LogStream(LOG_DEBUG) {}

 private:
  utils::io::ostream& flush() noexcept override {
    getBuffer().reset();
    return *this;
  }
};

/// Puts a SilentLog in the place of each of Filament's logs but the errors'.
void silence_filament() {
  static_assert(sizeof(SilentLog) == sizeof(utils::io::LogStream));
  for (utils::io::LogStream* log : {&utils::slog.d, &utils::slog.w, &utils::slog.i}) {
    std::destroy_at(log);
    std::construct_at(reinterpret_cast<SilentLog*>(log));
  }
}
#endif

}  // namespace

Result<filament::Engine*> open_gpu() {
#ifdef __EMSCRIPTEN__
  filament::Engine* engine = filament::Engine::create(filament::Engine::Backend::OPENGL);
#else
  static std::once_flag silenced;
  std::call_once(silenced, silence_filament);
  filament::Engine* engine = nullptr;
  if (has_vulkan_device()) engine = filament::Engine::create(filament::Engine::Backend::VULKAN);
#endif
  if (!engine) {
    return fail(ErrorCode::renderer_unavailable,
                "no Vulkan device was found: install a graphics driver, or Mesa's software one "
                "(mesa-vulkan-drivers)");
  }
  return engine;
}

void finish_gpu_work(filament::Engine& engine) {
#ifdef __EMSCRIPTEN__
  engine.execute();
#else
  engine.flushAndWait();
#endif
}

}  // namespace vivavox

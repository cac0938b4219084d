#include "engine/stage/gpu.h"

#include <filament/Engine.h>

#include <cstdint>

#ifndef __EMSCRIPTEN__
#include <vulkan/vulkan.h>
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
#endif

}  // namespace

Result<filament::Engine*> open_gpu() {
#ifdef __EMSCRIPTEN__
  filament::Engine* engine = filament::Engine::create(filament::Engine::Backend::OPENGL);
#else
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

}  // namespace vivavox

// The one unit that holds stb_image and stb_image_write.
#include <cstddef>
#include <cstdlib>

namespace {

// No picture within the size limit needs more in one piece (4096² pixels of
// 16-bit RGBA); a few kilobytes of hostile PNG can ask for gigabytes.
constexpr std::size_t max_allocation_bytes = std::size_t{160} << 20;

void* allocate(std::size_t size) {
  return size > max_allocation_bytes ? nullptr : std::malloc(size);
}

void* reallocate(void* block, std::size_t size) {
  return size > max_allocation_bytes ? nullptr : std::realloc(block, size);
}

}  // namespace

#define STBI_MALLOC(size) allocate(size)
#define STBI_REALLOC(block, size) reallocate(block, size)
#define STBI_FREE(block) std::free(block)
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STB_IMAGE_IMPLEMENTATION
#include <stb/stb_image.h>

#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image_write.h>

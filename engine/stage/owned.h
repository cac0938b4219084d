// Filament's objects, destroyed with their owner.
#pragma once

#include <backend/PixelBufferDescriptor.h>
#include <filament/Engine.h>
#include <utils/Entity.h>
#include <utils/EntityManager.h>

#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace vivavox {

struct Destroyer {
  filament::Engine* engine = nullptr;

  template <class T>
  void operator()(T* object) const {
    engine->destroy(object);
  }
};

template <class T>
using Owned = std::unique_ptr<T, Destroyer>;

template <class T>
Owned<T> own(filament::Engine& engine, T* object) {
  return {object, Destroyer{&engine}};
}

/// An entity and whatever components it was given.
class OwnedEntity {
 public:
  explicit OwnedEntity(filament::Engine& engine)
      : engine_(&engine), entity_(utils::EntityManager::get().create()) {}
  OwnedEntity(OwnedEntity&& other) noexcept
      : engine_(std::exchange(other.engine_, nullptr)), entity_(other.entity_) {}
  OwnedEntity& operator=(OwnedEntity&& other) noexcept {
    std::swap(engine_, other.engine_);
    std::swap(entity_, other.entity_);
    return *this;
  }
  ~OwnedEntity() {
    if (!engine_) return;
    engine_->destroy(entity_);
    utils::EntityManager::get().destroy(entity_);
  }

  utils::Entity get() const { return entity_; }

 private:
  filament::Engine* engine_;
  utils::Entity entity_;
};

/// Hands a copy of the values to Filament, which frees them once they are read.
template <class T>
filament::backend::BufferDescriptor copied(std::span<const T> values) {
  auto* copy = new std::vector<T>(values.begin(), values.end());
  return {copy->data(), copy->size() * sizeof(T),
          [](void*, std::size_t, void* user) { delete static_cast<std::vector<T>*>(user); }, copy};
}

/// The same for the texels of a picture.
template <class T>
filament::backend::PixelBufferDescriptor copied_pixels(std::span<const T> texels,
                                                       filament::backend::PixelDataFormat format,
                                                       filament::backend::PixelDataType type) {
  filament::backend::BufferDescriptor bytes = copied(texels);
  filament::backend::PixelBufferDescriptor pixels(bytes.buffer, bytes.size, format, type,
                                                  bytes.getCallback(), bytes.getUser());
  bytes.setCallback(nullptr);
  return pixels;
}

}  // namespace vivavox

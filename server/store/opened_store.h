// A database of either kind for a test.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "server/assets/sha256.h"
#include "server/store/store.h"

namespace vivavox {

/// SQLite in a folder of its own, or the PostgreSQL database of VIVAVOX_TEST_POSTGRES.
struct Opened {
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("vivavox_store_" + random_hex(6));
  std::string url;
  Quotas quotas;
  std::unique_ptr<Store> store;

  explicit Opened(const std::string& system) {
    std::filesystem::create_directories(folder);
    const char* postgres = std::getenv("VIVAVOX_TEST_POSTGRES");
    if (system == "postgresql" && !postgres) SKIP("VIVAVOX_TEST_POSTGRES is not set");
    url = system == "sqlite" ? "sqlite:///" + (folder / "a.db").string() : std::string(postgres);
    open();
  }
  ~Opened() {
    store.reset();
    std::filesystem::remove_all(folder);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;

  void open() {
    store.reset();
    auto database = open_database(url);
    REQUIRE(database);
    store = std::make_unique<Store>(*std::move(database), quotas);
  }
  Store* operator->() const { return store.get(); }
};

/// Ids differ from test to test: PostgreSQL keeps those of the others.
inline std::string fresh(const std::string& name) {
  return name + "-" + random_hex(6);
}

inline Audio audio_of(const std::string& avatar_id) {
  const std::string id = fresh("audio");
  return {.audio_id = id,
          .avatar_id = avatar_id,
          .text = "héllo",
          .voice_id = "v",
          .duration_ms = 5,
          .sample_rate = 16000,
          .file_path = id + ".wav",
          .file_size = 10,
          .created_at = now_ms()};
}

inline Asset asset_of(const std::string& name, const std::string& content) {
  return {.asset_id = fresh("asset"),
          .name = name,
          .type = "file",
          .label = name,
          .file_path = sha256_hex(content),
          .file_size = 3,
          .sha256 = sha256_hex(content),
          .mime_type = "application/octet-stream",
          .created_at = now_ms()};
}

}  // namespace vivavox

/// The rest of a test runs once with each.
#define BOTH_SYSTEMS Opened store(GENERATE(std::string("sqlite"), std::string("postgresql")))

// A database of either kind for a test.
#pragma once

#include <catch2/catch_test_macros.hpp>
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

}  // namespace vivavox

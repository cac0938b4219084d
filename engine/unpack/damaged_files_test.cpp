// Files that are damaged or hostile: each opens, or ends in an error that says what is wrong.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include "engine/unpack/packed_avatar.h"
#include "engine/unpack/test_avatars.h"
#include "engine/unpack/unpack.h"

using namespace vivavox;

namespace {

namespace json = boost::json;
using Bytes = std::vector<std::byte>;

/// Numbers of one seed, the same everywhere.
class Chance {
 public:
  explicit Chance(unsigned seed) : numbers_(seed) {}
  std::size_t below(std::size_t limit) { return numbers_() % limit; }

 private:
  std::mt19937 numbers_;
};

/// All values below this one, itself first.
void collect(json::value& value, std::vector<json::value*>& found) {
  found.push_back(&value);
  if (value.is_object()) {
    for (auto& member : value.get_object()) collect(member.value(), found);
  } else if (value.is_array()) {
    for (json::value& one : value.get_array()) collect(one, found);
  }
}

json::value deep_list() {
  json::value list = json::array();
  for (int i = 0; i < 20; ++i) list = json::array{list};
  return list;
}

/// What no exporter writes there.
json::value hostile_value(Chance& chance) {
  const json::value values[] = {nullptr,
                                -1,
                                0,
                                1,
                                255,
                                65536,
                                4294967295U,
                                4294967296U,
                                1e308,
                                -1e308,
                                1e-308,
                                0.5,
                                true,
                                "",
                                "\xF0\x9F\x98\x80",
                                json::string(10'000, 'a'),
                                json::array(),
                                json::array{0, 0, 0, 0},
                                json::array(1000, json::value(3)),
                                json::object(),
                                json::object{{"node", 0}, {"index", 99}},
                                deep_list()};
  return values[chance.below(std::size(values))];
}

void change(json::value& root, Chance& chance) {
  std::vector<json::value*> all;
  collect(root, all);
  json::value& one = *all[chance.below(all.size())];
  json::value& other = *all[chance.below(all.size())];
  switch (chance.below(5)) {
    case 0:
      one = hostile_value(chance);
      break;
    case 1: {
      const json::value copy = other;
      one = copy;
      break;
    }
    case 2:
      if (one.is_object() && !one.get_object().empty()) {
        json::object& object = one.get_object();
        object.erase(object.begin() + static_cast<std::ptrdiff_t>(chance.below(object.size())));
      } else {
        one = hostile_value(chance);
      }
      break;
    case 3:
      if (one.is_array() && !one.get_array().empty()) {
        json::array& array = one.get_array();
        const json::value repeated = array[chance.below(array.size())];
        array.insert(array.end(), 300, repeated);
      } else if (one.is_number()) {
        one = one.to_number<double>() * 1000 + 1;
      }
      break;
    default:
      if (one.is_number()) one = static_cast<std::int64_t>(chance.below(12));
  }
}

void put_word(Bytes& bytes, std::size_t at, std::uint32_t word) {
  if (at + sizeof word <= bytes.size()) std::memcpy(bytes.data() + at, &word, sizeof word);
}

Bytes with_other_json(const Bytes& file, Chance& chance) {
  const gltf::Document document(file);
  json::value root(document.root());
  const std::size_t changes = 1 + chance.below(3);
  for (std::size_t i = 0; i < changes; ++i) change(root, chance);
  return test::glb(json::serialize(root), {document.binary().begin(), document.binary().end()});
}

Bytes with_other_data(const Bytes& file, Chance& chance) {
  constexpr std::uint32_t words[] = {0x7FC00000, 0x7F800000, 0xFFFFFFFF, 0x7F7FFFFF, 0, 0x80000000};
  const gltf::Document document(file);
  Bytes binary(document.binary().begin(), document.binary().end());
  if (binary.size() < sizeof(std::uint32_t)) return file;
  const std::size_t changes = 1 + chance.below(8);
  for (std::size_t i = 0; i < changes; ++i) {
    put_word(binary, chance.below(binary.size() / 4) * 4, words[chance.below(std::size(words))]);
    binary[chance.below(binary.size())] = static_cast<std::byte>(chance.below(256));
  }
  return test::glb(json::serialize(document.root()), binary);
}

Bytes with_other_bytes(Bytes file, Chance& chance) {
  switch (chance.below(4)) {
    case 0:
      file.resize(chance.below(file.size()));
      break;
    case 1:
      put_word(file, 4 * chance.below(5),
               static_cast<std::uint32_t>(hostile_value(chance).is_null() ? 0xFFFFFFFF
                                                                          : chance.below(100)));
      break;
    case 2:
      file.insert(file.begin() + static_cast<std::ptrdiff_t>(chance.below(file.size())),
                  1 + chance.below(9), std::byte{0x20});
      break;
    default:
      for (int i = 0; i < 4; ++i)
        file[chance.below(file.size())] = static_cast<std::byte>(chance.below(256));
  }
  return file;
}

Bytes damaged(const Bytes& file, unsigned seed) {
  Chance chance(seed);
  const std::size_t kind = chance.below(10);
  if (kind < 6) return with_other_json(file, chance);
  if (kind < 8) return with_other_data(file, chance);
  return with_other_bytes(file, chance);
}

/// What became of files that were damaged by these seeds.
struct Outcome {
  int opened = 0;
  int refused = 0;
};

Outcome open_damaged(const std::vector<Bytes>& files, unsigned first_seed, unsigned count) {
  Outcome outcome;
  for (unsigned i = 0; i < count; ++i) {
    CAPTURE(first_seed + i, i % files.size());
    const Bytes file = damaged(files[i % files.size()], first_seed + i);
    const auto avatar = read_packed_avatar(file);
    if (avatar) {
      test::use(*avatar);
      ++outcome.opened;
      continue;
    }
    ++outcome.refused;
    const auto& [code, message] = avatar.error();
    if (code != ErrorCode::invalid_avatar && code != ErrorCode::invalid_image) FAIL(message);
    // What is wrong, and what to do.
    if (message.size() < 20 || !message.contains(": ") || message.size() > 500) FAIL(message);
  }
  return outcome;
}

/// How many more than usual, for a longer look.
unsigned more_files() {
  const char* wanted = std::getenv("VIVAVOX_DAMAGED_FILES");
  return wanted ? static_cast<unsigned>(std::strtoul(wanted, nullptr, 10)) : 0;
}

Bytes vivi() {
  std::ifstream file(VIVAVOX_ROOT "/shared/avatars/vivi.glb", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("480 damaged files open, or say what is wrong with them") {
  const auto files = test::readable_files();
  for (const Bytes& file : files) REQUIRE(read_packed_avatar(file));
  const Outcome outcome = open_damaged(files, 1, 480 + more_files());
  CHECK(outcome.opened > 90);
  CHECK(outcome.refused > 100);
}

TEST_CASE("Vivi's file, damaged in 20 ways, opens, or says what is wrong with it") {
  const Bytes file = vivi();
  REQUIRE(read_packed_avatar(file));
  const Outcome outcome = open_damaged({file}, 100'001, 20 + more_files() / 20);
  CHECK(outcome.opened > 3);
  CHECK(outcome.refused > 3);
}

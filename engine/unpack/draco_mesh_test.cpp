#include "engine/unpack/draco_mesh.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "engine/unpack/test_packed.h"

using namespace vivavox;
using gltf::Component;

namespace {

/// A sheet of squares with so many corners a side.
test::DracoSource sheet(unsigned side) {
  test::DracoSource source{.indices = {}, .attributes = {{}, {}}};
  for (unsigned y = 0; y < side; ++y) {
    for (unsigned x = 0; x < side; ++x) {
      const auto i = static_cast<float>(y * side + x);
      source.attributes[0].insert(source.attributes[0].end(),
                                  {static_cast<float>(x), static_cast<float>(y), 0.1F * i});
      source.attributes[1].insert(source.attributes[1].end(), {i, i + 1, 250 - i});
      if (x + 1 == side || y + 1 == side) continue;
      const unsigned at = y * side + x;
      source.indices.insert(source.indices.end(),
                            {at, at + 1, at + side, at + side, at + 1, at + side + 1});
    }
  }
  return source;
}

DracoMesh unpacked_mesh(std::span<const std::byte> stream) {
  Budget budget;
  return {stream, budget};
}

/// Why it cannot be unpacked; empty where it can.
std::string stream_refusal(std::span<const std::byte> stream) {
  try {
    unpacked_mesh(stream);
    return "";
  } catch (const gltf::Fault& fault) {
    return fault.message;
  }
}

/// The corners of all triangles, in no order.
std::multiset<std::vector<float>> corners(std::span<const std::uint32_t> indices,
                                          std::span<const float> positions) {
  std::multiset<std::vector<float>> all;
  for (const std::uint32_t index : indices)
    all.insert({positions[3 * index], positions[3 * index + 1], positions[3 * index + 2]});
  return all;
}

}  // namespace

TEST_CASE("A mesh that was packed in order comes back as it was") {
  const auto source = sheet(5);
  const auto mesh = unpacked_mesh(test::draco_stream(source, draco::MESH_SEQUENTIAL_ENCODING));
  CHECK(mesh.vertex_count() == 25);
  CHECK(mesh.indices() == source.indices);
  CHECK(test::values_of<float>(mesh.values(0, Component::float32, 3)) == source.attributes[0]);
  CHECK(test::values_of<float>(mesh.values(1, Component::float32, 3)) == source.attributes[1]);
}

TEST_CASE("A mesh that was packed along its edges has the same triangles") {
  const auto source = sheet(9);
  const auto mesh = unpacked_mesh(test::draco_stream(source, draco::MESH_EDGEBREAKER_ENCODING));
  const auto positions = test::values_of<float>(mesh.values(0, Component::float32, 3));
  CHECK(corners(mesh.indices(), positions) == corners(source.indices, source.attributes[0]));
}

TEST_CASE("Values come in the accessor's type, each vertex's at a multiple of four bytes") {
  const auto mesh = unpacked_mesh(test::draco_stream(sheet(3), draco::MESH_SEQUENTIAL_ENCODING));
  CHECK(test::values_of<std::uint8_t>(mesh.values(1, Component::uint8, 3)).size() == 9 * 4);
  const auto shorts = test::values_of<std::uint16_t>(mesh.values(1, Component::uint16, 3));
  REQUIRE(shorts.size() == 9 * 4);
  CHECK(shorts[4 * 8] == 8);
  CHECK(shorts[4 * 8 + 2] == 242);
  CHECK_THROWS_AS(mesh.values(1, Component::float32, 4), gltf::Fault);
  CHECK_THROWS_AS(mesh.values(7, Component::float32, 3), gltf::Fault);
  CHECK_THROWS_AS(mesh.values(1, static_cast<Component>(5124), 3), gltf::Fault);
}

TEST_CASE("Streams that are cut short, of another version or kind are refused") {
  for (const auto method : {draco::MESH_SEQUENTIAL_ENCODING, draco::MESH_EDGEBREAKER_ENCODING}) {
    const auto stream = test::draco_stream(sheet(4), method);
    REQUIRE(stream_refusal(stream).empty());
    for (std::size_t length = 0; length < stream.size(); ++length)
      CHECK_FALSE(stream_refusal(std::span(stream).first(length)).empty());
    constexpr std::size_t version = 5, geometry = 7;
    for (const std::size_t place : {version, geometry}) {
      auto other = stream;
      other[place] = std::byte{0};
      CHECK(stream_refusal(other).contains("another Draco"));
    }
  }
}

TEST_CASE("Attributes of types that glTF does not have are refused") {
  test::DracoSource source = sheet(3);
  source.type = draco::DT_BOOL;
  CHECK(stream_refusal(test::draco_stream(source, draco::MESH_SEQUENTIAL_ENCODING))
            .contains("damaged"));
}

TEST_CASE("A stream that says it is vast is refused before room is made") {
  auto stream = test::draco_stream(sheet(4), draco::MESH_EDGEBREAKER_ENCODING);
  // After the head and the kind of traversal come the numbers of vertices and triangles.
  constexpr std::size_t counts = 12;
  const std::vector<std::byte> vast(4, std::byte{0xFF});
  stream.insert(stream.begin() + counts, vast.begin(), vast.end());
  CHECK(stream_refusal(stream).contains("million vertices"));
}

TEST_CASE("Attributes that take more than the budget are refused before they are decoded") {
  const auto stream = test::draco_stream(sheet(100), draco::MESH_EDGEBREAKER_ENCODING);
  Budget budget;
  budget.spend((std::uint64_t{128} << 20) - 1'500'000);
  CHECK_THROWS_AS(DracoMesh(stream, budget), gltf::Fault);
}

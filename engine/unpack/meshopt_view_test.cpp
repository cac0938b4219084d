#include "engine/unpack/meshopt_view.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/unpack/test_packed.h"

using namespace vivavox;
using Catch::Approx;

namespace {

struct Packed {
  std::vector<std::byte> bytes;
  std::size_t count = 0;
  std::size_t stride = 0;
  std::string mode = "ATTRIBUTES";
  std::string filter = "NONE";
};

/// What is unpacked of a file with these bytes; throws gltf::Fault.
std::vector<std::byte> decoded_view(const Packed& packed) {
  const auto file = test::glb(R"({"buffers":[{"byteLength":1}]})", packed.bytes);
  const gltf::Document document(file);
  Budget budget;
  return decode_meshopt(document,
                        {{"buffer", 0},
                         {"byteLength", packed.bytes.size()},
                         {"byteStride", packed.stride},
                         {"count", packed.count},
                         {"mode", packed.mode},
                         {"filter", packed.filter}},
                        budget);
}

/// Why it cannot be unpacked; empty where it can.
std::string view_refusal(const Packed& packed) {
  try {
    decoded_view(packed);
    return "";
  } catch (const gltf::Fault& fault) {
    return fault.message;
  }
}

const std::vector<float> numbers{1, 2, 3, -4, 0.5F, 1e6F, 0, 0, 0, 1, 1, 1};
const std::vector<unsigned> triangles{0, 1, 2, 2, 1, 3, 3, 1, 4};

Packed attributes() {
  return {.bytes = test::meshopt_attributes(std::as_bytes(std::span(numbers)), 12),
          .count = 4,
          .stride = 12};
}

}  // namespace

TEST_CASE("Attributes, triangles and indices come back as they were packed") {
  CHECK(test::values_of<float>(decoded_view(attributes())) == numbers);
  const auto corners = [](const Packed& packed) {
    return test::values_of<unsigned>(decoded_view(packed));
  };
  CHECK(corners({.bytes = test::meshopt_triangles(triangles),
                 .count = triangles.size(),
                 .stride = 4,
                 .mode = "TRIANGLES"}) == triangles);
  const std::vector<unsigned> strip{7, 8, 9, 4, 1000};
  CHECK(corners({.bytes = test::meshopt_sequence(strip),
                 .count = strip.size(),
                 .stride = 4,
                 .mode = "INDICES"}) == strip);
}

TEST_CASE("Directions, turns and floats come back through their filters") {
  const std::vector<float> direction{0.6F, 0, 0.8F, 0};
  std::vector<std::int8_t> octahedral(4);
  meshopt_encodeFilterOct(octahedral.data(), 1, 4, 8, direction.data());
  const auto found = test::values_of<std::int8_t>(
      decoded_view({.bytes = test::meshopt_attributes(std::as_bytes(std::span(octahedral)), 4),
                    .count = 1,
                    .stride = 4,
                    .filter = "OCTAHEDRAL"}));
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(static_cast<float>(found[i]) / 127 == Approx(direction[i]).margin(0.02));

  const std::vector<float> turn{0.5F, -0.5F, 0.5F, 0.5F};
  std::vector<std::int16_t> quaternion(4);
  meshopt_encodeFilterQuat(quaternion.data(), 1, 8, 12, turn.data());
  const auto turned = test::values_of<std::int16_t>(
      decoded_view({.bytes = test::meshopt_attributes(std::as_bytes(std::span(quaternion)), 8),
                    .count = 1,
                    .stride = 8,
                    .filter = "QUATERNION"}));
  // A turn and its opposite are the same.
  const float sign = turned[0] < 0 ? -1 : 1;
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(sign * static_cast<float>(turned[i]) / 32767 == Approx(turn[i]).margin(0.01));

  std::vector<std::uint32_t> exponents(numbers.size());
  meshopt_encodeFilterExp(exponents.data(), 4, 12, 23, numbers.data(), meshopt_EncodeExpSeparate);
  const auto floats = test::values_of<float>(
      decoded_view({.bytes = test::meshopt_attributes(std::as_bytes(std::span(exponents)), 12),
                    .count = 4,
                    .stride = 12,
                    .filter = "EXPONENTIAL"}));
  for (std::size_t i = 0; i < numbers.size(); ++i) CHECK(floats[i] == Approx(numbers[i]));
}

TEST_CASE("A packing that there is not is refused before anything is made") {
  const auto wrong = [](auto change) {
    Packed packed = attributes();
    change(packed);
    return view_refusal(packed);
  };
  CHECK(view_refusal(attributes()).empty());
  const std::string_view words = "does not have";
  CHECK(wrong([](Packed& p) { p.stride = 0; }).contains(words));
  CHECK(wrong([](Packed& p) { p.stride = 10; }).contains(words));
  CHECK(wrong([](Packed& p) { p.stride = 260; }).contains(words));
  CHECK(wrong([](Packed& p) { p.mode = "POINTS"; }).contains(words));
  CHECK(wrong([](Packed& p) { p.filter = "SPHERICAL"; }).contains(words));
  CHECK(wrong([](Packed& p) { p.filter = "OCTAHEDRAL"; }).contains(words));
  CHECK(wrong([](Packed& p) { p.filter = "QUATERNION"; }).contains(words));
  CHECK(wrong([](Packed& p) { p.mode = "TRIANGLES"; }).contains(words));
  CHECK(wrong([](Packed& p) { p.count = 4'000'000'000; }).contains(words));
  CHECK(wrong([](Packed& p) {
          p.count = 12'000'000;
          p.stride = 256;
        }).contains("128 MiB"));
}

TEST_CASE("Packed bytes that are cut short or too few are refused") {
  const Packed whole = attributes();
  for (std::size_t length = 0; length < whole.bytes.size(); ++length) {
    Packed cut = whole;
    cut.bytes.resize(length);
    CHECK(view_refusal(cut).contains("damaged"));
  }
  Packed more = whole;
  more.count = 1000;
  CHECK(view_refusal(more).contains("damaged"));
}

// Sheets of skin with a mouth, for tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "engine/stage/framing.h"

namespace vivavox::test {

struct Sheet {
  std::vector<float3> places;
  std::vector<std::uint32_t> triangles;
};

/// How the skin of a face that looks along +Z goes between the lips.
struct SheetMouth {
  float half_width = 0.12F;
  float depth = 0.1F;
  float middle = 0;
  float gap = 0;  ///< between the lips
};

inline constexpr HeadPlace sheet_head{.centre = {0, 0.2F, 0.5F}, .height = 1};

/// Skin around a mouth at y = 0, from chin to brow, its front near z = 1: a profile that goes in
/// between the lips as deep as the mouth is there, and is open at the back.
inline Sheet sheet_face(const SheetMouth& mouth = {}) {
  constexpr int columns = 81;
  constexpr float reach = 0.4F;
  Sheet sheet;
  const auto add = [&](auto profile) {
    const auto first = static_cast<std::uint32_t>(sheet.places.size());
    std::uint32_t rows = 0;
    for (int column = 0; column < columns; ++column) {
      const float x = reach * (2.0F * static_cast<float>(column) / (columns - 1) - 1);
      const float out = (x - mouth.middle) / mouth.half_width;
      const float share = std::sqrt(std::max(0.0F, 1 - out * out));
      const std::vector<float2> points = profile(mouth.depth * share, mouth.gap * share);
      rows = static_cast<std::uint32_t>(points.size());
      for (const float2& point : points) sheet.places.emplace_back(x, point.x, point.y);
    }
    for (std::uint32_t column = 0; column + 1 < columns; ++column) {
      for (std::uint32_t row = 0; row + 1 < rows; ++row) {
        const std::uint32_t at = first + column * rows + row;
        sheet.triangles.insert(sheet.triangles.end(),
                               {at, at + rows, at + 1, at + 1, at + rows, at + rows + 1});
      }
    }
  };
  // Height and depth of each point, upwards.
  add([](float depth, float gap) {
    return std::vector<float2>{{-0.3F, 0.9F},
                               {-0.06F, 1.0F},
                               {-0.02F, 1.03F},
                               {-gap / 2, 1.0F},
                               {-gap / 2, 1 - depth / 2},
                               {-gap / 2, 1 - depth}};
  });
  add([](float depth, float gap) {
    return std::vector<float2>{
        {gap / 2, 1 - depth}, {gap / 2, 1 - depth / 2}, {gap / 2, 1.0F}, {0.02F, 1.03F},
        {0.06F, 1.0F},        {0.12F, 1.08F},           {0.3F, 0.95F}};
  });
  return sheet;
}

}  // namespace vivavox::test

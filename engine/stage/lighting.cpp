#include "engine/stage/lighting.h"

#include <algorithm>
#include <array>
#include <string>

namespace vivavox {

namespace {

const float3 from_ceiling{0, 1, 0}, from_floor{0, -1, 0};
const float3 left_behind = normalize(float3(-0.8F, 0.3F, -0.6F));
const float3 right_behind = normalize(float3(0.85F, 0.3F, -0.5F));

const float3 portrait_key = normalize(float3(0.5F, 0.56F, 0.77F));
const std::array portrait_lobes{
    LightLobe{portrait_key, {0.50F, 0.47F, 0.44F}, 3.0F},
    LightLobe{normalize(float3(-0.8F, 0.0F, 0.6F)), {0.25F, 0.24F, 0.25F}, 2.0F},
    LightLobe{from_ceiling, {0.28F, 0.28F, 0.30F}, 1.5F},
    LightLobe{from_floor, {0.23F, 0.17F, 0.14F}, 1.5F},
    LightLobe{left_behind, {1.6F, 1.9F, 2.5F}, 14.0F},
    LightLobe{right_behind, {1.0F, 1.0F, 1.1F}, 14.0F},
};

const float3 soft_key = normalize(float3(0.18F, 0.42F, 0.89F));
const std::array soft_lobes{
    LightLobe{soft_key, {0.62F, 0.60F, 0.57F}, 1.6F},
    LightLobe{from_ceiling, {0.36F, 0.37F, 0.40F}, 1.2F},
    LightLobe{from_floor, {0.34F, 0.29F, 0.26F}, 1.2F},
    LightLobe{left_behind, {0.8F, 0.9F, 1.1F}, 8.0F},
    LightLobe{right_behind, {0.8F, 0.8F, 0.8F}, 8.0F},
};

const float3 window_key = normalize(float3(-0.86F, 0.34F, 0.52F));
const std::array window_lobes{
    LightLobe{window_key, {0.85F, 0.93F, 1.05F}, 2.6F},
    LightLobe{normalize(float3(0.9F, -0.1F, 0.4F)), {0.26F, 0.20F, 0.15F}, 1.6F},
    LightLobe{from_ceiling, {0.20F, 0.20F, 0.21F}, 1.5F},
    LightLobe{from_floor, {0.17F, 0.13F, 0.10F}, 1.5F},
    LightLobe{right_behind, {0.9F, 0.75F, 0.6F}, 10.0F},
};

const float3 dramatic_key = normalize(float3(0.82F, 0.48F, 0.36F));
const std::array dramatic_lobes{
    LightLobe{dramatic_key, {0.42F, 0.37F, 0.32F}, 4.0F},
    LightLobe{normalize(float3(-0.7F, 0.1F, 0.7F)), {0.07F, 0.09F, 0.13F}, 1.5F},
    LightLobe{from_ceiling, {0.07F, 0.08F, 0.11F}, 1.5F},
    LightLobe{from_floor, {0.07F, 0.05F, 0.05F}, 1.5F},
    LightLobe{left_behind, {2.6F, 3.2F, 4.4F}, 14.0F},
    LightLobe{right_behind, {1.8F, 1.6F, 1.4F}, 14.0F},
};

/// A lobe that is hardly one.
const std::array even_lobes{LightLobe{from_ceiling, {0.93F, 0.93F, 0.93F}, 0.02F}};

const std::array lighting_table{
    Lighting{"portrait", portrait_key, {0.98F, 0.92F, 0.85F}, portrait_lobes},
    Lighting{"soft", soft_key, {0.52F, 0.50F, 0.48F}, soft_lobes},
    Lighting{"window", window_key, {0.92F, 0.96F, 1.00F}, window_lobes},
    Lighting{"dramatic", dramatic_key, {1.30F, 1.18F, 1.04F}, dramatic_lobes},
    Lighting{"flat", portrait_key, {0, 0, 0}, even_lobes},
};

}  // namespace

std::span<const Lighting> lightings() {
  return lighting_table;
}

Result<Lighting> lighting_named(std::string_view name) {
  const auto found = std::ranges::find(lighting_table, name, &Lighting::name);
  if (found != lighting_table.end()) return *found;
  std::string names;
  for (const Lighting& one : lighting_table)
    names += (names.empty() ? "" : ", ") + std::string(one.name);
  return fail(ErrorCode::invalid_argument,
              "\"" + std::string(name) + "\" is no lighting: there are " + names);
}

}  // namespace vivavox

// Blend shapes on the CPU: sparse morph targets added up into the vertices of
// one part. The renderer's own morphing takes four targets; faces have 52 and
// more.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/stage/avatar.h"

namespace vivavox {

/// A tangent frame as a unit quaternion of signed, normalised 16-bit numbers
/// (x, y, z, w): it turns +Z to the normal and +X to the tangent; a negative w
/// marks a mirrored bitangent.
using TangentFrame = std::array<std::int16_t, 4>;

/// The vertices of a part: first those that poses move, then those that only lasting targets do.
class BlendedPart {
 public:
  explicit BlendedPart(const AvatarPart& part);

  /// Which vertex of the AvatarPart each vertex here is.
  std::span<const std::uint32_t> source() const { return source_; }
  /// Triangles of the part, in this order.
  std::vector<std::uint32_t> placed(std::span<const std::uint32_t> indices) const;

  /// Takes the shape that lasts under every pose (`shape` is indexed like Avatar::target_names),
  /// with no pose upon it. Returns false where it has that shape already.
  bool reshape(std::span<const float> shape);

  /// Takes the shape that the weights give (indexed like Avatar::target_names).
  /// Returns false where nothing moved since the last call.
  bool blend(std::span<const float> weights);

  std::span<const float3> positions() const { return positions_; }
  std::span<const TangentFrame> frames() const { return frames_; }

  /// The vertices that blend() may change: the first so many.
  std::size_t moving_count() const { return moved_.size(); }
  /// The same of reshape().
  std::size_t changing_count() const { return rest_.size(); }

 private:
  struct Delta {
    std::uint32_t vertex;
    float3 position;
    float3 normal;
  };
  struct Target {
    std::size_t index;  ///< in Avatar::target_names
    std::size_t begin;  ///< in deltas_
    std::size_t end;
    float weight = 0;  ///< as last shown
  };
  struct Rest {
    float3 position;
    float3 normal;
    quatf frame;
    bool mirrored;
  };

  std::vector<std::uint32_t> places() const;
  void collect_deltas(const AvatarPart& part);
  void order_vertices(const AvatarPart& part);
  void set_frames(const AvatarPart& part);
  void add_up(std::span<const Target> targets, std::span<float3> moved,
              std::span<float3> turned) const;
  static bool take_weights(std::span<const float> weights, std::span<Target> targets);
  static Rest changed(const Rest& rest, float3 moved, float3 turned);
  void put(std::size_t vertex, const Rest& state);

  std::vector<std::uint32_t> source_;
  std::vector<float3> positions_;
  std::vector<TangentFrame> frames_;
  std::vector<Rest> rest_;    ///< as the file has them
  std::vector<Rest> shaped_;  ///< of those that move, in the lasting shape; empty: as in rest_
  std::vector<Delta> deltas_;
  std::vector<Target> targets_;  ///< of poses
  std::vector<Target> lasting_;
  std::vector<float3> moved_;  ///< sums of weighted deltas
  std::vector<float3> turned_;
};

}  // namespace vivavox

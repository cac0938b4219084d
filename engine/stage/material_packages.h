// The materials as matc compiled them, by name.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

namespace vivavox {

class MaterialPackages {
 public:
  /// Unpacks what scripts/cmake/pack_materials.py packed, which must be whole.
  explicit MaterialPackages(std::span<const unsigned char> packed);

  /// Valid as long as this is. Throws std::out_of_range where there is none of that name.
  std::span<const unsigned char> at(const std::string& name) const { return packages_.at(name); }

 private:
  std::vector<unsigned char> bytes_;
  std::map<std::string, std::span<const unsigned char>> packages_;
};

}  // namespace vivavox

// Who asks the store: what they see, and whose is what they make.
#pragma once

#include <string>
#include <string_view>

namespace vivavox {

/// Things belong to the key that made them; those with an empty owner are everybody's.
struct Viewer {
  std::string owner;      ///< the key's name; empty where there are no keys
  bool sees_all = false;  ///< an admin's key, or there are no keys

  bool may_see(std::string_view owner_of_it) const {
    return sees_all || owner_of_it.empty() || owner_of_it == owner;
  }
  /// What is everybody's may be changed by all, but is taken away by an admin alone.
  bool may_delete(std::string_view owner_of_it) const {
    return sees_all || (!owner_of_it.empty() && owner_of_it == owner);
  }
  /// Whose avatars, presets and assets are that this one makes: an admin's are everybody's.
  std::string_view owner_of_named() const { return sees_all ? std::string_view() : owner; }
};

/// The service itself.
inline const Viewer everything{.owner = {}, .sees_all = true};

}  // namespace vivavox

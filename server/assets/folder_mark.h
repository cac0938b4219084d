// Whose a folder of files is: a mark in it names the database that knows them.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "engine/error.h"

namespace vivavox {

/// What stands in a folder's mark: "vivavox renders 5f0c…".
struct FolderMark {
  std::string kind;  ///< "renders", "audios", "assets" or "parts"
  std::string database_id;

  std::string text() const { return "vivavox " + kind + " " + database_id + "\n"; }
};

/// The mark's file.
inline constexpr std::string_view folder_mark_name = ".vivavox";

/// Makes the folder this database's own, or finds that it is. Before this holds, no
/// file in it may be touched: another folder's files would seem to be nobody's.
/// `setting` names it in messages. `in_use`: the database has claimed a folder of
/// this kind before. `known_names`: files that the database knows; a folder from
/// before there were marks is recognised by holding one of them.
/// Errors: invalid_argument (someone else's folder, or not the one it was), io_failed.
Result<void> claim_folder(const std::filesystem::path& folder, std::string_view setting,
                          const FolderMark& mark, bool in_use,
                          std::span<const std::string> known_names);

}  // namespace vivavox

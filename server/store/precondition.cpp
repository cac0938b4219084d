#include "server/store/precondition.h"

#include <boost/json.hpp>
#include <format>

#include "server/assets/sha256.h"

namespace vivavox {

namespace {

std::unexpected<Error> has_changed() {
  return fail(ErrorCode::precondition_failed,
              "it is not as If-Match has it, and stays as it is: read it again");
}

}  // namespace

std::string etag_of(const StoredAvatar& avatar) {
  return std::format("\"{:x}-{:x}\"", avatar.created_at, avatar.revision);
}

std::string etag_of(const Session& session) {
  return std::format("\"{:x}-{:x}\"", session.epoch, session.last_seq);
}

std::string etag_of(const Preset& preset) {
  const boost::json::array content{preset.name, preset.description, preset.category, preset.values};
  return '"' + sha256_hex(boost::json::serialize(content)).substr(0, 32) + '"';
}

Result<void> check_unchanged(std::string_view if_match, std::string_view etag) {
  if (if_match.empty()) return {};
  while (true) {
    const std::size_t comma = if_match.find(',');
    std::string_view one = if_match.substr(0, comma);
    while (one.starts_with(' ') || one.starts_with('\t')) one.remove_prefix(1);
    while (one.ends_with(' ') || one.ends_with('\t')) one.remove_suffix(1);
    // A weak tag never fits: the comparison is the strong one.
    if (one == "*" || one == etag) return {};
    if (comma == if_match.npos) return has_changed();
    if_match.remove_prefix(comma + 1);
  }
}

Result<void> check_may_be_missing(std::string_view if_match) {
  if (if_match.empty()) return {};
  return has_changed();
}

}  // namespace vivavox

// What the parts of the Store have in common: reading rows, lists in pages, quotas, owners.
#pragma once

#include <format>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/precondition.h"
#include "server/store/statement.h"
#include "server/store/store.h"

namespace vivavox {

/// JSON as it is kept in a column; empty text is an empty object.
boost::json::object object_of(const SqlValue& value);

/// Sets keys, those that are there too.
void merge(boost::json::object& into, const boost::json::object& from);

/// The state's text, where it is not too large to be kept.
Result<std::string> kept_text(const boost::json::object& state, std::string_view whose);

/// Reads a row of each into the value type.
template <class T, class Read>
Result<std::vector<T>> all_of(Result<SqlRows> rows, Read read) {
  if (!rows) return std::unexpected(std::move(rows.error()));
  std::vector<T> values;
  values.reserve(rows->size());
  for (const SqlRow& row : *rows) values.push_back(read(row));
  return values;
}

/// Reads the one row there is. Errors: not_found.
template <class T, class Read>
Result<T> one_of(Result<SqlRows> rows, Read read, std::string_view what) {
  if (!rows) return std::unexpected(std::move(rows.error()));
  if (rows->empty()) return fail(ErrorCode::not_found, std::format("there is no such {}", what));
  return read(rows->front());
}

/// What the viewer does not see is not there.
template <class T>
Result<T> shown_to(const Viewer& viewer, Result<T> found, std::string_view what) {
  if (found && !viewer.may_see(found->owner)) {
    return fail(ErrorCode::not_found, std::format("there is no such {}", what));
  }
  return found;
}

/// Errors: forbidden (it is everybody's).
Result<void> check_may_delete(const Viewer& viewer, std::string_view owner, std::string_view what);

std::string select(std::string_view columns, std::string_view rest);

/// Of each row the text that it begins with.
std::vector<std::string> first_column(const SqlRows& rows);

// --- pages of lists ----------------------------------------------------------

/// Conditions with their values: placeholders are numbered as they come.
class Where {
 public:
  /// `condition` has a ? for each value.
  void add(std::string_view condition, std::initializer_list<SqlValue> values) {
    text_ += text_.empty() ? " WHERE " : " AND ";
    std::size_t number = values_.size();
    for (const char c : condition) {
      text_ += c == '?' ? std::format("${}", ++number) : std::string(1, c);
    }
    values_.insert(values_.end(), values.begin(), values.end());
  }

  /// What stands for a value behind the conditions.
  std::string place(SqlValue value) {
    values_.push_back(std::move(value));
    return std::format("${}", values_.size());
  }

  const std::string& text() const { return text_; }
  const std::vector<SqlValue>& values() const { return values_; }

 private:
  std::string text_;
  std::vector<SqlValue> values_;
};

/// The rows that the viewer sees.
Where seen_by(const Viewer& viewer);

/// A list of a table's rows. What it is ordered by never changes, so a place in it stays.
struct Order {
  std::string_view columns, table;
  std::string_view by;  ///< of whole numbers
  std::string_view id;  ///< unique
  bool descends = true;
};

Order newest_first(std::string_view table, std::string_view id, std::string_view columns);

/// The page's rows, and where the next begins.
template <class T, class Read, class PlaceOf>
Result<Listed<T>> read_page(Database& database, const Order& order, Where where, const Page& page,
                            Read read, PlaceOf place_of) {
  if (!page.avatar_id.empty()) where.add("avatar_id = ?", {page.avatar_id});
  if (page.after) {
    where.add(std::format("({}, {}) {} (?, ?)", order.by, order.id, order.descends ? "<" : ">"),
              {page.after->at, page.after->id});
  }
  const std::string_view direction = order.descends ? "DESC" : "ASC";
  const std::string conditions = where.text();
  // One more than is asked for tells whether there is more.
  const std::string limit = where.place(std::int64_t{page.limit} + 1);
  const std::string offset = where.place(std::int64_t{page.offset});
  auto listed = all_of<T>(
      database.read(select(order.columns, std::format("{}{} ORDER BY {} {}, {} {} LIMIT {} OFFSET "
                                                      "{}",
                                                      order.table, conditions, order.by, direction,
                                                      order.id, direction, limit, offset)),
                    where.values()),
      read);
  if (!listed) return std::unexpected(listed.error());
  Listed<T> result{.entries = *std::move(listed), .next = {}};
  if (result.entries.size() > static_cast<std::size_t>(page.limit)) {
    result.entries.pop_back();
    result.next = place_of(result.entries.back());
  }
  return result;
}

// --- steps of transactions ----------------------------------------------------

/// After something was made in this transaction: whether it may stay.
Result<void> check_quotas(Transaction& transaction, const Quotas& quotas,
                          std::string_view owner_of_it);

/// Makes the avatar where there is none. Errors: not_found (it is another owner's),
/// storage_full.
Result<void> ensure_avatar(Transaction& transaction, const Quotas& quotas,
                           const std::string& avatar_id, const Viewer& viewer);

/// What is told of an avatar, with the number of the change, to those who see it.
Result<void> tell_avatar(Transaction& transaction, const std::string& avatar_id,
                         const std::string& owner, const AvatarEvent& event, std::int64_t version);

/// Deletes the rows of `table` where `condition` holds; their files' names.
Result<std::vector<std::string>> delete_with_files(Transaction& transaction, std::string_view table,
                                                   std::string_view condition,
                                                   const SqlValue& value);

/// Forgets answered requests that are old, or more than are kept.
Result<void> forget_requests(Transaction& transaction);

/// Who asks for these renders shall hear that they were there.
Result<void> note_gone(Transaction& transaction, std::span<const std::string> renders);

/// Whether something is there to be deleted. Errors: not_found (another owner's), forbidden,
/// precondition_failed (it is not as `if_match` has it).
template <class T>
Result<bool> is_deletable(const Result<T>& found, const Viewer& viewer, std::string_view if_match,
                          std::string_view what) {
  if (!found) {
    if (found.error().code != ErrorCode::not_found) return std::unexpected(found.error());
    if (auto may = check_may_be_missing(if_match); !may) return std::unexpected(may.error());
    return false;
  }
  const auto shown = shown_to<T>(viewer, *found, what);
  if (!shown) return std::unexpected(shown.error());
  if (auto may = check_may_delete(viewer, found->owner, what); !may) {
    return std::unexpected(may.error());
  }
  if (auto same = check_unchanged(if_match, etag_of(*found)); !same) {
    return std::unexpected(same.error());
  }
  return true;
}

}  // namespace vivavox

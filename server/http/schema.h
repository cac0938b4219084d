// The part of JSON Schema (2020-12) that shared/openapi.json uses, compiled
// once and checked on every request.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vivavox {

/// One thing that is wrong with a value, in the form that clients of FastAPI
/// services know: where (["body", "width"]), what, and its kind ("int_type").
struct Violation {
  boost::json::array loc;
  std::string msg;
  std::string type;
};

/// {"detail": [{"loc": …, "msg": …, "type": …}]}
boost::json::object to_json(const std::vector<Violation>& violations);

class Schema {
 public:
  /// Compiles `definition`; "$ref": "#/components/schemas/X" is looked up in
  /// `components` and must not be recursive. Throws std::invalid_argument on a
  /// keyword this class does not know: the document would promise what nobody
  /// checks.
  static Schema compile(const boost::json::value& definition,
                        const boost::json::object& components);

  /// Adds what is wrong with `value` to `found`, and fills in defaults of
  /// missing properties. Unknown properties are left alone.
  void check(boost::json::value& value, boost::json::array loc,
             std::vector<Violation>& found) const;

  /// Takes the properties that the schema does not name out of an object, not of those in it.
  void drop_unknown(boost::json::value& value) const;

  /// Reads a value from a query string by the schema's type ("12" → 12).
  /// A text that is no such value stays a string, for check() to complain about.
  boost::json::value from_text(std::string_view text) const;

  const std::optional<boost::json::value>& default_value() const { return default_; }

 private:
  enum Type : unsigned {
    null = 1,
    boolean = 2,
    integer = 4,
    number = 8,
    string = 16,
    array = 32,
    object = 64
  };
  struct Property;

  bool accepts_type(const boost::json::value& value) const;
  Violation wrong_type(boost::json::array loc) const;
  void check_number(double value, const boost::json::array& loc,
                    std::vector<Violation>& found) const;
  void check_length(std::size_t length, const char* kind, const boost::json::array& loc,
                    std::vector<Violation>& found) const;
  void check_properties(boost::json::object& value, const boost::json::array& loc,
                        std::vector<Violation>& found) const;

  unsigned types_ = 0;  ///< a set of Type; 0: any
  std::optional<double> minimum_, maximum_;
  std::optional<std::size_t> least_, most_;  ///< length of a string or an array
  std::vector<boost::json::value> enum_;
  std::vector<std::shared_ptr<const Property>> properties_;
  std::shared_ptr<const Schema> items_;
  std::vector<Schema> any_of_;
  std::optional<boost::json::value> default_;
};

struct Schema::Property {
  std::string name;
  bool required;
  Schema schema;
};

}  // namespace vivavox

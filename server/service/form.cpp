#include "server/service/form.h"

namespace vivavox {

namespace {

constexpr std::size_t most_fields = 32;
constexpr std::size_t most_field_bytes = std::size_t{4} << 20;

}  // namespace

Result<Form> receive_form(const Call& call, const FileStore& staging, std::string_view file_part,
                          std::size_t most_file_bytes) {
  Form form;
  Result<void> well;
  std::string* field = nullptr;
  std::size_t field_bytes = 0;
  bool is_file = false;
  const auto begin_file = [&]() -> Result<void> {
    auto staged = staging.stage();
    if (!staged) return std::unexpected(staged.error());
    form.file.emplace(*std::move(staged));
    is_file = true;
    return {};
  };
  if (!call.reader->is_multipart()) {
    if (auto begun = begin_file(); !begun) return std::unexpected(begun.error());
  }
  const bool whole = call.reader->read(
      [&](const FormPart& part) {
        is_file = false;
        field = nullptr;
        if (!form.file && (part.name == file_part || !part.filename.empty())) {
          form.filename = part.filename;
          well = begin_file();
        } else if (part.filename.empty() && form.fields.size() < most_fields) {
          field = &form.fields[part.name];
          field->clear();
        }
        return well.has_value();
      },
      [&](std::string_view bytes) {
        if (is_file) {
          well = form.file->size_bytes() + bytes.size() <= most_file_bytes
                     ? form.file->append(bytes)
                     : fail(ErrorCode::too_large, "a file may have at most " +
                                                      std::to_string(most_file_bytes) + " bytes");
          return well.has_value();
        }
        field_bytes += bytes.size();
        if (field_bytes > most_field_bytes) {
          well = fail(ErrorCode::too_large, "the form's fields are larger than is allowed");
        } else if (field) {
          field->append(bytes);
        }
        return well.has_value();
      });
  if (!well) return std::unexpected(well.error());
  if (!whole) {
    return fail(ErrorCode::invalid_argument, "the body is broken off or no well-formed form");
  }
  return form;
}

}  // namespace vivavox

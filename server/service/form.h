// What a client sends with a file: fields, and the file itself, on the disk.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "server/assets/file_store.h"
#include "server/http/http_server.h"

namespace vivavox {

struct Form {
  std::map<std::string, std::string> fields;
  std::optional<StagedFile> file;
  std::string filename;

  std::string field(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
  }
};

/// Reads a multipart body's fields and its part `file_part`, or the first part with a
/// file's name; of any other body the whole is the file. Errors: too_large (more than
/// `most_file_bytes`, or fields of more than 4 MiB), invalid_argument (broken off or
/// malformed), unavailable (the disk is full).
Result<Form> receive_form(const Call& call, const FileStore& staging, std::string_view file_part,
                          std::size_t most_file_bytes);

}  // namespace vivavox

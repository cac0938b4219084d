// Assets: uploads in one piece or several, search, versions, downloads.
#include <algorithm>
#include <charconv>
#include <tuple>

#include "server/assets/part_files.h"
#include "server/assets/sha256.h"
#include "server/service/files_of_service.h"
#include "server/service/form.h"
#include "server/service/glb_report.h"
#include "server/service/service.h"

namespace vivavox {

namespace json = boost::json;

namespace {

Reply list_assets(Service& service, const Call& call) {
  const auto page = page_of(call, "assets");
  if (!page) return page.error();
  const auto assets =
      service.store.assets(*page, call.query.text("q").value_or(""),
                           call.query.text("name").value_or(""), call.caller.viewer);
  if (!assets) return problem(assets.error());
  json::array list;
  for (const Asset& asset : assets->entries) list.push_back(to_json(asset));
  return page_reply(call, "assets", std::move(list), assets->next);
}

/// The name's ending, if it is a harmless one, so that stored files have theirs.
std::string ending_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == name.npos || name.size() - dot > 12) return "";
  std::string ending(name.substr(dot));
  const bool plain = std::ranges::all_of(ending.substr(1), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
  return plain && ending.size() > 1 ? ending : "";
}

Result<void> check_name(std::string_view name) {
  if (is_plain_name(name)) return {};
  return fail(ErrorCode::invalid_argument,
              "an asset's name is 1 to 200 bytes without slashes, and begins with no dot");
}

/// Takes a whole staged file in: inspected, put in place under its content's
/// name, then recorded.
Result<Asset> take_in(Service& service, const Viewer& viewer, StagedFile file,
                      const std::string& name, const std::string& asset_id) {
  if (auto named = check_name(name); !named) return std::unexpected(named.error());
  const auto room = service.storage.admit(file.size_bytes());
  if (!room) return std::unexpected(room.error());
  const AssetKind kind = kind_of_asset(file.head(), name);
  Asset asset{.asset_id = asset_id,
              .name = name,
              .type = std::string(kind.type),
              .label = name.substr(0, name.rfind('.')),
              .file_path = {},
              .file_size = static_cast<std::int64_t>(file.size_bytes()),
              .sha256 = file.sha256(),
              .mime_type = std::string(kind.mime_type),
              .metadata = {},
              .created_at = now_ms()};
  if (kind.mime_type == "model/gltf-binary" || ending_of(name) == ".glb") {
    auto report = glb_report(file.path());
    if (!report) return std::unexpected(report.error());
    asset.metadata = *std::move(report);
  }
  // Equal contents are one file with a name for each asset: none can lose another's.
  asset.file_path =
      asset.sha256.substr(0, 2) + "/" + asset.sha256 + "-" + random_hex(8) + ending_of(name);
  const auto equal = service.store.file_of_content(asset.sha256);
  if (!equal || !service.assets.link(*equal, asset.file_path)) {
    if (auto put = service.assets.put(std::move(file), asset.file_path); !put) {
      return std::unexpected(put.error());
    }
  }
  const std::string file_path = asset.file_path;
  auto added = service.store.add_asset(std::move(asset), viewer);
  // Of a commit in doubt the row may be there: the sweep finds out about the file.
  const bool is_refused = !added && (added.error().code == ErrorCode::storage_full ||
                                     added.error().code == ErrorCode::conflict);
  const bool was_there = added && added->file_path != file_path;
  if (is_refused || was_there) {
    service.remove({.renders = {}, .audios = {}, .assets = {file_path}});
  }
  return added;
}

Reply asset_reply(const Result<Asset>& asset) {
  return asset ? json_reply(to_json(*asset)) : problem(asset.error());
}

std::string fresh_asset_id(const Call& call) {
  return "asset-" + call.new_id(12);
}

Reply reserve(Service& service, const Call& call, const std::string& name) {
  if (!name.empty()) {
    if (auto named = check_name(name); !named) return problem(named.error());
  }
  const std::string asset_id = fresh_asset_id(call);
  if (auto reserved =
          service.store.reserve_asset(asset_id, name.empty() ? asset_id : name, call.caller.viewer);
      !reserved) {
    return problem(reserved.error());
  }
  return json_reply(
      {{"asset_id", asset_id}, {"upload_url", "/api/v1/avatars/assets/" + asset_id + "/content"}});
}

Error too_large(const Service& service) {
  return {
      ErrorCode::too_large,
      "a file may have at most " + std::to_string(service.settings.max_file_size_bytes) + " bytes"};
}

bool has_no_body(const httplib::Request& request) {
  return !request.has_header("Transfer-Encoding") &&
         request.get_header_value_u64("Content-Length") == 0;
}

Result<Form> receive(Service& service, const Call& call) {
  auto form = receive_form(call, service.assets, "file", service.settings.max_file_size_bytes);
  if (form && !form->file) {
    return fail(ErrorCode::invalid_argument, "the form has no file: send it as the part \"file\"");
  }
  return form;
}

Reply upload(Service& service, const Call& call) {
  const std::string name = call.query.text("name").value_or("");
  if (has_no_body(call.request)) return reserve(service, call, name);
  if (call.request.get_header_value_u64("Content-Length") >
      service.settings.max_file_size_bytes + 65536) {
    return problem(too_large(service));
  }
  auto received = receive(service, call);
  if (!received) return problem(received.error());
  const std::string asset_id = fresh_asset_id(call);
  const std::string given = !name.empty() ? name : received->filename;
  return asset_reply(take_in(service, call.caller.viewer, *std::move(received->file),
                             given.empty() ? asset_id : given, asset_id));
}

/// "bytes FIRST-LAST/SIZE", or "bytes */SIZE" to ask how much has arrived.
struct ContentRange {
  std::optional<std::uint64_t> first;
  std::uint64_t last = 0;
  std::uint64_t size = 0;
};

std::optional<ContentRange> content_range_of(std::string_view header) {
  const auto number = [&](std::uint64_t& value) {
    const auto [rest, error] = std::from_chars(header.data(), header.data() + header.size(), value);
    header.remove_prefix(static_cast<std::size_t>(rest - header.data()));
    return error == std::errc();
  };
  const auto literal = [&](std::string_view text) {
    if (!header.starts_with(text)) return false;
    header.remove_prefix(text.size());
    return true;
  };
  ContentRange range;
  if (!literal("bytes ")) return std::nullopt;
  if (!literal("*")) {
    std::uint64_t first = 0;
    if (!number(first) || !literal("-") || !number(range.last)) return std::nullopt;
    range.first = first;
  }
  if (!literal("/") || !number(range.size) || !header.empty()) return std::nullopt;
  if (range.first && (*range.first > range.last || range.last >= range.size)) return std::nullopt;
  return range;
}

Reply received_reply(const std::string& asset_id, std::uint64_t received, std::uint64_t size) {
  return json_reply({{"asset_id", asset_id}, {"received", received}, {"size", size}});
}

/// A piece of a file, after those that came before.
Reply put_piece(Service& service, const Call& call, const std::string& name,
                const ContentRange& range) {
  const std::string& asset_id = call.path("asset_id");
  if (range.size > service.settings.max_file_size_bytes) return problem(too_large(service));
  auto part = service.parts.open(asset_id);
  if (!part) return problem(part.error());
  if (!range.first) return received_reply(asset_id, part->size_bytes(), range.size);
  if (*range.first != part->size_bytes()) {
    return problem(409, "the next byte is number " + std::to_string(part->size_bytes()) +
                            ": go on from there");
  }
  const auto room = service.storage.admit(range.last - *range.first + 1);
  if (!room) return problem(room.error());
  Result<void> well;
  const std::uint64_t most = range.last + 1;
  std::ignore = call.reader->read([](const FormPart&) { return false; },
                                  [&](std::string_view bytes) {
                                    if (part->size_bytes() + bytes.size() > most) {
                                      well = fail(ErrorCode::invalid_argument,
                                                  "the body is longer than its Content-Range says");
                                    } else {
                                      well = part->append(bytes);
                                    }
                                    return well.has_value();
                                  });
  // What came before a connection broke stays: the client asks, and goes on.
  if (!well) return problem(well.error());
  if (part->size_bytes() < range.size) {
    return received_reply(asset_id, part->size_bytes(), range.size);
  }
  auto staged = service.assets.stage();
  if (!staged) return problem(staged.error());
  if (auto copied = part->copy_to(*staged); !copied) return problem(copied.error());
  const auto asset = take_in(service, call.caller.viewer, *std::move(staged), name, asset_id);
  if (asset) part->remove();
  return asset_reply(asset);
}

Reply put_content(Service& service, const Call& call) {
  const std::string& asset_id = call.path("asset_id");
  const auto reserved = service.store.reservation(asset_id, call.caller.viewer);
  if (!reserved) return problem(reserved.error());
  const std::string given = call.query.text("name").value_or("");
  const std::string name = given.empty() ? *reserved : given;
  if (call.request.has_header("Content-Range")) {
    const auto range = content_range_of(call.request.get_header_value("Content-Range"));
    if (!range)
      return problem(422, "Content-Range is \"bytes FIRST-LAST/SIZE\" or \"bytes */SIZE\"");
    return put_piece(service, call, name, *range);
  }
  auto received = receive(service, call);
  if (!received) return problem(received.error());
  return asset_reply(
      take_in(service, call.caller.viewer, *std::move(received->file), name, asset_id));
}

Reply download(Service& service, const Call& call) {
  const std::string name = call.query.text("name").value_or("");
  const auto version = call.query.whole("version");
  const auto asset = service.store.asset_of_name(
      name, version ? std::optional(static_cast<int>(*version)) : std::nullopt, call.caller.viewer);
  if (asset) {
    const auto path = service.assets.resolve(asset->file_path);
    if (!path) return problem(path.error());
    return file_reply(service, *path, served_mime_type(name, asset->mime_type), false);
  }
  if (asset.error().code != ErrorCode::not_found) return problem(asset.error());
  // What the operator laid into ASSETS_DIR has no row.
  const auto own = resolve_below(service.settings.assets_dir, name);
  if (!own || version) return problem(404, "there is no asset of this name");
  return file_reply(service, *own, served_mime_type(name, "application/octet-stream"), false);
}

Reply delete_asset(Service& service, const Call& call) {
  const auto files = service.store.delete_asset(call.path("asset_id"), call.caller.viewer);
  if (!files) return problem(files.error());
  if (*files) service.remove(**files);
  return json_reply({{"deleted", files->has_value()}, {"asset_id", call.path("asset_id")}});
}

}  // namespace

void add_asset_handlers(Service& service) {
  HttpServer& http = service.http;
  for (const char* id : {"listAssets", "searchAssets"}) {
    http.handle(id, [&](const Call& call) { return list_assets(service, call); });
  }
  http.handle("uploadAsset", [&](const Call& call) { return upload(service, call); });
  http.handle("putAssetContent", [&](const Call& call) { return put_content(service, call); });
  http.handle("downloadAsset", [&](const Call& call) { return download(service, call); });
  http.handle("deleteAsset", [&](const Call& call) { return delete_asset(service, call); });
}

}  // namespace vivavox

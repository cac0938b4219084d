// Files that were made here, the web app, and lists of what was made.
#include "server/built_in_avatars.h"
#include "server/files.h"
#include "server/http/page_policy.h"
#include "server/service/files_of_service.h"
#include "server/service/service.h"

namespace vivavox {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

template <class Entity>
json::array list_of(const std::vector<Entity>& entities) {
  json::array list;
  for (const Entity& one : entities) list.push_back(to_json(one));
  return list;
}

Reply list_audios(Service& service, const Call& call) {
  const auto page = page_of(call, "audios");
  if (!page) return page.error();
  const auto audios = service.store.audios(*page, call.caller.viewer);
  return audios ? page_reply(call, "audios", list_of(audios->entries), audios->next)
                : problem(audios.error());
}

Reply list_renders(Service& service, const Call& call) {
  const auto page = page_of(call, "renders");
  if (!page) return page.error();
  const auto renders = service.store.renders(*page, call.caller.viewer);
  return renders ? page_reply(call, "renders", list_of(renders->entries), renders->next)
                 : problem(renders.error());
}

/// A file of the web app by its path, already decoded: nothing in it is hidden. A folder
/// stands for its page.
std::optional<fs::path> site_file(const Service& service, std::string_view path) {
  constexpr std::string_view kiosk = "kiosk/";
  const std::string& own = service.settings.kiosk_dir;
  if (!own.empty() && path.starts_with(kiosk)) {
    if (auto found = resolve_below(own, path.substr(kiosk.size()))) return *std::move(found);
  }
  const bool is_folder = path.empty() || path.ends_with('/');
  auto found =
      resolve_below(service.settings.root, std::string(path) + (is_folder ? "index.html" : ""));
  return found ? std::optional(*std::move(found)) : std::nullopt;
}

/// The path without its leading slash and with its escapes read.
std::optional<std::string> decoded_path(std::string_view raw_path) {
  std::string decoded;
  raw_path.remove_prefix(std::min<std::size_t>(1, raw_path.size()));
  while (true) {
    const std::size_t slash = raw_path.find('/');
    const auto segment = decode_segment(raw_path.substr(0, slash));
    if (!segment) return std::nullopt;
    decoded += *segment;
    if (slash == raw_path.npos) return decoded;
    decoded += '/';
    raw_path.remove_prefix(slash + 1);
  }
}

/// An avatar that is built in: it is there without the web app too.
std::optional<Reply> built_in_avatar_reply(std::string_view path) {
  constexpr std::string_view folder = "avatars/", ending = ".glb";
  if (!path.starts_with(folder) || !path.ends_with(ending)) return std::nullopt;
  path.remove_prefix(folder.size());
  path.remove_suffix(ending.size());
  const BuiltInAvatar* avatar = built_in_avatar(path);
  if (!avatar) return std::nullopt;
  const auto* bytes = reinterpret_cast<const char*>(avatar->file.data());
  return Reply{.body = std::string(bytes, avatar->file.size()),
               .content_type = "model/gltf-binary"};
}

/// The way to a folder's page for who left the slash away: what it names lies beside it.
std::optional<Reply> folder_reply(const Service& service, const std::string& path,
                                  std::string_view raw_path) {
  if (!site_file(service, path + "/")) return std::nullopt;
  const std::string_view name = raw_path.substr(raw_path.rfind('/') + 1);
  return Reply{.status = 308, .headers = {{"Location", "./" + std::string(name) + "/"}}};
}

std::optional<Reply> site_page(Service& service, std::string_view raw_path) {
  const auto path = decoded_path(raw_path);
  if (!path) return std::nullopt;
  const auto file = site_file(service, *path);
  if (!file) {
    auto folder = folder_reply(service, *path, raw_path);
    return folder ? std::move(folder) : built_in_avatar_reply(*path);
  }
  return page_file_reply(service, *file, mime_type_of_name(file->string()));
}

Reply no_file() {
  return problem(404, "there is no such file");
}

/// Stored assets by their content's name, then the files that lie in ASSETS_DIR,
/// then those of the web app.
Reply get_asset_file(Service& service, const Call& call) {
  const std::string& path = call.path("path");
  if (const auto stored = service.assets.resolve(path)) {
    const Viewer& viewer = call.caller.viewer;
    if (!viewer.sees_all && !service.store.asset_of_file(path, viewer)) return no_file();
    return file_reply(service, *stored, served_mime_type(path, "application/octet-stream"), true);
  }
  if (const auto own = resolve_below(service.settings.assets_dir, path)) {
    return file_reply(service, *own, served_mime_type(path, "application/octet-stream"), false);
  }
  const auto page = site_file(service, "assets/" + path);
  return page ? page_file_reply(service, *page, mime_type_of_name(path)) : no_file();
}

Reply get_source_file(Service& service, const Call& call) {
  const std::string& path = call.path("path");
  auto page = site_file(service, "src/" + path);
  if (!page) page = site_file(service, path);
  return page ? page_file_reply(service, *page, mime_type_of_name(path)) : no_file();
}

/// The name without its ending, which is the id of what the file is of.
std::string id_of_file(const Call& call) {
  const std::string& name = call.path("name");
  return name.substr(0, name.rfind('.'));
}

Reply get_made_file(Service& service, const FileStore& files, const Call& call, bool is_seen) {
  if (!is_seen) return no_file();
  const auto path = files.resolve(call.path("name"));
  return path ? file_reply(service, *path, mime_type_of_name(call.path("name")), true) : no_file();
}

Reply get_render_file(Service& service, const Call& call) {
  const Viewer& viewer = call.caller.viewer;
  const auto render = service.store.render(id_of_file(call), everything);
  const bool is_seen = viewer.sees_all || (render && viewer.may_see(render->owner));
  Reply reply = get_made_file(service, service.renders, call, is_seen);
  if (reply.status < 400) {
    service.storage.note_use(call.path("name"));
  } else if (const auto gone = service.store.is_gone_render(call.path("name"));
             !render && gone && *gone) {
    return problem(410,
                   "this render was deleted, to make room or for its age: have it made again, or "
                   "raise MAX_RENDERS, MAX_RENDER_FILES, MAX_RENDER_DAYS or RETENTION_DAYS");
  }
  return reply;
}

}  // namespace

Reply kept_file(Service& service, const Call& call) {
  const Viewer& viewer = call.caller.viewer;
  if (call.operation.id == "getRenderFile") return get_render_file(service, call);
  if (call.operation.id == "getAudioFile") {
    const bool is_seen = viewer.sees_all || service.store.audio(id_of_file(call), viewer);
    return get_made_file(service, service.audios, call, is_seen);
  }
  return get_asset_file(service, call);
}

Reply file_reply(Service& service, const fs::path& path, std::string_view content_type,
                 bool immutable) {
  auto digest = service.digests.of(path);
  if (!digest) return problem(digest.error());
  auto file = ServedFile::open(path, std::string(content_type), *std::move(digest), immutable);
  if (!file) return problem(file.error());
  Reply reply;
  reply.file = *std::move(file);
  return reply;
}

Reply page_file_reply(Service& service, const fs::path& path, std::string_view content_type) {
  Reply reply = file_reply(service, path, content_type, false);
  std::string html;
  if (content_type.starts_with("text/html")) html = read_text_file(path).value_or("");
  reply.headers.emplace_back("Content-Security-Policy", page_policy(html));
  return reply;
}

void add_file_handlers(Service& service) {
  HttpServer& http = service.http;
  http.handle("listAudios", [&](const Call& call) { return list_audios(service, call); });
  http.handle("listRenders", [&](const Call& call) { return list_renders(service, call); });
  for (const char* id : {"getAudioFile", "getRenderFile", "getAssetFile"}) {
    http.handle(id, [&](const Call& call) { return kept_file(service, call); });
  }
  http.handle("getSourceFile", [&](const Call& call) { return get_source_file(service, call); });
  http.handle_site([&](const httplib::Request&, std::string_view raw_path) {
    return site_page(service, raw_path);
  });
}

}  // namespace vivavox

#include "server/look_options.h"

#include <map>
#include <utility>

#include "engine/stage/appearance.h"
#include "server/avatar_file.h"
#include "server/command_files.h"
#include "server/files.h"

namespace vivavox {

namespace {

/// The picture in a file, filling this size.
Result<Image> picture_behind(const std::string& path, PictureSize size) {
  const auto file = read_file(path);
  if (!file) return std::unexpected(file.error());
  auto image = decode_image(*file);
  if (!image) return fail(image.error().code, path + ": " + image.error().message);
  return covering(*std::move(image), {.width_px = size.width_px, .height_px = size.height_px});
}

}  // namespace

void add_look_options(CLI::App& command, LookOptions& options) {
  static const std::map<std::string, View> views{{"front", View::front},
                                                 {"three-quarter", View::three_quarter},
                                                 {"profile", View::profile},
                                                 {"head", View::head},
                                                 {"full", View::full}};
  command.add_option("--avatar", options.avatar, "glTF binary avatar (default: Vivi)");
  add_clip_option(command, options.clip);
  command.add_option("--view", options.view, "front, three-quarter, profile, head or full")
      ->transform(CLI::CheckedTransformer(views));
  command.add_option("--size", options.size, "Width x height in pixels")->capture_default_str();
  command.add_option("--background", options.background,
                     "#rrggbb, transparent, or a picture: PNG or JPEG");
  command.add_option("--lighting", options.lighting, "portrait, soft, window, dramatic or flat")
      ->capture_default_str();
  command.add_option("--quality", options.quality, "ultra, high, medium, low or minimal")
      ->capture_default_str();
  command.add_option("--traits", options.traits, std::string(traits_option));
}

Result<Scenery> Scenery::open(const LookOptions& options) {
  const auto size = picture_size_from(options.size);
  if (!size) return std::unexpected(size.error());
  const auto quality = quality_named(options.quality);
  if (!quality) return std::unexpected(quality.error());
  const auto lighting = lighting_named(options.lighting);
  if (!lighting) return std::unexpected(lighting.error());
  const auto traits = trait_choices_from_json(options.traits);
  if (!traits) return std::unexpected(traits.error());
  auto avatar = open_avatar(options.avatar);
  if (!avatar) return std::unexpected(avatar.error());
  if (auto played = play(*avatar, options.clip); !played) return std::unexpected(played.error());
  auto stage = Stage::create(size->width_px, size->height_px);
  if (!stage) return std::unexpected(stage.error());
  Scenery scenery(*std::move(stage), *size);
  if (auto set = scenery.set_background(options.background); !set)
    return std::unexpected(set.error());
  scenery.stage_.set_quality(*quality);
  scenery.stage_.set_lighting(*lighting);
  scenery.stage_.show(*std::move(avatar));
  if (auto done = scenery.stage_.customize(*traits); !done) return std::unexpected(done.error());
  scenery.stage_.set_view(options.view);
  return scenery;
}

Result<void> Scenery::set_background(const std::string& words) {
  if (words.empty()) return {};
  if (words.starts_with('#')) {
    const auto color = color_from_hex(words);
    if (!color) return std::unexpected(color.error());
    stage_.set_background(*color);
    return {};
  }
  if (words != "transparent") {
    auto behind = picture_behind(words, size_);
    if (!behind) return std::unexpected(behind.error());
    behind_ = *std::move(behind);
  }
  is_transparent_ = words == "transparent";
  stage_.set_background(std::nullopt);
  return {};
}

Image Scenery::picture() {
  Image picture = stage_.picture();
  if (behind_) put_behind(picture, *behind_);
  return picture;
}

}  // namespace vivavox

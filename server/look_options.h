// How `render` and `speak` show an avatar: who, from where, in which light, before what.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "engine/stage/stage.h"
#include "server/picture_size.h"

namespace vivavox {

struct LookOptions {
  std::string avatar;
  std::string clip;
  View view = View::front;
  std::string size = "512x512";
  std::string background;
  std::string lighting = "portrait";
  std::string quality = "high";
  std::string traits = "{}";
};

void add_look_options(CLI::App& command, LookOptions& options);

/// A stage on which an avatar stands, before a colour, a picture or nothing.
class Scenery {
 public:
  /// Errors: invalid_argument; those of open_avatar() and Stage::create(); of a background's
  /// picture not_found, io_failed, invalid_image.
  static Result<Scenery> open(const LookOptions& options);

  Stage& stage() { return stage_; }
  PictureSize size() const { return size_; }
  /// Whether something of the pictures is see-through.
  bool is_transparent() const { return is_transparent_; }
  /// What the stage shows, before the picture if there is one.
  Image picture();

 private:
  Scenery(Stage stage, PictureSize size) : stage_(std::move(stage)), size_(size) {}
  Result<void> set_background(const std::string& words);

  Stage stage_;
  PictureSize size_;
  bool is_transparent_ = false;
  std::optional<Image> behind_;
};

}  // namespace vivavox

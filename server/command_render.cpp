// vivavox render: a picture of an avatar in a given pose.
#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <memory>
#include <numbers>

#include "engine/stage/appearance.h"
#include "engine/stage/rig.h"
#include "engine/stage/stage.h"
#include "server/avatar_file.h"
#include "server/command.h"
#include "server/command_files.h"
#include "server/files.h"
#include "server/picture_size.h"

namespace vivavox {

namespace json = boost::json;

namespace {

struct RenderOptions {
  std::string avatar;
  std::string weights = "{}";
  std::string head = "{}";
  View view = View::front;
  std::string size = "512x512";
  std::string background;
  std::string quality = "high";
  std::string lighting = "portrait";
  std::string clip;
  double at_s = 0;
  std::string traits = "{}";
  std::string out;
};

Result<json::object> numbers_from(std::string_view text, std::string_view option) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (!error && value.is_object() &&
      std::ranges::all_of(value.get_object(),
                          [](const auto& member) { return member.value().is_number(); })) {
    return value.get_object();
  }
  return fail(ErrorCode::invalid_json,
              std::string(option) + " must be a JSON object of numbers, e.g. {\"jawOpen\":0.5}");
}

Result<FacePose> pose_from(const RenderOptions& options) {
  const auto weights = numbers_from(options.weights, "--weights");
  if (!weights) return std::unexpected(weights.error());
  const auto head = numbers_from(options.head, "--head");
  if (!head) return std::unexpected(head.error());
  FacePose pose;
  for (const auto& [key, value] : *weights) {
    const auto shape = blend_shape_named(key);
    if (!shape) {
      return fail(ErrorCode::invalid_argument,
                  "\"" + std::string(key) + "\" is none of the 52 ARKit blend shapes");
    }
    pose.weights[*shape] = value.to_number<float>();
  }
  for (const auto& [key, value] : *head) {
    float* angle_rad = key == "yaw"     ? &pose.head.yaw_rad
                       : key == "pitch" ? &pose.head.pitch_rad
                       : key == "roll"  ? &pose.head.roll_rad
                                        : nullptr;
    if (!angle_rad)
      return fail(ErrorCode::invalid_argument, "--head takes yaw, pitch and roll, in degrees");
    *angle_rad = value.to_number<float>() * std::numbers::pi_v<float> / 180;
  }
  set_eye_rotations(pose);
  return pose;
}

Result<void> render(const RenderOptions& options) {
  const auto size = picture_size_from(options.size);
  if (!size) return std::unexpected(size.error());
  const auto quality = quality_named(options.quality);
  if (!quality) return std::unexpected(quality.error());
  const auto lighting = lighting_named(options.lighting);
  if (!lighting) return std::unexpected(lighting.error());
  const auto pose = pose_from(options);
  if (!pose) return std::unexpected(pose.error());
  const auto traits = trait_choices_from_json(options.traits);
  if (!traits) return std::unexpected(traits.error());
  auto avatar = open_avatar(options.avatar);
  if (!avatar) return std::unexpected(avatar.error());
  if (auto played = play(*avatar, options.clip); !played) return played;
  auto stage = Stage::create(size->width_px, size->height_px);
  if (!stage) return std::unexpected(stage.error());
  if (options.background == "transparent") stage->set_background(std::nullopt);
  if (!options.background.empty() && options.background != "transparent") {
    const auto color = color_from_hex(options.background);
    if (!color) return std::unexpected(color.error());
    stage->set_background(*color);
  }
  stage->set_quality(*quality);
  stage->set_lighting(*lighting);
  stage->show(std::move(*avatar));
  if (auto done = stage->customize(*traits); !done) return done;
  stage->set_view(options.view);
  Motion motion;
  stage->set_pose(*pose, options.at_s, motion);
  return write_file(options.out, encode_png(stage->picture()));
}

}  // namespace

void add_render_command(CLI::App& tool, int& status) {
  static const std::map<std::string, View> views{{"front", View::front},
                                                 {"three-quarter", View::three_quarter},
                                                 {"profile", View::profile},
                                                 {"head", View::head},
                                                 {"full", View::full}};
  auto* command = tool.add_subcommand("render", "Draw an avatar in a given pose");
  auto options = std::make_shared<RenderOptions>();
  command->add_option("--avatar", options->avatar, "glTF binary avatar (default: Vivi)");
  command->add_option("--weights", options->weights, "ARKit blend shapes, e.g. {\"jawOpen\":0.5}");
  command->add_option("--head", options->head,
                      "Turn of the head in degrees, e.g. {\"yaw\":20,\"pitch\":-5}");
  add_clip_option(*command, options->clip);
  command->add_option("--at", options->at_s, "Moment of the clip in seconds")
      ->capture_default_str();
  command->add_option("--view", options->view, "front, three-quarter, profile, head or full")
      ->transform(CLI::CheckedTransformer(views));
  command->add_option("--size", options->size, "Width x height in pixels")->capture_default_str();
  command->add_option("--background", options->background, "#rrggbb, or transparent");
  command->add_option("--lighting", options->lighting, "portrait, soft, window, dramatic or flat")
      ->capture_default_str();
  command->add_option("--quality", options->quality, "ultra, high, medium, low or minimal")
      ->capture_default_str();
  command->add_option("--traits", options->traits, std::string(traits_option));
  command->add_option("--out", options->out, "PNG file to write")->required();
  command->callback([options, &status] {
    const auto done = render(*options);
    status = done ? exit_success : report(done.error());
  });
}

}  // namespace vivavox

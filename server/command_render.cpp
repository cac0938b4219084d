// vivavox render: a picture of an avatar in a given pose.
#include <algorithm>
#include <boost/json.hpp>
#include <memory>
#include <numbers>

#include "engine/stage/rig.h"
#include "server/command.h"
#include "server/files.h"
#include "server/look_options.h"

namespace vivavox {

namespace json = boost::json;

namespace {

struct RenderOptions {
  LookOptions look;
  std::string weights = "{}";
  std::string head = "{}";
  double at_s = 0;
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
  const auto pose = pose_from(options);
  if (!pose) return std::unexpected(pose.error());
  auto scenery = Scenery::open(options.look);
  if (!scenery) return std::unexpected(scenery.error());
  Motion motion;
  scenery->stage().set_pose(*pose, options.at_s, motion);
  return write_file(options.out, encode_png(scenery->picture()));
}

}  // namespace

void add_render_command(CLI::App& tool, int& status) {
  auto* command = tool.add_subcommand("render", "Draw an avatar in a given pose");
  auto options = std::make_shared<RenderOptions>();
  add_look_options(*command, options->look);
  command->add_option("--weights", options->weights, "ARKit blend shapes, e.g. {\"jawOpen\":0.5}");
  command->add_option("--head", options->head,
                      "Turn of the head in degrees, e.g. {\"yaw\":20,\"pitch\":-5}");
  command->add_option("--at", options->at_s, "Moment of the clip in seconds")
      ->capture_default_str();
  command->add_option("--out", options->out, "PNG file to write")->required();
  command->callback([options, &status] {
    const auto done = render(*options);
    status = done ? exit_success : report(done.error());
  });
}

}  // namespace vivavox

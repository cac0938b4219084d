#include "server/video_writer.h"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

using namespace vivavox;
namespace fs = std::filesystem;

namespace {

constexpr VideoFormat format{
    .width_pixels = 65, .height_pixels = 48, .frames_per_s = 30, .sample_rate_hz = 22050};
constexpr int frame_count = 40;

std::vector<float> tone(double duration_s) {
  std::vector<float> samples(static_cast<std::size_t>(duration_s * 22050));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = 0.3f * std::sin(static_cast<float>(i) * 0.12f);
  }
  return samples;
}

Result<void> write_video(const fs::path& path, const std::vector<float>& sound,
                         const VideoFormat& wanted = format) {
  auto writer = VideoWriter::open(path, wanted);
  if (!writer) return std::unexpected(writer.error());
  writer->add_sound(sound);
  writer->end_sound(frame_count);
  std::vector<std::uint8_t> frame(65 * 48 * 4, 255);
  Result<bool> done;
  for (int i = 0; i < frame_count; ++i) {
    frame[0] = static_cast<std::uint8_t>(i * 6);
    if (auto added = writer->add_frame(frame); !added) return added;
    while ((done = writer->flush(100)) && !*done) {
    }
    if (!done) return std::unexpected(done.error());
  }
  while ((done = writer->finish(100)) && !*done) {
  }
  if (!done) return std::unexpected(done.error());
  return {};
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  std::string text;
  std::array<char, 256> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe.get())) text += buffer.data();
  return text;
}

double probe(const fs::path& path, const std::string& stream, const std::string& entry) {
  return std::stod(output_of("ffprobe -v error -select_streams " + stream + " -show_entries " +
                             entry + " -of default=nk=1:nw=1 " + path.string()));
}

}  // namespace

TEST_CASE("sound and picture of a video are equally long") {
  for (const char* ending : {".mp4", ".webm"}) {
    for (const double sound_s : {0.8, 1.3, 2.0}) {
      const fs::path path = fs::temp_directory_path() / ("vivavox-video" + std::string(ending));
      fs::remove(path);
      const auto written = write_video(path, tone(sound_s));
      REQUIRE(written.has_value());
      const double expected_s = 40.0 / 30;
      const double frame_s = 1.0 / 30;
      const double packets = probe(path, "v", "stream=nb_read_packets -count_packets");
      CHECK(packets == 40);
      const std::string last_audio = output_of(
          "ffprobe -v error -select_streams a -show_entries packet=pts_time -of "
          "default=nk=1:nw=1 " +
          path.string() + " | tail -n 1");
      CHECK(std::abs(std::stod(last_audio) - expected_s) <= frame_s);
      fs::remove(path);
    }
  }
}

TEST_CASE("a video of few frames a second ends, though its sound is far ahead of what is encoded") {
  const fs::path path = fs::temp_directory_path() / "vivavox-few-frames.mp4";
  VideoFormat slow = format;
  slow.frames_per_s = 5;
  REQUIRE(write_video(path, tone(8.0), slow));
  CHECK(std::abs(probe(path, "a", "stream=duration") - 8.0) < 0.05);
  fs::remove(path);
}

TEST_CASE("a video that cannot be made leaves nothing behind") {
  const fs::path missing = fs::temp_directory_path() / "no-such-folder" / "a.mp4";
  CHECK(write_video(missing, tone(1)).error().code == ErrorCode::io_failed);
  CHECK(write_video("a.gif", tone(1)).error().code == ErrorCode::invalid_argument);

  const fs::path path = fs::temp_directory_path() / "vivavox-abandoned.mp4";
  {
    auto writer = VideoWriter::open(path, format);
    REQUIRE(writer.has_value());
    CHECK(writer->add_frame({}).error().code == ErrorCode::invalid_argument);
  }
  CHECK_FALSE(fs::exists(path));
}

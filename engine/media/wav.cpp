#include "engine/media/wav.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

namespace vivavox {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t riff_header_bytes = 12;
constexpr std::size_t chunk_header_bytes = 8;
constexpr std::size_t wav_header_bytes = 44;
constexpr std::uint16_t format_pcm = 1;
constexpr std::uint16_t format_float = 3;
constexpr std::uint16_t format_extensible = 0xFFFE;
constexpr std::size_t extensible_subformat_offset = 24;

std::uint64_t little_endian(Bytes bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

std::uint16_t read_u16(Bytes bytes, std::size_t offset) {
  return static_cast<std::uint16_t>(little_endian(bytes.subspan(offset, 2)));
}

std::uint32_t read_u32(Bytes bytes, std::size_t offset) {
  return static_cast<std::uint32_t>(little_endian(bytes.subspan(offset, 4)));
}

bool is_tag(Bytes bytes, std::size_t offset, std::string_view tag) {
  return std::ranges::equal(bytes.subspan(offset, tag.size()), tag, [](std::uint8_t a, char b) {
    return a == static_cast<std::uint8_t>(b);
  });
}

struct Format {
  std::uint16_t encoding = 0;
  std::uint16_t channels = 0;
  std::uint32_t sample_rate_hz = 0;
  std::size_t sample_bytes = 0;
};

Result<Format> read_format(Bytes chunk) {
  const auto wrong = [](const std::string& what) { return fail(ErrorCode::invalid_audio, what); };
  if (chunk.size() < 16) return wrong("the WAV file's format chunk is cut short");
  const std::uint16_t bits = read_u16(chunk, 14);
  Format format{read_u16(chunk, 0), read_u16(chunk, 2), read_u32(chunk, 4), bits / 8U};
  if (format.encoding == format_extensible && chunk.size() >= extensible_subformat_offset + 2) {
    format.encoding = read_u16(chunk, extensible_subformat_offset);
  }
  const bool is_pcm =
      format.encoding == format_pcm && (bits == 8 || bits == 16 || bits == 24 || bits == 32);
  const bool is_float = format.encoding == format_float && (bits == 32 || bits == 64);
  if (!is_pcm && !is_float) {
    return wrong("the WAV file has encoding " + std::to_string(format.encoding) + " of " +
                 std::to_string(bits) + " bits; convert it to 16-bit PCM");
  }
  if (format.channels != 1 && format.channels != 2) {
    return wrong("the WAV file has " + std::to_string(format.channels) +
                 " channels; convert it to mono or stereo");
  }
  if (format.sample_rate_hz < 8000 || format.sample_rate_hz > 384'000) {
    return wrong("the WAV file's sample rate of " + std::to_string(format.sample_rate_hz) +
                 " Hz is not between 8,000 and 384,000");
  }
  return format;
}

/// A float from a file may be anything; what is no number is silence.
float in_range(double sample) {
  return std::isnan(sample) ? 0.0F : static_cast<float>(std::clamp(sample, -1.0, 1.0));
}

float read_sample(Bytes bytes, std::uint16_t encoding) {
  const std::uint64_t value = little_endian(bytes);
  if (encoding == format_float) {
    return bytes.size() == 4 ? in_range(std::bit_cast<float>(static_cast<std::uint32_t>(value)))
                             : in_range(std::bit_cast<double>(value));
  }
  if (bytes.size() == 1) return (static_cast<float>(value) - 128) / 128;
  // Shifted up so that the sign is at the top of 32 bits, whatever the width.
  const auto wide =
      static_cast<std::int32_t>(static_cast<std::uint32_t>(value) << (32 - 8 * bytes.size()));
  return static_cast<float>(wide) / 2147483648.0F;
}

std::vector<float> read_samples(Bytes data, const Format& format) {
  const std::size_t frame_bytes = format.sample_bytes * format.channels;
  std::vector<float> samples(data.size() / frame_bytes);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    float sum = 0;
    for (std::size_t channel = 0; channel < format.channels; ++channel) {
      sum += read_sample(
          data.subspan(i * frame_bytes + channel * format.sample_bytes, format.sample_bytes),
          format.encoding);
    }
    samples[i] = sum / static_cast<float>(format.channels);
  }
  return samples;
}

class Writer {
 public:
  explicit Writer(std::size_t capacity) { bytes_.reserve(capacity); }

  void tag(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }

  void number(std::uint32_t value, int size_bytes) {
    for (int i = 0; i < size_bytes; ++i)
      bytes_.push_back(static_cast<std::uint8_t>(value >> 8 * i));
  }

  std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

}  // namespace

Result<std::vector<std::uint8_t>> wav_header(std::int32_t sample_rate_hz, std::size_t samples) {
  constexpr std::size_t max_samples =
      (std::numeric_limits<std::uint32_t>::max() - wav_header_bytes) / 2;
  if (samples > max_samples) {
    return fail(ErrorCode::invalid_audio, "the sound is longer than a WAV file can be (4 GiB)");
  }
  const auto data_bytes = static_cast<std::uint32_t>(samples * 2);
  const auto rate = static_cast<std::uint32_t>(sample_rate_hz);
  Writer out(wav_header_bytes);
  out.tag("RIFF");
  out.number(data_bytes + static_cast<std::uint32_t>(wav_header_bytes - chunk_header_bytes), 4);
  out.tag("WAVEfmt ");
  out.number(16, 4);
  out.number(format_pcm, 2);
  out.number(1, 2);
  out.number(rate, 4);
  out.number(rate * 2, 4);
  out.number(2, 2);
  out.number(16, 2);
  out.tag("data");
  out.number(data_bytes, 4);
  return out.take();
}

std::vector<std::uint8_t> wav_samples(std::span<const float> samples) {
  Writer out(samples.size() * 2);
  for (const float sample : samples) {
    out.number(static_cast<std::uint32_t>(std::lround(in_range(sample) * 32767.0F)), 2);
  }
  return out.take();
}

Result<std::vector<std::uint8_t>> to_wav(std::int32_t sample_rate_hz,
                                         std::span<const float> samples) {
  auto file = wav_header(sample_rate_hz, samples.size());
  if (!file) return file;
  const std::vector<std::uint8_t> data = wav_samples(samples);
  file->insert(file->end(), data.begin(), data.end());
  return file;
}

Result<Recording> read_wav(Bytes file) {
  if (file.size() < riff_header_bytes || !is_tag(file, 0, "RIFF") || !is_tag(file, 8, "WAVE")) {
    return fail(ErrorCode::invalid_audio,
                "this is not a WAV file: it does not begin with RIFF and WAVE");
  }
  std::optional<Format> format;
  for (std::size_t at = riff_header_bytes; at + chunk_header_bytes <= file.size();) {
    const std::size_t claimed = read_u32(file, at + 4);
    const std::size_t begin = at + chunk_header_bytes;
    const Bytes chunk = file.subspan(begin, std::min(claimed, file.size() - begin));
    if (is_tag(file, at, "fmt ")) {
      const Result<Format> found = read_format(chunk);
      if (!found) return std::unexpected(found.error());
      format = *found;
    } else if (is_tag(file, at, "data")) {
      if (!format)
        return fail(ErrorCode::invalid_audio, "the WAV file has no format chunk before its data");
      return Recording{static_cast<std::int32_t>(format->sample_rate_hz),
                       read_samples(chunk, *format)};
    }
    // Chunks are padded to even sizes.
    at = begin + chunk.size() + (chunk.size() & 1);
  }
  return fail(ErrorCode::invalid_audio, "the WAV file has no data chunk: it is cut short");
}

}  // namespace vivavox

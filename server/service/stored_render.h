// Pictures and films on their way into RENDERS_DIR.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/picture_file.h"
#include "server/service/scene.h"
#include "server/store/records.h"
#include "server/work/frame_count.h"

namespace vivavox {

class Service;

/// What a file is to be, by the format that a client names.
struct OutputFormat {
  std::string name;                      ///< as the API says it: "jpeg"
  std::string ending;                    ///< ".jpg"
  std::optional<PictureFormat> picture;  ///< none: a film
};

/// Of an unknown name: PNG.
OutputFormat output_format(std::string_view wanted);

/// A row for what is about to be made, under a new id.
Render render_row(const Call& call, const Scene& scene, const OutputFormat& format,
                  std::string request_hash);

/// Puts a picture in the render's place. Errors: unavailable.
Result<void> store_picture(Service& service, std::span<const std::byte> bytes, Render& render);

/// Films a take, and the clauses that follow (or none), into the render's place.
/// Errors: those of shoot(); unavailable.
Result<void> store_film(Service& service, Take take, ClauseSource next, const Deadline& deadline,
                        Render& render, FrameCount* frames);

/// Files that were put in place, and are taken away again unless they are kept: where
/// what they belong to fails, nobody knows of them, but where they were made before.
class UnrecordedRenders {
 public:
  explicit UnrecordedRenders(Service& service) : service_(service) {}
  ~UnrecordedRenders();
  UnrecordedRenders(const UnrecordedRenders&) = delete;
  UnrecordedRenders& operator=(const UnrecordedRenders&) = delete;

  /// Before the file is put in place.
  void add(const Render& render) { rows_.push_back(render); }
  Render& back() { return rows_.back(); }

  /// They are about to be recorded.
  std::vector<Render> keep() { return std::exchange(rows_, {}); }

 private:
  Service& service_;
  std::vector<Render> rows_;
};

}  // namespace vivavox

#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agentpipe/http/router.hpp"

namespace agentpipe::http {

/// A file of the browser pages; everything it refers to is static.
struct StaticFile {
  std::string_view content_type;
  std::string_view etag;            ///< quotes included
  std::span<const std::byte> gzip;  ///< the file, compressed
  bool immutable = false;           ///< its name changes with its content
};

/// The file with that path ("/index.html"), if there is one.
using FindFile = std::function<std::optional<StaticFile>(std::string_view path)>;

/// Serves the pages: files by path, and "/index.html", with `{{base}}` replaced by `base_path`, for every
/// other address that a browser opens. When there is no index.html, or the browser says that it runs no
/// scripts (`?noscript`, as index.html makes it), the answer leads to the same under /plain.
Handler static_files(FindFile find, std::string base_path);

/// The inverse of gzip; nothing when it is broken or longer than `limit`.
std::optional<std::string> gunzip(std::span<const std::byte> bytes, std::size_t limit);
std::string gzip(std::string_view bytes);

}  // namespace agentpipe::http

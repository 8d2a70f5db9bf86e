#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace agentpipe::webui {

/// One file of the browser pages, as embedded into the binary.
///
/// Everything an Asset refers to is static: it lives as long as the process and may be read from any thread.
struct Asset {
  /// Where the browser asks for it, below the base path: "/index.html", "/assets/main-AB12CD34.js".
  std::string_view path;
  /// Value for `Content-Type`.
  std::string_view content_type;
  /// Value for `ETag`, quotes included; made from the plain bytes.
  std::string_view etag;
  /// The file, compressed with gzip at level 9. The plain file is what inflating these bytes gives.
  std::span<const std::byte> gzip;
  /// True: the name carries a hash of the content, so the file may be cached for ever
  /// (`Cache-Control: public, max-age=31536000, immutable`). False: `no-cache`, answer by ETag.
  bool immutable;
};

/// Every embedded file, ordered by path. Empty when built with `AGENTPIPE_UI=none`.
///
/// "/index.html" is a template: each `{{base}}` in it stands for the server's base path, "" or "/prefix",
/// and has to be replaced (HTML-escaped) before the page is sent. All other files go out as they are.
std::span<const Asset> assets();

/// The asset with exactly this path, or nullptr.
const Asset* find(std::string_view path);

}  // namespace agentpipe::webui

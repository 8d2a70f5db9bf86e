#include <zlib.h>

#include <array>
#include <memory>

#include "agentpipe/http/static_files.hpp"
#include "body_coding.hpp"

namespace agentpipe::http {

namespace {

Bytef* bytes_of(const void* data) {
  return static_cast<Bytef*>(const_cast<void*>(data));
}

}  // namespace

std::optional<std::string> gunzip(std::span<const std::byte> bytes, std::size_t limit) {
  z_stream stream{};
  if (inflateInit2(&stream, k_gzip_window) != Z_OK) return std::nullopt;
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> guard(&stream, inflateEnd);
  stream.next_in = bytes_of(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string plain;
  std::array<char, 32UL << 10U> part{};
  for (;;) {
    stream.next_out = bytes_of(part.data());
    stream.avail_out = part.size();
    const int status = inflate(&stream, Z_NO_FLUSH);
    plain.append(part.data(), part.size() - stream.avail_out);
    if (plain.size() > limit) return std::nullopt;
    if (status == Z_STREAM_END) return plain;
    if (status != Z_OK) return std::nullopt;
  }
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, k_gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    return {};
  const std::unique_ptr<z_stream, decltype(&deflateEnd)> guard(&stream, deflateEnd);
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = bytes_of(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = bytes_of(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  return packed;
}

}  // namespace agentpipe::http

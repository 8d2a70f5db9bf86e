#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "agentpipe/base/result.hpp"
#include "agentpipe/http/request.hpp"

namespace agentpipe::http {

/// How a body is packed for its way (RFC 9110, 8.4.1; zstd: RFC 8878).
enum class Coding : unsigned char { identity, gzip, zstd };

/// zlib's window size, with 16 added for a gzip header.
inline constexpr int k_gzip_window = 15 + 16;

/// Nothing: a coding, or a chain of them, that is not known here.
std::optional<Coding> coding_of(const Request& request);

/// Up to here a small body may become large; above only by the ratio below. Honest text reaches it only in
/// long runs; whoever sends such a thing leaves it as it is.
inline constexpr std::size_t k_trusted_size = 1UL << 20U;
inline constexpr std::size_t k_most_ratio = 100;

/// The body as it was before. `too_large`: above `limit`, or a bomb; noticed before it is unpacked whole.
/// `invalid`: damaged, or more behind its end.
base::Result<std::string> unpack(Coding coding, std::string_view packed, std::size_t limit);

}  // namespace agentpipe::http

#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace agentpipe::base {

using Digest = std::array<unsigned char, 32>;

/// From the operating system's generator; throws std::runtime_error when that fails (it never does).
std::string random_bytes(std::size_t count);

Digest sha256(std::string_view bytes);
/// Lives as long as `digest`.
std::string_view bytes_of(const Digest& digest);
std::string to_hex(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);
std::string base64url(std::string_view bytes);  // RFC 4648 section 5, without padding

/// Takes the same time wherever the two differ. Both digests have one length, so none leaks.
bool equal_in_constant_time(const Digest& a, const Digest& b);

std::string uuid_v4();

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4), with the CPU's instruction where it has one.
unsigned int crc32c(std::string_view bytes);
/// The same, whatever the CPU can do.
unsigned int crc32c_in_software(std::string_view bytes);

}  // namespace agentpipe::base

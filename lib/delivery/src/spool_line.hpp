#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "agentpipe/delivery/spool.hpp"

/// The lines of SPOOL.md: "crc32c SP n SP json LF".
namespace agentpipe::delivery {

inline constexpr std::size_t k_max_spool_line = 16UL << 20U;

struct SpoolLine {
  RecordNumber number = 0;
  std::string_view json;  ///< within the line it was read from
  unsigned crc = 0;
};

/// With its LF.
std::string encode_line(RecordNumber number, std::string_view json);

/// Of a line without its LF; nothing when it is not intact.
std::optional<SpoolLine> decode_line(std::string_view line);

/// The record at the end of a line that is not intact, when the LF before it was hit. Neither JSON text nor
/// JSON structure can look like the beginning of a record.
std::optional<SpoolLine> find_swallowed(std::string_view line);

/// An acknowledgement slot: "crc32c SP n LF", of fixed length.
inline constexpr std::size_t k_ack_slot = 32;
std::string encode_ack(RecordNumber number);
std::optional<RecordNumber> decode_ack(std::string_view slot);

/// The first line of each segment.
struct SegmentHeader {
  std::string source;
  std::string destination;
  std::string created;  ///< RFC 3339
  std::string client;
  RecordNumber first = 1;
};
std::string encode_header(const SegmentHeader& header);
/// `unsupported` for another format or version.
base::Result<SegmentHeader> decode_header(std::string_view json);

}  // namespace agentpipe::delivery

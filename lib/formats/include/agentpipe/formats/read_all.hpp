#pragma once

#include <iosfwd>
#include <string_view>

#include "agentpipe/formats/reader.hpp"

namespace agentpipe::formats {

/// The problem of an input that no format claims.
inline constexpr std::string_view k_no_known_format = "no known format";

/// Reads one whole input: recognises the format (or takes `forced` when it is not null), splits lines, tells
/// `sink` what is in it. Memory: one line, or for formats that are one document the document, each up to its
/// cap. Everything that is wrong goes to the sink as a problem. Returns the format; null when none was
/// recognised, the input is empty, or nothing could be read.
const Format* read_all(std::istream& input, const Origin& origin, const Format* forced, Sink& sink);
/// The same for bytes in memory.
const Format* read_all(std::string_view bytes, const Origin& origin, const Format* forced, Sink& sink);

}  // namespace agentpipe::formats

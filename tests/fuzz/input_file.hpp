#pragma once

#include <filesystem>
#include <string_view>

namespace agentpipe::fuzz {

/// A file for a format that is read by its name; each call replaces it. An input that begins like such a file
/// is the file. Any other tells the rows of a database, one a line: the first letter of its table, then its
/// columns, with tabs between them.
std::filesystem::path write_input(std::string_view format, std::string_view bytes);

}  // namespace agentpipe::fuzz

#include "format_names.hpp"

#include <string_view>

#include "agentpipe/formats/read_all.hpp"

namespace agentpipe::cli {

namespace {

std::string formats_joined(std::string_view separator) {
  std::string names;
  for (const auto& format : formats::all_formats())
    names.append(names.empty() ? "" : separator).append(format.name);
  return names;
}

}  // namespace

std::string format_choices() {
  return "auto|" + formats_joined("|");
}

std::string unknown_format() {
  return std::string(formats::k_no_known_format) + "; name it with --format (" + formats_joined(", ") + ")";
}

}  // namespace agentpipe::cli

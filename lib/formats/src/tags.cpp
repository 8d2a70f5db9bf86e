#include "tags.hpp"

namespace agentpipe::formats {

std::string_view inside(std::string_view text, const std::string& tag) {
  const auto open = "<" + tag + ">";
  const auto begin = text.find(open);
  if (begin == std::string_view::npos) return {};
  const auto start = begin + open.size();
  const auto end = text.find("</" + tag + ">", start);
  return end == std::string_view::npos ? std::string_view() : text.substr(start, end - start);
}

}  // namespace agentpipe::formats

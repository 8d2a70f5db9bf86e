#include "agentpipe/follow/path_pattern.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include "agentpipe/base/text.hpp"

namespace agentpipe::follow {

namespace {

using Names = std::span<const std::string_view>;
using Parts = std::span<const std::string>;

/// Nothing when it does not lie there; empty for the folder itself.
std::optional<std::vector<std::string_view>> names_below(const std::string& path, const std::string& folder) {
  if (!path.starts_with(folder)) return std::nullopt;
  auto rest = std::string_view(path).substr(folder.size());
  if (rest.empty()) return std::vector<std::string_view>();
  if (!folder.ends_with('/')) {
    if (rest.front() != '/') return std::nullopt;
    rest.remove_prefix(1);
  }
  return base::split(rest, '/');
}

bool fits(Parts parts, Names names) {
  if (parts.empty()) return names.empty();
  if (parts.front() == "**") {
    for (std::size_t taken = 0; taken <= names.size(); ++taken) {
      if (fits(parts.subspan(1), names.subspan(taken))) return true;
    }
    return false;
  }
  return !names.empty() && base::matches_glob(parts.front(), names.front()) &&
         fits(parts.subspan(1), names.subspan(1));
}

/// Could `names` with something behind it fit?
bool may_go_on(Parts parts, Names names) {
  if (parts.empty()) return false;
  if (names.empty() || parts.front() == "**") return true;
  return base::matches_glob(parts.front(), names.front()) && may_go_on(parts.subspan(1), names.subspan(1));
}

}  // namespace

PathPattern::PathPattern(std::filesystem::path folder, std::string_view pattern)
    : folder_(std::move(folder)) {
  const auto parts = base::split(pattern, '/');
  const auto first = std::ranges::find_if(
      parts, [](std::string_view part) { return part.find_first_of("*?[") != std::string_view::npos; });
  for (auto part = parts.begin(); part != first; ++part) {
    if (!part->empty()) folder_ /= *part;
  }
  parts_.assign(first, parts.end());
}

PathPattern PathPattern::file(std::filesystem::path path) {
  return {std::move(path), std::string_view()};
}

bool PathPattern::matches(const std::filesystem::path& path) const {
  const auto names = names_below(path.native(), folder_.native());
  return names && fits(parts_, *names);
}

bool PathPattern::leads_below(const std::filesystem::path& folder) const {
  const auto names = names_below(folder.native(), folder_.native());
  return names && may_go_on(parts_, *names);
}

bool lies_below(const std::filesystem::path& path, const std::filesystem::path& folder) {
  return names_below(path.native(), folder.native()).has_value();
}

}  // namespace agentpipe::follow

#include "upload_when.hpp"

#include <string>

#include "agentpipe/cli/exit_code.hpp"

namespace agentpipe::cli {

base::Result<std::optional<base::Timestamp>> parse_when(std::string_view text, std::string_view flag,
                                                        DayEdge edge, base::Timestamp now) {
  constexpr std::size_t k_date = 10;
  if (text.empty()) return std::optional<base::Timestamp>();
  if (const auto ago = base::parse_duration(text)) return std::optional(now - *ago);
  if (text.size() == k_date) {
    const auto day =
        base::parse_local(std::string(text) + (edge == DayEdge::begin ? " 00:00:00" : " 23:59:59"));
    if (day) return std::optional(edge == DayEdge::begin ? *day : *day + std::chrono::seconds(1));
  }
  if (const auto at = base::parse_rfc3339(text)) return std::optional(*at);
  return usage_error(std::string(flag) + ": '" + std::string(text) +
                     "' is no time; write 30d, 12h, 2026-11-01 or 2026-11-01T08:00:00Z");
}

}  // namespace agentpipe::cli

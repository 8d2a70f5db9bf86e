#include "agentpipe/hub/cursor.hpp"

#include <algorithm>

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/limits.hpp"

namespace agentpipe::hub {

namespace {

constexpr std::size_t k_max_epoch = 64;

bool is_epoch_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
         c == '-';
}

}  // namespace

std::optional<Cursor> Cursor::parse(std::string_view text) {
  const auto dash = text.rfind('-');
  if (dash == std::string_view::npos || dash == 0 || dash > k_max_epoch) return std::nullopt;
  const auto epoch = text.substr(0, dash);
  const auto digits = text.substr(dash + 1);
  if (!std::ranges::all_of(epoch, is_epoch_character)) return std::nullopt;
  if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
  const auto number = base::parse_number(digits);
  if (!number || *number > static_cast<std::uint64_t>(model::k_max_integer)) return std::nullopt;
  return Cursor{std::string(epoch), static_cast<model::LogNumber>(*number)};
}

std::string format_cursor(std::string_view epoch, model::LogNumber number) {
  return std::string(epoch) + '-' + std::to_string(number);
}

}  // namespace agentpipe::hub

#include "agentpipe/service/query.hpp"

#include <algorithm>

#include "agentpipe/base/text.hpp"

namespace agentpipe::service {

std::optional<std::string_view> Query::text(std::string_view name) const {
  const auto found =
      std::find_if(parameters_.rbegin(), parameters_.rend(), [&](const auto& p) { return p.first == name; });
  if (found == parameters_.rend() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::vector<std::string> Query::list(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : parameters_)
    if (key == name)
      for (const auto part : base::split(value, ','))
        if (const auto word = base::trim(part); !word.empty()) values.emplace_back(word);
  return values;
}

base::Result<std::int64_t> Query::number(std::string_view name, std::int64_t least, std::int64_t most,
                                         std::int64_t otherwise) const {
  const auto given = text(name);
  if (!given) return otherwise;
  const auto number = base::parse_number(*given);
  if (!number || *number < static_cast<std::uint64_t>(least) || *number > static_cast<std::uint64_t>(most))
    return base::failure_at(std::string(name), base::ErrorCode::invalid,
                            std::string(name) + " must be a whole number from " + std::to_string(least) +
                                " to " + std::to_string(most),
                            "bad_parameter");
  return static_cast<std::int64_t>(*number);
}

bool Query::flag(std::string_view name) const {
  const auto given = text(name);
  return given && base::parse_switch(*given).value_or(false);
}

}  // namespace agentpipe::service

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentpipe/base/result.hpp"

namespace agentpipe::service {

/// The decoded parameters of a request, in order; a name may occur more than once.
class Query {
 public:
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  Query() = default;
  explicit Query(Parameters parameters) : parameters_(std::move(parameters)) {}

  /// The last value of that name; nothing when absent or empty.
  [[nodiscard]] std::optional<std::string_view> text(std::string_view name) const;
  /// All values of that name, those with commas taken apart.
  [[nodiscard]] std::vector<std::string> list(std::string_view name) const;
  /// A whole number between `least` and `most`; `otherwise` when absent; an error that names the parameter.
  [[nodiscard]] base::Result<std::int64_t> number(std::string_view name, std::int64_t least,
                                                  std::int64_t most, std::int64_t otherwise) const;
  [[nodiscard]] bool flag(std::string_view name) const;

 private:
  Parameters parameters_;
};

}  // namespace agentpipe::service

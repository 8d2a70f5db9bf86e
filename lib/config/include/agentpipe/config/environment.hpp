#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace agentpipe::config {

/// The variables a program was started with, as a value: main() takes the process's, a test makes its own.
class Environment {
 public:
  using Variables = std::map<std::string, std::string, std::less<>>;

  Environment() = default;
  explicit Environment(Variables variables) : variables_(std::move(variables)) {}
  /// From main()'s third argument, or `environ`.
  static Environment from_process(const char* const* entries);

  /// Nothing for a variable that is missing or empty: an empty variable means "not set" throughout.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
  /// The value of `name`, else `otherwise`.
  [[nodiscard]] std::string get_or(std::string_view name, std::string_view otherwise) const;

 private:
  Variables variables_;
};

}  // namespace agentpipe::config

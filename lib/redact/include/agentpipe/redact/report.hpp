#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace agentpipe::redact {

/// What was replaced: kinds and counts, never a value.
class Report {
 public:
  void add(std::string_view kind, std::uint64_t count = 1);
  void add(const Report& other);

  [[nodiscard]] bool empty() const { return counts_.empty(); }
  [[nodiscard]] std::uint64_t total() const;
  [[nodiscard]] const std::map<std::string, std::uint64_t, std::less<>>& counts() const { return counts_; }
  bool operator==(const Report&) const = default;

 private:
  std::map<std::string, std::uint64_t, std::less<>> counts_;
};

/// "2 openai-key, 1 bearer": the most frequent first. Empty for an empty report.
std::string by_kind(const Report& report);
/// "3 secrets replaced (2 openai-key, 1 bearer)"; empty for an empty report.
std::string sentence(const Report& report);

}  // namespace agentpipe::redact

#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "json_line.hpp"

namespace agentpipe::formats::otlp {

/// So that sums over many messages stay numbers.
inline constexpr std::int64_t k_max_count = 1'000'000'000'000;

using Names = std::initializer_list<std::string_view>;

/// Attributes of a span, its events and its resource: `[{"key":…,"value":{"stringValue":…}},…]`. Of several
/// names the first that is there counts. Lives as long as the nodes.
class Attributes {
 public:
  /// What is here already stays.
  void add(const Node& list);

  [[nodiscard]] bool has(Names names) const { return !find(names).is_null(); }
  [[nodiscard]] bool any_with(std::string_view prefix) const;
  /// Empty when it is no text.
  [[nodiscard]] std::string_view text(Names names) const;
  /// From 0 to k_max_count, 0 when it is no number; 64-bit numbers stand in quotes in this encoding, and some
  /// exporters send all numbers as texts.
  [[nodiscard]] std::int64_t count(Names names) const;
  [[nodiscard]] model::OptionalDouble money(std::string_view name) const;
  /// JSON in a text as it is, a structured value as plain JSON; empty when absent.
  [[nodiscard]] std::string json(Names names) const;

 private:
  [[nodiscard]] Node find(Names names) const;

  std::map<std::string_view, Node> values_;
};

/// A value of this encoding (`{"stringValue":…}`, `{"kvlistValue":…}`, …) as JSON: JSON in a text as it is,
/// anything structured as plain JSON; empty when absent.
std::string plain_json(const Node& value);

/// A number that may stand in quotes.
std::optional<std::uint64_t> number_of(const Node& node);

}  // namespace agentpipe::formats::otlp

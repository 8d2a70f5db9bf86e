#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/event.hpp"

namespace agentpipe::formats {

/// A value of parsed JSON; every missing or wrong thing on the way reads as nothing. Lives until the next
/// parse() of its JsonLine.
class Node {
 public:
  Node() = default;
  explicit Node(simdjson::dom::element element) : element_(element) {}

  /// The member of that name; nothing when this is no object.
  Node operator[](std::string_view key) const;
  /// The first of these members that is there.
  [[nodiscard]] Node either(std::string_view key, std::string_view other) const;

  [[nodiscard]] bool is_null() const { return !element_ || element_->is_null(); }
  [[nodiscard]] bool is_text() const { return element_ && element_->is_string(); }
  [[nodiscard]] bool is_object() const { return element_ && element_->is_object(); }
  [[nodiscard]] bool is_array() const { return element_ && element_->is_array(); }
  [[nodiscard]] bool is_true() const;

  /// Empty when it is no string.
  [[nodiscard]] std::string_view view() const;
  [[nodiscard]] std::string text() const { return std::string(view()); }
  /// At most k_max_label bytes; nothing when empty.
  [[nodiscard]] model::OptionalText label() const;
  /// A number of at least 0 that the protocol can carry; fractions are cut.
  [[nodiscard]] model::OptionalInt count() const;
  [[nodiscard]] std::int64_t count_or_0() const { return count().value_or(0); }
  /// USD above 0 and below the limit of the protocol.
  [[nodiscard]] model::OptionalDouble money() const;
  /// RFC 3339 text.
  [[nodiscard]] std::optional<base::Timestamp> time() const;
  /// Seconds since 1970, fractions too.
  [[nodiscard]] std::optional<base::Timestamp> epoch_seconds() const;
  /// Milliseconds since 1970.
  [[nodiscard]] std::optional<base::Timestamp> epoch_ms() const;
  /// The value as minified JSON; empty when absent.
  [[nodiscard]] std::string json() const;

  /// Calls `visit(Node)` for each element; nothing when this is no array.
  template <class Visit>
  void each(Visit visit) const {
    simdjson::dom::array array;
    if (!element_ || element_->get(array) != simdjson::SUCCESS) return;
    for (const simdjson::dom::element element : array) visit(Node(element));
  }
  /// Calls `visit(std::string_view key, Node)` for each member; nothing when this is no object.
  template <class Visit>
  void each_member(Visit visit) const {
    simdjson::dom::object object;
    if (!element_ || element_->get(object) != simdjson::SUCCESS) return;
    for (const auto member : object) visit(member.key, Node(member.value));
  }

 private:
  std::optional<simdjson::dom::element> element_;
};

/// Parses JSON, one line or document after the other, in memory that is used again. The whole text is
/// checked: what a reader passes on as JSON is JSON. One thread.
class JsonLine {
 public:
  JsonLine();
  /// Bytes that are no UTF-8, escaped NULs and lone surrogates become U+FFFD. Error `invalid`: no JSON, or
  /// nested deeper than the protocol carries.
  base::Result<Node> parse(std::string_view json);

 private:
  simdjson::error_code parse(std::string_view json, simdjson::dom::element& root);

  std::string buffer_;
  simdjson::dom::parser parser_;
};

}  // namespace agentpipe::formats

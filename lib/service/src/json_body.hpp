#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/result.hpp"

namespace agentpipe::service {

/// A small JSON object that a caller sent. What is missing or of another kind is nothing.
class JsonBody {
 public:
  /// `invalid` when it is no JSON object.
  static base::Result<JsonBody> parse(std::string_view json);

  [[nodiscard]] std::optional<std::string> text(std::string_view key) const;
  /// The texts of an array; nothing when there is none, or when something else is in it.
  [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view key) const;
  /// A number or a text, as text: for parameters that may also stand in a query.
  [[nodiscard]] std::optional<std::string> scalar(std::string_view key) const;
  /// The object under that key; an empty one when there is none.
  [[nodiscard]] JsonBody object(std::string_view key) const;

 private:
  struct Member {
    std::string key;
    std::string value;  // as JSON
  };
  std::vector<Member> members_;

  [[nodiscard]] const std::string* find(std::string_view key) const;
};

}  // namespace agentpipe::service

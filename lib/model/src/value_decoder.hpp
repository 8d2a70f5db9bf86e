#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "fields.hpp"

namespace agentpipe::model {

/// Reads single values under their rules and keeps the first fault with its path; after a fault it goes on,
/// so that callers need not check at each step.
class ValueDecoder {
 public:
  explicit ValueDecoder(std::string path) : path_(std::move(path)) {}

  void read(std::string_view key, Rule rule, simdjson::dom::element value, std::string& into);
  void read(std::string_view key, Rule rule, simdjson::dom::element value, OptionalText& into);
  void read(std::string_view key, Rule rule, simdjson::dom::element value, OptionalInt& into);
  void read(std::string_view key, Rule rule, simdjson::dom::element value, OptionalDouble& into);
  void read(std::string_view key, Rule rule, simdjson::dom::element value, Json& into);
  void read(std::string_view key, Rule rule, simdjson::dom::element value, Status& into);
  void read(std::string_view key, Rule rule, simdjson::dom::element value,
            std::optional<base::Timestamp>& into);
  void read(std::string_view key, Rule rule, simdjson::dom::element value, std::vector<Participant>& into);
  void read(std::string_view key, Rule rule, simdjson::dom::element value, std::optional<Summary>& into);

  void fail(std::string_view key, std::string reason, const std::string& sentence,
            base::ErrorCode code = base::ErrorCode::invalid);
  void fail(base::Error error);
  /// "data.participants[2].name"
  [[nodiscard]] std::string path_of(std::string_view key) const;
  [[nodiscard]] bool failed() const { return error_.has_value(); }
  [[nodiscard]] const std::optional<base::Error>& error() const { return error_; }

 private:
  std::optional<double> number(std::string_view key, simdjson::dom::element value, double most);

  std::string path_;
  std::optional<base::Error> error_;
};

}  // namespace agentpipe::model

#pragma once

#include <string>
#include <utility>

#include "agentpipe/base/text.hpp"

namespace agentpipe::base {

/// A key or token. It cannot be printed by accident: the text comes out only through reveal(), and masked()
/// is what people see.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  [[nodiscard]] bool empty() const { return value_.empty(); }
  /// The clear text; for a request header or the config file only.
  [[nodiscard]] const std::string& reveal() const { return value_; }
  /// "ap_live_…abcd"; see mask_key().
  [[nodiscard]] std::string masked() const { return mask_key(value_); }

  bool operator==(const Secret&) const = default;

 private:
  std::string value_;
};

/// A new key: "ap_live_" and 24 random bytes in base64url. At 192 bits a plain hash at rest is enough.
Secret generate_api_key();

}  // namespace agentpipe::base

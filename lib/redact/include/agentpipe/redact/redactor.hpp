#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/model/event.hpp"
#include "agentpipe/model/upload.hpp"
#include "agentpipe/redact/report.hpp"

namespace agentpipe::redact {

/// A rule of the user's own.
struct OwnPattern {
  std::string kind;     ///< [a-z0-9-], at most 32: what stands in the text instead, and in reports
  std::string pattern;  ///< RE2 syntax; the first group is replaced, without a group all that matches
};

inline constexpr std::size_t k_max_own_patterns = 50;
inline constexpr std::size_t k_max_own_pattern_bytes = 1000;

/// Is it one that works? The message completes the sentence "pattern …" or "kind …".
base::Result<void> check(const OwnPattern& own);

class TextRedactor;

/// Finds secrets in events and puts "[redacted:kind]" in their place: keys and tokens of known shapes,
/// private keys, credentials in headers, URLs, command lines and NAME=value text. Looks at every text of an
/// event, unknown fields included, and leaves ids of conversations and messages alone; JSON stays JSON, text
/// stays UTF-8, nothing grows above the model's limits. The time is linear in the size of the text, whatever
/// the text. Thread-safe once made.
class Redactor {
 public:
  /// `own` have passed check(); those that have not are left out.
  explicit Redactor(std::span<const OwnPattern> own = {});
  ~Redactor();
  Redactor(Redactor&&) noexcept;
  Redactor& operator=(Redactor&&) noexcept;

  /// Replaces what is secret and says what it was.
  Report redact(model::Event& event) const;
  Report redact(model::Upload& upload) const;
  /// One text that belongs to no event.
  Report redact(std::string& text) const;

 private:
  std::unique_ptr<const TextRedactor> texts_;
};

}  // namespace agentpipe::redact

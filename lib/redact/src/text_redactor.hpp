#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/redact/redactor.hpp"
#include "literal_index.hpp"
#include "rules.hpp"

namespace re2 {
class RE2;
}

namespace agentpipe::redact {

/// Applies all rules to one text. Thread-safe once made.
class TextRedactor {
 public:
  explicit TextRedactor(std::span<const OwnPattern> own);
  ~TextRedactor();

  /// False: nothing is to be replaced. True: `text` has been changed.
  bool apply(std::string& text, Reading reading, Report& report) const;
  /// Replaces a value that its name gives away; false when it is none or only a placeholder.
  bool apply_to_value_of(std::string_view name, std::string& value, Report& report) const;
  /// Cheap: false means that neither apply() nor apply_to_value_of() would find anything in a JSON text.
  [[nodiscard]] bool may_find(std::string_view text) const;

 private:
  struct Own;
  struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string_view kind;

    [[nodiscard]] std::string_view of(std::string_view text) const { return text.substr(begin, end - begin); }
  };

  /// The next secret.
  [[nodiscard]] std::optional<Span> find(std::string_view text, std::size_t from, Reading reading) const;
  /// What the rule's pattern takes at `at`, plausible or not.
  [[nodiscard]] std::optional<Span> match(std::size_t rule, std::string_view text, std::size_t at) const;
  /// The kind, when the value has a shape of its own.
  [[nodiscard]] std::optional<std::string_view> shape_of(std::string_view value) const;
  bool apply_built_in(std::string& text, Reading reading, Report& report) const;
  bool apply_own(std::string& text, const Own& own, Report& report) const;

  std::vector<Rule> rules_;
  std::vector<std::unique_ptr<re2::RE2>> patterns_;  ///< of rules_, in the same order
  LiteralIndex index_;
  std::vector<Own> own_;
};

/// "[redacted:kind]"
std::string replacement(std::string_view kind);

}  // namespace agentpipe::redact

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace agentpipe::base {

/// Small letters for capital ones, where both have one byte, or both two: Latin, Greek, Cyrillic, Armenian.
std::string fold_case(std::string_view text);

/// A text that is looked for literally, in any case.
class Literal {
 public:
  explicit Literal(std::string_view text) : folded_(fold_case(text)) {}

  [[nodiscard]] const std::string& folded() const { return folded_; }
  [[nodiscard]] bool in(std::string_view folded_text) const {
    return folded_text.find(folded_) != std::string_view::npos;
  }
  /// Where it stands in `folded_text`, at most `most` places, none overlapping.
  [[nodiscard]] std::vector<std::size_t> places(std::string_view folded_text, std::size_t most) const;

 private:
  std::string folded_;
};

}  // namespace agentpipe::base

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/secret.hpp"
#include "agentpipe/cli/world.hpp"

namespace agentpipe::cli {

/// The longest line that is taken as an answer or as a key from standard input.
inline constexpr std::size_t k_max_answer_bytes = 4096;

/// One line of `in` without its end, nothing at the end of the input; `invalid` when it is longer than
/// allowed.
base::Result<std::optional<std::string>> read_line(std::istream& in);

/// Asks on standard error and reads the answer from standard input. An empty answer keeps what is there.
class Questions {
 public:
  /// The sentence against an answer that cannot be used; empty when it can.
  using Check = std::function<std::string(const std::string& answer)>;

  explicit Questions(World& world) : world_(world) {}

  base::Result<bool> yes_or_no(std::string_view question, bool current);
  /// Asks again until `check` is content.
  base::Result<std::string> text(std::string_view question, const std::string& current, const Check& check);
  /// Does not echo what is typed. Shows the current key masked; an empty answer returns it.
  base::Result<base::Secret> key(std::string_view question, const base::Secret& current);

 private:
  base::Result<std::string> answer_to(const std::string& prompt);

  World& world_;
};

}  // namespace agentpipe::cli

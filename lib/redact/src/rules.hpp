#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace agentpipe::redact {

/// What kind of text is looked at. A recorded command line is no prose: what follows `--token` is a value.
enum class Reading : unsigned char { prose, command };

/// How a literal stands in the text.
enum class Spelling : unsigned char { exact, any_case, upper_case };

/// What may stand before a literal.
enum class Left : unsigned char {
  anything,
  no_word,      ///< the literal begins a token: no letter, digit, '_' or '-' before it
  flag_dashes,  ///< the literal is part of the name of a flag: "--my-" or "-"
};

/// One shape of a secret.
struct Rule {
  std::string kind;
  /// Cheap filter: the pattern is tried where one of these begins, and nowhere else. Three bytes at least;
  /// in lower case unless the spelling is exact.
  std::vector<std::string_view> literals;
  /// RE2, tried from the literal on. The first group that took part is the secret.
  std::string pattern;
  bool (*plausible)(std::string_view value) = nullptr;
  Spelling spelling = Spelling::exact;
  Left left = Left::no_word;
  Reading reading = Reading::prose;  ///< command: only there
  /// A rule with a shape of its own names its kind better than one that goes by the place.
  enum class By : unsigned char { shape, place } by = By::shape;
};

/// All rules; where two fit at one place, the first wins.
std::vector<Rule> built_in_rules();

// The parts of that table.
void add_token_rules(std::vector<Rule>& rules);       ///< known by their shape
void add_assignment_rules(std::vector<Rule>& rules);  ///< known by the name before them

/// Is this the name of something secret, as a key of JSON or a flag in a list of arguments? The judge for
/// its value, or null.
using Plausible = bool (*)(std::string_view value);
struct NameVerdict {
  std::string_view kind;
  Plausible plausible = nullptr;
};
NameVerdict judge_name(std::string_view name);
/// In lower case: every name that judge_name() takes for one of something secret ends like one of these.
std::vector<std::string_view> secret_names();

}  // namespace agentpipe::redact

#include "plausible.hpp"

#include <algorithm>
#include <array>

#include "agentpipe/base/text.hpp"

namespace agentpipe::redact {

namespace {

constexpr auto k_words = std::to_array<std::string_view>(
    {"true",   "false",  "null",  "none",   "nil",      "undefined", "yes",    "no",
     "string", "str",    "text",  "number", "required", "optional",  "hidden", "password",
     "passwd", "secret", "token", "key",    "example",  "changeme"});
constexpr auto k_fragments = std::to_array<std::string_view>(
    {"your_", "your-", "yourkey", "my_api_key", "my-api-key", "xxxx", "process.env", "os.environ", "getenv",
     "import.meta", "redacted:", "[redacted", "secrets.", "vars.", "config.", "settings.", "...", "****"});
constexpr std::string_view k_openers = "$<{%[*@";

struct Census {
  std::size_t digits = 0;
  std::size_t upper = 0;
  std::size_t lower = 0;
};

Census census(std::string_view value) {
  Census found;
  for (const char c : value) {
    found.digits += static_cast<std::size_t>(c >= '0' && c <= '9');
    found.upper += static_cast<std::size_t>(c >= 'A' && c <= 'Z');
    found.lower += static_cast<std::size_t>(c >= 'a' && c <= 'z');
  }
  return found;
}

/// "abc.def": what a program reads from somewhere, not a value.
bool is_dotted_name(std::string_view value) {
  const auto is_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
  };
  return value.find('.') != std::string_view::npos && std::ranges::all_of(value, is_name);
}

bool is_path(std::string_view value) {
  return value.starts_with('/') || value.starts_with("./") || value.starts_with("~/") ||
         value.starts_with("../");
}

bool mixed(std::string_view value, std::size_t at_least) {
  const auto found = census(value);
  return value.size() >= at_least && found.digits > 0 && found.upper + found.lower > 0 &&
         !is_placeholder(value);
}

}  // namespace

bool is_placeholder(std::string_view value) {
  if (value.empty() || k_openers.find(value.front()) != std::string_view::npos) return true;
  if (value.find_first_not_of(value.front()) == std::string_view::npos && value.size() > 1) return true;
  const auto lower = base::to_lower(value.substr(0, 64));
  if (std::ranges::find(k_words, lower) != k_words.end()) return true;
  return is_dotted_name(value) || std::ranges::any_of(k_fragments, [&](std::string_view fragment) {
           return lower.find(fragment) != std::string::npos;
         });
}

bool any_value(std::string_view /*value*/) {
  return true;
}

bool filled(std::string_view value) {
  return !is_placeholder(value) && value.find("()") == std::string_view::npos;
}

bool filled_setting(std::string_view value) {
  constexpr std::size_t k_small_number = 6;
  const bool number = value.find_first_not_of("0123456789.") == std::string_view::npos;
  return filled(value) && !is_path(value) && value.find('(') == std::string_view::npos &&
         !(number && value.size() < k_small_number);
}

bool mixed_6(std::string_view value) {
  return mixed(value, 6);
}
bool mixed_8(std::string_view value) {
  return mixed(value, 8);
}
bool mixed_16(std::string_view value) {
  return mixed(value, 16) && !is_path(value);
}

bool random_looking(std::string_view value) {
  constexpr std::size_t k_many = 4;
  const auto found = census(value);
  return found.digits >= k_many || (found.digits > 0 && found.upper > 0 && found.lower > 0);
}

bool encoded_looking(std::string_view value) {
  const auto found = census(value);
  return !is_placeholder(value) &&
         (found.digits > 0 || (found.upper > 0 && found.lower > 1 && found.upper != 1) ||
          value.ends_with('='));
}

}  // namespace agentpipe::redact

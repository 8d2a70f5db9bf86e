#include <algorithm>
#include <array>

#include "agentpipe/base/text.hpp"
#include "plausible.hpp"
#include "rules.hpp"

/// Secrets that are known by the name before them: NAME=value, --name value, "name": "value".
namespace agentpipe::redact {

namespace {

/// Names that mean one kind of secret.
struct Family {
  std::string_view kind;
  std::vector<std::string_view> literals;
  std::string_view pattern;
  enum class Worth : unsigned char { generated, chosen } worth;  ///< people choose passwords short and plain
};

std::vector<Family> families() {
  using Worth = Family::Worth;
  return {
      {"aws-secret",
       {"aws_secret", "secretaccesskey"},
       "(?:aws_secret_access_key|secretaccesskey)",
       Worth::generated},
      {"api-key",
       {"api_key", "api-key", "apikey", "access_key", "access-key", "accesskey", "account_key", "accountkey",
        "private_key", "private-key", "privatekey", "signing_key", "encryption_key"},
       "(?:api|access|account|private|signing|encryption)[_-]?key",
       Worth::generated},
      {"secret", {"secret"}, "secret(?:[_-]?(?:access[_-]?)?key)?", Worth::generated},
      {"token", {"token"}, "token", Worth::generated},
      {"password",
       {"passw", "passphrase", "_pwd", "-pwd"},
       "[_-]?(?:passw(?:or)?d|passphrase|pwd)",
       Worth::chosen},
  };
}

/// A value as a shell takes it: quoted, or up to white space.
constexpr std::string_view k_shell_value =
    "(?:\\\\?\"([^\"\\\\\\n]+)|\\\\?'([^'\\\\\\n]+)|([^\\s\"'`;&|,\\\\<>]+))";
constexpr std::string_view k_quoted_value = "\\\\?[\"'`]([^\\s\"'`\\\\]+)\\\\?[\"'`]";
constexpr std::string_view k_bare_value = "([A-Za-z0-9_./+~!@#%^*-]+={0,2})(?:[\\s\"'`;&|,\\\\<>)\\]}]|$)";

/// How a name and its value stand together.
struct Form {
  std::string_view between;
  std::string_view value;
  Spelling spelling;
  Left left;
  Reading reading;
  Plausible generated;
  Plausible chosen;
};

constexpr std::array k_forms = {
    // OPENAI_API_KEY=x, DB_PASSWORD_PROD='x y'
    Form{"(?:_(?:prod|dev|test|staging|live|local|[0-9]{1,2}))?=", k_shell_value, Spelling::upper_case,
         Left::anything, Reading::prose, filled_setting, filled},
    // --token=x
    Form{"=", k_shell_value, Spelling::any_case, Left::flag_dashes, Reading::prose, filled_setting, filled},
    // --token x
    Form{"\\s+", k_shell_value, Spelling::any_case, Left::flag_dashes, Reading::command, filled_setting,
         filled},
    Form{"[ \\t]+", k_shell_value, Spelling::any_case, Left::flag_dashes, Reading::prose, mixed_8, mixed_6},
    // "token": "x", token = 'x', token => "x"
    Form{"[\\\\\"']{0,3}\\s{0,8}(?:=>|:=|[:=])\\s{0,8}", k_quoted_value, Spelling::any_case, Left::anything,
         Reading::prose, mixed_8, mixed_6},
    // token=x (a query, an .ini), token: x (YAML, a header), token = x
    Form{"=", k_bare_value, Spelling::any_case, Left::anything, Reading::prose, mixed_8, mixed_6},
    Form{":\\s{1,4}", k_bare_value, Spelling::any_case, Left::anything, Reading::prose, mixed_16, mixed_6},
    Form{"\\s{1,8}=\\s{1,8}", k_bare_value, Spelling::any_case, Left::anything, Reading::prose, mixed_16,
         mixed_16},
};

Rule rule_of(const Family& family, const Form& form) {
  const bool chosen = family.worth == Family::Worth::chosen;
  return {std::string(family.kind),
          family.literals,
          "(?i:" + std::string(family.pattern) + std::string(form.between) + ")" + std::string(form.value),
          chosen ? form.chosen : form.generated,
          form.spelling,
          form.left,
          form.reading,
          Rule::By::place};
}

/// `pwd` as a whole names a folder.
constexpr std::array<std::string_view, 4> k_password_endings = {"password", "passwd", "passphrase", "pwd"};
constexpr std::array<std::string_view, 12> k_token_endings = {
    "api_key",     "api-key",   "apikey",     "access_key", "access-key", "accesskey",
    "private_key", "secretkey", "privatekey", "token",      "secret",     "secret_key"};

/// Names as a whole.
constexpr std::array<std::string_view, 2> k_header_names = {"authorization", "proxy-authorization"};

bool ends_as(std::string_view name, std::span<const std::string_view> endings) {
  for (const auto ending : endings) {
    if (name.ends_with(ending)) return true;
  }
  return false;
}

}  // namespace

void add_assignment_rules(std::vector<Rule>& rules) {
  for (const auto& family : families()) {
    for (const auto& form : k_forms) rules.push_back(rule_of(family, form));
  }
  // curl -u name:password
  rules.push_back({"password",
                   {" -u "},
                   " -u\\s+[\"']?[^\\s:\"']+:([^\\s\"'@]+)",
                   filled,
                   Spelling::exact,
                   Left::anything,
                   Reading::command,
                   Rule::By::place});
}

std::vector<std::string_view> secret_names() {
  std::vector<std::string_view> names(k_password_endings.begin(), k_password_endings.end());
  names.insert(names.end(), k_token_endings.begin(), k_token_endings.end());
  names.insert(names.end(), k_header_names.begin(), k_header_names.end());
  return names;
}

NameVerdict judge_name(std::string_view name) {
  constexpr std::size_t k_longest_name = 100;
  if (name.size() < 3 || name.size() > k_longest_name) return {};
  const auto lower = base::to_lower(name);
  if (lower == "pwd" || lower == "oldpwd") return {};
  if (std::ranges::find(k_header_names, lower) != k_header_names.end())
    return {"authorization", encoded_looking};
  if (ends_as(lower, k_password_endings)) return {"password", filled};
  const bool is_flag = name.starts_with('-');
  if (ends_as(lower, k_token_endings)) return {"secret", is_flag ? filled : mixed_8};
  return {};
}

}  // namespace agentpipe::redact

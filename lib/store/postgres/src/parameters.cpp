#include "parameters.hpp"

#include <algorithm>

namespace agentpipe::store::postgres {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes the digits at the front.
int number_at(std::string_view& rest) {
  int number = 0;
  for (; !rest.empty() && is_digit(rest.front()); rest.remove_prefix(1))
    number = number * 10 + (rest.front() - '0');
  return number;
}

}  // namespace

std::string with_dollars(std::string_view sql) {
  std::string made;
  int highest = 0;
  char quote = '\0';
  while (!sql.empty()) {
    const char c = sql.front();
    sql.remove_prefix(1);
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '?') {
      const int told = number_at(sql);
      const int number = told == 0 ? highest + 1 : told;
      highest = std::max(highest, number);
      made += '$' + std::to_string(number);
      continue;
    }
    made += c;
  }
  return made;
}

}  // namespace agentpipe::store::postgres

#include "aider_lines.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "agentpipe/base/text.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/limits.hpp"

namespace agentpipe::formats::aider {
namespace {

constexpr std::string_view k_tokens = "Tokens: ";
constexpr std::string_view k_version = "Aider v";
constexpr std::array<std::string_view, 3> k_models = {"Model: ", "Models: ", "Main model: "};
constexpr std::array<std::string_view, 8> k_known = {
    "Tokens: ",    "Aider v",      "Model: ",          "Models: ",
    "Main model:", "Weak model: ", "Applied edit to ", "Commit "};

/// The numbers of an account, by the word that follows them.
struct Numbers {
  double sent = 0, received = 0, read = 0, written = 0, cost = 0, session = 0;
};
struct Word {
  std::string_view text;
  double Numbers::*number;
};
constexpr Word k_words[] = {
    {"sent", &Numbers::sent},    {"received", &Numbers::received}, {"cached", &Numbers::read},
    {"hit", &Numbers::read},     {"write", &Numbers::written},     {"message", &Numbers::cost},
    {"request", &Numbers::cost}, {"session", &Numbers::session},
};

/// "604", "5,244", "1.2k", "12k", "$0.02"
std::optional<double> number_of(std::string_view word) {
  if (word.starts_with('$')) word.remove_prefix(1);
  const bool thousands = word.ends_with('k');
  if (thousands) word.remove_suffix(1);
  std::string digits(word);
  std::erase(digits, ',');
  double number = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed);
  if (error != std::errc() || end != digits.data() + digits.size() || !(number >= 0)) return std::nullopt;
  return thousands ? number * 1000 : number;
}

std::int64_t tokens(double number) {
  return std::llround(std::min(number, static_cast<double>(model::k_max_integer)));
}

model::OptionalDouble money(double number) {
  return number > 0 && number <= model::k_max_cost ? model::OptionalDouble(number) : std::nullopt;
}

bool begins_with_any(std::string_view text, auto&& fronts) {
  return std::any_of(fronts.begin(), fronts.end(), [&](auto front) { return text.starts_with(front); });
}

Numbers numbers_of(std::string_view text) {
  Numbers numbers;
  std::optional<double> last;
  for (auto word : base::split(text, ' ')) {
    while (word.ends_with(',') || word.ends_with('.')) word.remove_suffix(1);
    if (const auto number = number_of(word)) {
      last = number;
      continue;
    }
    const auto known =
        std::find_if(std::begin(k_words), std::end(k_words), [&](const Word& w) { return w.text == word; });
    if (known == std::end(k_words) || !last) continue;
    numbers.*known->number = *last;
    last.reset();
  }
  return numbers;
}

}  // namespace

std::string_view started_at(std::string_view line) {
  constexpr std::string_view k_start = "# aider chat started at ";
  if (!line.starts_with(k_start)) return {};
  const auto time = base::trim(line.substr(k_start.size()));
  return base::parse_local(time) ? time : std::string_view();
}

std::optional<std::string_view> prompt_line(std::string_view line) {
  constexpr std::string_view k_mark = "####";
  if (!line.starts_with(k_mark)) return std::nullopt;
  line.remove_prefix(k_mark.size());
  if (line.empty()) return line;
  if (line.front() != ' ') return std::nullopt;
  line.remove_prefix(1);
  return is_marked(line) ? line.substr(0, line.size() - 2) : line;
}

std::optional<std::string_view> status_line(std::string_view line) {
  if (!line.starts_with('>')) return std::nullopt;
  line.remove_prefix(1);
  if (!line.empty() && line.front() != ' ') return std::nullopt;
  return base::trim(line);
}

bool is_marked(std::string_view line) {
  return line.ends_with("  ");
}

std::optional<Account> account_of(std::string_view status) {
  if (!status.starts_with(k_tokens)) return std::nullopt;
  const auto numbers = numbers_of(status.substr(k_tokens.size()));
  ReportedUsage reported;
  reported.input = tokens(numbers.sent);
  reported.output = tokens(numbers.received);
  reported.cache_read = tokens(numbers.read);
  reported.cache_write = tokens(numbers.written);
  return Account{normalised(reported, InputRule::includes_cached), money(numbers.cost),
                 money(numbers.session)};
}

std::string_view model_of(std::string_view status) {
  const auto front =
      std::find_if(k_models.begin(), k_models.end(), [&](auto word) { return status.starts_with(word); });
  if (front == k_models.end()) return {};
  status.remove_prefix(front->size());
  return base::trim(status.substr(0, std::min(status.find(" with "), status.find(','))));
}

std::string_view version_of(std::string_view status) {
  if (!status.starts_with(k_version)) return {};
  return base::trim(status.substr(k_version.size()));
}

bool is_known_status(std::string_view status) {
  return begins_with_any(status, k_known);
}

}  // namespace agentpipe::formats::aider

#include "chatlog_lines.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "agentpipe/base/text.hpp"

namespace agentpipe::formats {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// "[HH:MM:SS] " in front of every entry.
constexpr std::size_t k_stamp = 11;
/// A pause over midnight longer than this is a quotation of an earlier log rather than a pause.
constexpr hours k_longest_night{12};
constexpr hours k_longest_night_of_strangers{1};

std::optional<int> two_digits(std::string_view text, int limit) {
  const auto number = base::parse_number(text);
  if (!number || *number >= static_cast<std::uint64_t>(limit)) return std::nullopt;
  return static_cast<int>(*number);
}

/// "HH:MM:SS"
std::optional<seconds> time_of_day(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto h = two_digits(text.substr(0, 2), 24);
  const auto m = two_digits(text.substr(3, 2), 60);
  const auto s = two_digits(text.substr(6, 2), 60);
  if (!h || !m || !s) return std::nullopt;
  return hours(*h) + minutes(*m) + seconds(*s);
}

std::optional<EntryLine> error_entry(EntryLine entry, std::string_view rest) {
  constexpr std::string_view k_error = "ERROR - ";
  rest.remove_prefix(k_error.size());
  const auto colon = rest.find(": ");
  entry.kind = EntryLine::Kind::error;
  if (colon != std::string_view::npos) entry.name = rest.substr(0, colon);
  entry.content = colon == std::string_view::npos ? rest : rest.substr(colon + 2);
  return entry;
}

/// Names may hold brackets and colons, so the first " (role): " with a role that exists ends the name.
std::optional<EntryLine> message_entry(EntryLine entry, std::string_view rest) {
  constexpr std::array<std::string_view, 4> k_roles = {"agent", "user", "system", "assistant"};
  for (auto open = rest.find(" ("); open != std::string_view::npos; open = rest.find(" (", open + 1)) {
    const auto close = rest.find("):", open);
    if (close == std::string_view::npos) return std::nullopt;
    const auto role = rest.substr(open + 2, close - open - 2);
    if (open == 0 || std::find(k_roles.begin(), k_roles.end(), role) == k_roles.end()) continue;
    entry.name = rest.substr(0, open);
    entry.role = role;
    entry.content = rest.substr(close + 2);
    if (entry.content.starts_with(' ')) entry.content.remove_prefix(1);
    return entry;
  }
  return std::nullopt;
}

}  // namespace

std::optional<EntryLine> parse_entry_line(std::string_view line) {
  if (line.size() < k_stamp || line[0] != '[' || line[9] != ']' || line[10] != ' ') return std::nullopt;
  EntryLine entry;
  const auto at = time_of_day(line.substr(1, 8));
  if (!at) return std::nullopt;
  entry.time_of_day = *at;
  const auto rest = line.substr(k_stamp);
  if (rest.starts_with("ERROR - ")) return error_entry(entry, rest);
  return message_entry(entry, rest);
}

bool LogClock::start(std::string_view started) {
  constexpr std::size_t k_date = 10;
  const auto at = base::parse_local(started);
  if (!at || started.size() < k_date + 9) return false;
  const auto time = time_of_day(started.substr(k_date + 1, 8));
  const auto year = base::parse_number(started.substr(0, 4));
  const auto month = base::parse_number(started.substr(5, 2));
  const auto day = base::parse_number(started.substr(8, 2));
  if (!time || !year || !month || !day) return false;
  day_ = std::chrono::year(static_cast<int>(*year)) / static_cast<int>(*month) / static_cast<int>(*day);
  time_ = *time;
  now_ = *at;
  return true;
}

bool LogClock::plausible(seconds time_of_day, Speaker speaker) const {
  const auto longest = speaker == Speaker::known ? k_longest_night : k_longest_night_of_strangers;
  return time_of_day >= time_ || time_of_day + hours(24) - time_ <= longest;
}

base::Timestamp LogClock::advance(seconds time_of_day) {
  if (time_of_day < time_) day_ += std::chrono::days(1);
  time_ = time_of_day;
  const std::chrono::year_month_day date(day_);
  const std::chrono::hh_mm_ss clock(time_of_day);
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  // A clock that is set back in autumn must not turn the order round.
  now_ = std::max(now_, base::parse_local(text.data()).value_or(now_));
  return now_;
}

}  // namespace agentpipe::formats

#include "agentpipe/base/time.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "agentpipe/base/text.hpp"

namespace agentpipe::base {

namespace {

using namespace std::chrono;

constexpr int k_first_year = 1970;
constexpr int k_last_year = 2200;

/// Reads fixed-width pieces off the front of a text; any mismatch makes it fail for good.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (text_.empty() || text_.front() < '0' || text_.front() > '9') {
        failed_ = true;
        return 0;
      }
      value = value * 10 + (text_.front() - '0');
      text_.remove_prefix(1);
    }
    return value;
  }
  bool take(std::string_view any_of) {
    if (text_.empty() || any_of.find(text_.front()) == std::string_view::npos) return false;
    taken_ = text_.front();
    text_.remove_prefix(1);
    return true;
  }
  void expect(std::string_view any_of) { failed_ = !take(any_of) || failed_; }
  /// Any number of digits as a fraction of a second, in milliseconds (cut, not rounded).
  int fraction() {
    int millis = 0;
    int scale = 100;
    bool any = false;
    while (!text_.empty() && text_.front() >= '0' && text_.front() <= '9') {
      millis += (text_.front() - '0') * scale;
      scale /= 10;
      any = true;
      text_.remove_prefix(1);
    }
    failed_ = failed_ || !any;
    return millis;
  }
  [[nodiscard]] bool ok_at_end() const { return !failed_ && text_.empty(); }
  [[nodiscard]] char taken() const { return taken_; }

 private:
  std::string_view text_;
  char taken_ = '\0';
  bool failed_ = false;
};

struct Civil {
  int year, month, day, hour, minute, second;

  [[nodiscard]] bool valid() const {
    const year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                              std::chrono::day{static_cast<unsigned>(day)}};
    return date.ok() && year >= k_first_year && year <= k_last_year && hour < 24 && minute < 60 &&
           second <= 60;
  }
  [[nodiscard]] Timestamp utc() const {
    const sys_days date{std::chrono::year{year} / month / day};
    return date + hours{hour} + minutes{minute} + seconds{std::min(second, 59)};
  }
};

/// "2026-01-05", one of `between`, "08:00" with one of `colon` for the colon.
Civil read_date_and_minute(Scanner& scan, std::string_view between, std::string_view colon) {
  Civil civil{};
  civil.year = scan.digits(4);
  scan.expect("-");
  civil.month = scan.digits(2);
  scan.expect("-");
  civil.day = scan.digits(2);
  scan.expect(between);
  civil.hour = scan.digits(2);
  scan.expect(colon);
  civil.minute = scan.digits(2);
  return civil;
}

constexpr std::array k_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array k_weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

template <class... Parts>
std::string print(const char* format, Parts... parts) {
  std::array<char, 64> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), format, parts...);
  return {buffer.data(), static_cast<std::size_t>(length)};
}

}  // namespace

std::optional<Timestamp> parse_rfc3339(std::string_view text) {
  Scanner scan(text);
  Civil civil = read_date_and_minute(scan, "Tt ", ":");
  int millis = 0;
  if (scan.take(":")) {
    civil.second = scan.digits(2);
    if (scan.take(".,")) millis = scan.fraction();
  }
  minutes offset{0};
  scan.expect("Zz+-");
  if (const char sign = scan.taken(); sign == '+' || sign == '-') {
    const int hour = scan.digits(2);
    scan.take(":");
    const int minute = scan.digits(2);
    if (hour > 23 || minute > 59) return std::nullopt;
    offset = (sign == '+' ? 1 : -1) * (hours{hour} + minutes{minute});
  }
  if (!scan.ok_at_end() || !civil.valid()) return std::nullopt;
  return civil.utc() + milliseconds{millis} - offset;
}

std::string format_rfc3339(Timestamp at) {
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  return print("%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
               static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
               static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
               static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
}

std::optional<std::string> format_rfc3339(const std::optional<Timestamp>& at) {
  return at ? std::optional(format_rfc3339(*at)) : std::nullopt;
}

std::optional<Timestamp> parse_local(std::string_view text) {
  Scanner scan(text);
  Civil civil = read_date_and_minute(scan, " T_", ":-");
  scan.expect(":-");
  civil.second = scan.digits(2);
  if (!scan.ok_at_end() || !civil.valid()) return std::nullopt;
  std::tm local{};
  local.tm_year = civil.year - 1900;
  local.tm_mon = civil.month - 1;
  local.tm_mday = civil.day;
  local.tm_hour = civil.hour;
  local.tm_min = civil.minute;
  local.tm_sec = civil.second;
  local.tm_isdst = -1;
  return Timestamp{seconds{std::mktime(&local)}};
}

std::optional<Timestamp> parse_http_date(std::string_view text) {
  // "Sun, 06 Nov 1994 08:49:37 GMT"
  constexpr std::size_t length = 29;
  if (text.size() != length || text.substr(3, 2) != ", " || !text.ends_with(" GMT")) return std::nullopt;
  const auto month = std::ranges::find(k_months, text.substr(8, 3));
  if (month == k_months.end() || std::ranges::find(k_weekdays, text.substr(0, 3)) == k_weekdays.end())
    return std::nullopt;
  Scanner scan(text.substr(5, 2));
  Civil civil{};
  civil.day = scan.digits(2);
  civil.month = static_cast<int>(month - k_months.begin()) + 1;
  Scanner rest(text.substr(11, 14));
  rest.expect(" ");
  civil.year = rest.digits(4);
  rest.expect(" ");
  civil.hour = rest.digits(2);
  rest.expect(":");
  civil.minute = rest.digits(2);
  rest.expect(":");
  civil.second = rest.digits(2);
  if (!scan.ok_at_end() || !rest.ok_at_end() || !civil.valid()) return std::nullopt;
  return civil.utc();
}

std::string format_http_date(Timestamp at) {
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  return print("%s, %02u %s %04d %02d:%02d:%02d GMT", k_weekdays[weekday{day}.c_encoding()],
               static_cast<unsigned>(date.day()), k_months[static_cast<unsigned>(date.month()) - 1],
               static_cast<int>(date.year()), static_cast<int>(time.hours().count()),
               static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
}

namespace {

struct Unit {
  std::string_view suffix;
  std::string_view name;
  Milliseconds length;
};

constexpr std::array k_units{
    Unit{"ms", " ms", milliseconds{1}}, Unit{"s", " s", seconds{1}}, Unit{"m", " min", minutes{1}},
    Unit{"h", " h", hours{1}},          Unit{"d", " d", hours{24}},
};

}  // namespace

std::string human_duration(Milliseconds length) {
  const auto* unit = &k_units.front();
  for (const auto& larger : k_units)
    if (length >= larger.length) unit = &larger;
  return std::to_string(length / unit->length).append(unit->name);
}

std::optional<Milliseconds> parse_duration(std::string_view text) {
  const auto digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
  const auto count = parse_number(text.substr(0, digits));
  constexpr std::uint64_t most = 1'000'000'000;
  if (!count || *count > most) return std::nullopt;
  for (const auto& unit : k_units)
    if (text.substr(digits) == unit.suffix) return unit.length * static_cast<std::int64_t>(*count);
  return std::nullopt;
}

std::string format_duration(Milliseconds length) {
  if (length == Milliseconds{0}) return "0s";
  const auto* unit = &k_units.front();
  for (const auto& larger : k_units)
    if (length % larger.length == Milliseconds{0}) unit = &larger;
  return std::to_string(length / unit->length).append(unit->suffix);
}

}  // namespace agentpipe::base

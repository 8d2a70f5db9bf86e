#include "values.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "agentpipe/base/text.hpp"
#include "agentpipe/base/url.hpp"
#include "agentpipe/config/keys.hpp"

namespace agentpipe::config {

namespace {

using base::ErrorCode;
using base::LogLevel;

constexpr std::size_t k_max_text_bytes = 1024;
constexpr base::Milliseconds k_shortest_timeout{100};
constexpr base::Milliseconds k_longest_timeout{600'000};
constexpr unsigned k_most_retries = 100;

constexpr auto k_levels = std::to_array<std::pair<std::string_view, LogLevel>>({{"debug", LogLevel::debug},
                                                                                {"info", LogLevel::info},
                                                                                {"warn", LogLevel::warn},
                                                                                {"error", LogLevel::error}});
constexpr auto k_formats = std::to_array<std::pair<std::string_view, LogFormat>>(
    {{"text", LogFormat::text}, {"json", LogFormat::json}});

template <class T, std::size_t N>
std::string word_of(const std::array<std::pair<std::string_view, T>, N>& words, T value) {
  for (const auto& [word, known] : words) {
    if (known == value) return std::string(word);
  }
  return {};
}

template <class T, std::size_t N>
base::Result<T> parse_word(const std::array<std::pair<std::string_view, T>, N>& words, std::string_view text,
                           std::string_view what) {
  for (const auto& [word, value] : words) {
    if (base::equals_ignore_case(word, base::trim(text))) return value;
  }
  return bad("must be " + std::string(what));
}

}  // namespace

tl::unexpected<base::Error> bad(std::string what) {
  return base::failure(ErrorCode::configuration, std::move(what));
}

base::Result<bool> parse_switch_value(std::string_view text) {
  if (const auto value = base::parse_switch(base::trim(text))) return *value;
  return bad("must be true or false");
}

base::Result<std::string> parse_text(std::string_view text) {
  text = base::trim(text);
  if (text.size() > k_max_text_bytes) return bad("must not be longer than 1024 bytes");
  const bool plain = std::ranges::none_of(text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
  if (!plain || !base::is_valid_utf8(text))
    return bad("must be one line of UTF-8 without control characters");
  return std::string(text);
}

base::Result<std::string> parse_folders(std::string_view text) {
  auto folders = parse_text(text);
  if (!folders || folders->empty()) return folders;
  for (const auto folder : base::split(*folders, ',')) {
    const auto name = base::trim(folder);
    if (!name.starts_with('/') && name != "~" && !name.starts_with("~/"))
      return bad("must be folders with commas between, each beginning with / or ~/");
  }
  return folders;
}

base::Result<std::string> parse_url_value(std::string_view text) {
  auto url = base::parse_base_url(text);
  if (!url) return base::forward(url);
  return std::move(url->text);
}

base::Result<std::string> parse_optional_url(std::string_view text) {
  if (base::trim(text).empty()) return std::string();
  return parse_url_value(text);
}

base::Result<base::Secret> parse_key_value(std::string_view text) {
  if (base::trim(text).empty()) return base::Secret();
  auto key = parse_key(std::string(text));
  if (!key) return bad("is malformed: " + key.error().message);
  return key;
}

base::Result<LogLevel> parse_log_level(std::string_view text) {
  if (base::equals_ignore_case(text, "warning")) return LogLevel::warn;
  return parse_word(k_levels, text, "debug, info, warn or error");
}

base::Result<LogFormat> parse_log_format(std::string_view text) {
  return parse_word(k_formats, text, "text or json");
}

base::Result<base::Milliseconds> parse_timeout(std::string_view text) {
  text = base::trim(text);
  const auto number = base::parse_number(text);
  const auto length = number && *number <= 600'000 ? base::Milliseconds(*number) : base::parse_duration(text);
  if (!length || *length < k_shortest_timeout || *length > k_longest_timeout) {
    return bad("must be milliseconds from 100 to 600000, or a time such as 10s");
  }
  return *length;
}

base::Result<unsigned> parse_retries(std::string_view text) {
  const auto number = base::parse_number(base::trim(text));
  if (!number || *number > k_most_retries) return bad("must be a number from 0 to 100");
  return static_cast<unsigned>(*number);
}

std::string show_value(bool value) {
  return value ? "true" : "false";
}
std::string show_value(const std::string& value) {
  return value;
}
std::string show_value(const base::Secret& value) {
  return value.empty() ? "" : value.masked();
}
std::string show_value(LogLevel value) {
  return word_of(k_levels, value);
}
std::string show_value(LogFormat value) {
  return word_of(k_formats, value);
}
std::string show_value(base::Milliseconds value) {
  return base::format_duration(value);
}
std::string show_value(unsigned value) {
  return std::to_string(value);
}

}  // namespace agentpipe::config

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agentpipe/base/log.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/base/secret.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/config/web_settings.hpp"

// From the text of a setting to its type and back to what people may see. The messages complete the sentence
// "timeout_ms …"; the loader puts the key and the place in front.

namespace agentpipe::config {

/// What is wrong with a value, as the end of a sentence that begins with its name: "must be true or false".
[[nodiscard]] tl::unexpected<base::Error> bad(std::string what);

base::Result<bool> parse_switch_value(std::string_view text);
base::Result<std::string> parse_text(std::string_view text);  ///< one line, at most 1024 bytes
/// Folders with commas between, each absolute or below "~"; may be empty.
base::Result<std::string> parse_folders(std::string_view text);
base::Result<std::string> parse_url_value(std::string_view text);
base::Result<std::string> parse_optional_url(std::string_view text);  ///< may be empty
base::Result<base::Secret> parse_key_value(std::string_view text);    ///< may be empty: no key
base::Result<base::LogLevel> parse_log_level(std::string_view text);
base::Result<LogFormat> parse_log_format(std::string_view text);
base::Result<base::Milliseconds> parse_timeout(
    std::string_view text);                                   ///< milliseconds, or "10s"; 100 ms to 10 min
base::Result<unsigned> parse_retries(std::string_view text);  ///< 0 to 100

std::string show_value(bool value);
std::string show_value(const std::string& value);
std::string show_value(const base::Secret& value);  ///< masked
std::string show_value(base::LogLevel value);
std::string show_value(LogFormat value);
std::string show_value(base::Milliseconds value);  ///< "30m"
std::string show_value(unsigned value);
std::string show_value(std::uint64_t value);  ///< bytes: "20GB"
std::string show_value(ReadAuth value);
std::string show_value(const ListenAddress& value);
std::string show_value(const DatabaseUrl& value);  ///< without its password

/// How a row writes its value, so that its parser reads it back: as show_value() does, "off" for 0, or as a
/// bare number.
struct AsItIs {
  template <class T>
  std::string operator()(const T& value) const {
    return show_value(value);
  }
};
struct OffAtZero {
  template <class T>
  std::string operator()(const T& value) const {
    return value == T{} ? "off" : show_value(value);
  }
};
struct InMilliseconds {
  std::string operator()(base::Milliseconds value) const { return std::to_string(value.count()); }
};

}  // namespace agentpipe::config

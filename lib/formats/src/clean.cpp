#include "clean.hpp"

#include "agentpipe/base/text.hpp"
#include "agentpipe/formats/reader.hpp"
#include "agentpipe/model/limits.hpp"

namespace agentpipe::formats {
namespace {

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._:-").find(c) != std::string_view::npos;
}

std::string without_nul(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  for (const char c : text) {
    if (c == '\0') {
      out += "\xEF\xBF\xBD";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string_view cleaned(std::string_view text, std::string& room) {
  const bool has_nul = text.find('\0') != std::string_view::npos;
  if (!has_nul && base::is_valid_utf8(text)) return text;
  room = base::repair_utf8(text);
  if (has_nul) room = without_nul(room);
  return room;
}

std::string cleaned(std::string_view text) {
  std::string room;
  return std::string(cleaned(text, room));
}

model::OptionalDouble duration_seconds(std::int64_t milliseconds) {
  constexpr std::int64_t k_longest = 1'000'000'000'000;  // 31 years
  constexpr double k_ms_per_second = 1000;
  if (milliseconds < 0 || milliseconds > k_longest) return std::nullopt;
  return static_cast<double>(milliseconds) / k_ms_per_second;
}

std::string excerpt_of(std::string_view text) {
  const std::string clean = cleaned(text.substr(0, model::k_max_excerpt));
  return std::string(base::truncate_utf8(clean, model::k_max_excerpt));
}

std::string safe_id(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_id_character(c)) {
      out += c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
    if (out.size() == model::k_max_id) break;
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

std::string label(std::string_view text) {
  return std::string(base::truncate_utf8(text, model::k_max_label));
}

}  // namespace agentpipe::formats

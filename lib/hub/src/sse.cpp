#include "agentpipe/hub/sse.hpp"

#include <algorithm>

#include "agentpipe/base/text.hpp"

namespace agentpipe::hub {

namespace {

constexpr std::string_view k_line_breakers("\r\n\0", 3);

base::Result<void> check_field(std::string_view name, std::string_view value) {
  using base::ErrorCode;
  if (value.find_first_of(k_line_breakers) != std::string_view::npos) {
    return base::failure_at(std::string(name), ErrorCode::invalid,
                            "a field of an event stream must not hold CR, LF or NUL", "line_break");
  }
  if (!base::is_valid_utf8(value)) {
    return base::failure_at(std::string(name), ErrorCode::invalid, "an event stream is UTF-8", "utf8");
  }
  return {};
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value) += '\n';
}

}  // namespace

base::Result<void> append_sse(std::string& out, const SseEvent& event) {
  if (auto fine = check_field("event", event.event); !fine) return fine;
  if (auto fine = check_field("id", event.id); !fine) return fine;
  if (auto fine = check_field("data", event.data); !fine) return fine;
  if (!event.event.empty()) append_field(out, "event", event.event);
  if (!event.id.empty()) append_field(out, "id", event.id);
  append_field(out, "data", event.data);
  out += '\n';
  return {};
}

std::string sse_comment(std::string_view text) {
  std::string comment = ":" + base::repair_utf8(text);
  std::ranges::replace_if(
      comment, [](char c) { return k_line_breakers.find(c) != std::string_view::npos; }, ' ');
  return comment + "\n\n";
}

std::string sse_retry(base::Milliseconds wait) {
  return "retry: " + std::to_string(wait.count()) + "\n\n";
}

}  // namespace agentpipe::hub

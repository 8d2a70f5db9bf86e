#include "message_parts.hpp"

#include <algorithm>

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/limits.hpp"

namespace agentpipe::formats {
namespace {

/// One text, as JSON: the output of a tool, a pasted file. Both leave room for the rest of the event.
constexpr std::size_t k_max_part = 1UL << 20U;
constexpr std::size_t k_max_parts = 4UL << 20U;
constexpr std::size_t k_max_readable = 2UL << 20U;
/// A tool's output stands whole in its part; in the content as much as a person reads in one go.
constexpr std::size_t k_shown_output = 16UL << 10U;
constexpr std::size_t k_shown_input = 240;

std::string cut(std::string_view text, std::size_t bytes) {
  const auto kept = base::truncate_utf8(text, bytes);
  std::string result(kept);
  if (kept.size() < text.size())
    result += "\n… (" + base::group_digits(text.size() - kept.size()) + " more bytes)";
  return result;
}

/// Bytes of the text as JSON: control characters take six.
std::size_t encoded_size(std::string_view text) {
  std::size_t bytes = text.size();
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20)
      bytes += 5;
    else if (c == '"' || c == '\\')
      ++bytes;
  }
  return bytes;
}

/// The longest front whose JSON stays below `bytes`, told exactly only when it could matter.
std::string bounded(std::string_view text, std::size_t bytes) {
  constexpr std::size_t k_worst = 6;
  if (text.size() <= bytes / k_worst || encoded_size(text) <= bytes) return std::string(text);
  const auto front = base::truncate_utf8(text, bytes);
  if (encoded_size(front) <= bytes) return cut(text, bytes);
  return cut(text, bytes / k_worst);
}

std::string one_line_code(std::string_view text) {
  std::string line = base::one_line(text, k_shown_input);
  std::replace(line.begin(), line.end(), '`', '\'');
  return "`" + line + "`";
}

}  // namespace

std::string fenced(std::string_view text) {
  std::size_t longest = 2, run = 0;
  for (const char c : text) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
  const std::string fence(longest + 1, '`');
  return fence + "\n" + std::string(text) + (text.ends_with('\n') ? "" : "\n") + fence;
}

std::string MessageParts::fitted(std::string_view text) const {
  constexpr std::size_t k_least = 1024;
  const auto room = std::max(k_max_parts, parts_.size()) - parts_.size();
  return bounded(text, std::clamp(room, k_least, k_max_part));
}

void MessageParts::add_content(std::string_view markdown) {
  if (markdown.empty() || content_cost_ >= k_max_readable) return;
  if (!content_.empty()) content_ += "\n\n";
  const auto piece = bounded(markdown, k_max_readable - content_cost_);
  content_cost_ += encoded_size(piece);
  content_ += piece;
}

bool MessageParts::begin_part(std::string_view type) {
  only_text_ = only_text_ && type == "text";
  if (parts_.size() >= k_max_parts) return false;
  if (!parts_.empty()) parts_ += ',';
  parts_ += "{\"type\":\"";
  parts_ += type;
  parts_ += '"';
  return true;
}

void MessageParts::field(std::string_view key, std::string_view text) {
  parts_ += ",\"";
  parts_ += key;
  parts_ += "\":";
  model::JsonWriter(parts_).value(text);
}

void MessageParts::end_part() {
  parts_ += '}';
}

void MessageParts::simple_part(std::string_view type, std::string_view text) {
  if (!begin_part(type)) return;
  field("text", fitted(text));
  end_part();
}

void MessageParts::text(std::string_view markdown) {
  if (markdown.empty()) return;
  simple_part("text", markdown);
  add_content(markdown);
}

void MessageParts::thinking(std::string_view text) {
  if (!text.empty()) simple_part("thinking", text);
}

void MessageParts::call_part(const ToolCall& call) {
  if (!begin_part("tool_call")) return;
  field("call_id", call.id);
  field("name", call.name);
  const bool whole_json = call.form == ToolCall::Input::json && call.input.size() <= k_max_part;
  if (whole_json && !call.input.empty()) {
    parts_ += ",\"input\":";
    parts_ += call.input;
  } else if (!call.input.empty()) {
    field("input", fitted(call.input));
  }
  end_part();
}

void MessageParts::tool_call(const ToolCall& call) {
  call_part(call);
  const auto line = std::min(call.shown.find('\n'), call.shown.size());
  const auto name = call.shown.empty() ? call.name : call.shown.substr(0, line);
  auto input = call.input == "{}" ? std::string_view() : call.input;
  if (!call.shown.empty()) input = call.shown.substr(std::min(line + 1, call.shown.size()));
  add_content("**" + std::string(name) + "**" + (input.empty() ? "" : " " + one_line_code(input)));
}

void MessageParts::result_part(const ToolResult& result) {
  if (!begin_part("tool_result")) return;
  field("call_id", result.call_id);
  if (!result.name.empty()) field("name", result.name);
  parts_ += result.outcome == ToolResult::Outcome::failed ? ",\"is_error\":true" : ",\"is_error\":false";
  field("output", fitted(result.output));
  end_part();
}

void MessageParts::tool_result(const ToolResult& result) {
  result_part(result);
  if (result.outcome == ToolResult::Outcome::failed) add_content("**Failed**");
  if (!result.output.empty()) add_content(fenced(cut(result.output, k_shown_output)));
}

void MessageParts::image(std::string_view media_type, std::size_t bytes) {
  if (begin_part("image")) {
    field("media_type", media_type);
    parts_ += ",\"bytes\":" + std::to_string(bytes);
    end_part();
  }
  add_content("*image, " + std::string(media_type) + ", " + base::human_bytes(bytes) + "*");
}

void MessageParts::notice(std::string_view kind, std::string_view text) {
  if (begin_part("notice")) {
    field("kind", kind);
    field("text", fitted(text));
    end_part();
  }
  add_content(text);
}

void MessageParts::append(MessageParts later) {
  if (later.empty()) return;
  only_text_ = only_text_ && later.only_text_;
  if (parts_.size() + later.parts_.size() <= k_max_parts) {
    if (!parts_.empty() && !later.parts_.empty()) parts_ += ',';
    parts_ += later.parts_;
  }
  add_content(later.content_);
}

void MessageParts::move_into(model::MessageCreated& message) {
  message.content = std::move(content_);
  if (!only_text_) message.parts.text = "[" + std::move(parts_) + "]";
}

}  // namespace agentpipe::formats

#include "openai_text.hpp"

#include <algorithm>
#include <array>

namespace agentpipe::formats::openai {
namespace {

constexpr std::string_view k_assistant = "assistant";
constexpr std::array<std::string_view, 6> k_roles = {"system",    "developer", "user",
                                                     "assistant", "tool",      "function"};

void add_image(const Node& image, MessageParts& parts) {
  const auto url = image.is_object() ? image["url"].view() : image.view();
  constexpr std::string_view k_data = "data:";
  if (!url.starts_with(k_data)) return parts.text("![image](" + std::string(url.substr(0, 2000)) + ")");
  const auto comma = std::min(url.find(','), url.size());
  const auto type = url.substr(k_data.size(), std::min(url.find(';'), comma) - k_data.size());
  parts.image(type, (url.size() - comma) / 4 * 3);
}

void add_part(const Node& part, MessageParts& parts) {
  if (part.is_text()) return parts.text(part.view());
  if (const auto text = part.either("text", "refusal"); text.is_text()) return parts.text(text.view());
  if (const auto image = part["image_url"]; !image.is_null()) return add_image(image, parts);
  parts.notice(part["type"].view(), part["type"].text() + ": not text");
}

void add_content(const Node& content, MessageParts& parts) {
  if (content.is_array()) return content.each([&](const Node& part) { add_part(part, parts); });
  if (content.is_text()) return parts.text(content.view());
  if (content.is_object()) add_part(content, parts);
}

std::string output_of(const Node& content) {
  if (content.is_text()) return content.text();
  MessageParts parts;
  add_content(content, parts);
  return parts.content();
}

std::optional<base::Timestamp> either_time(const Node& value) {
  const auto text = value.time();
  return text ? text : value.epoch_seconds();
}

}  // namespace

void add_call(const Node& call, MessageParts& parts, JsonLine& inner) {
  const auto function = call["function"].is_object() ? call["function"] : call;
  const auto id = call["id"].view();
  const auto name = function["name"].view();
  const auto arguments = function["arguments"];
  if (!arguments.is_text()) {
    const auto input = arguments.is_null() ? std::string("{}") : arguments.json();
    return parts.tool_call({id, name, input});
  }
  const auto parsed = inner.parse(arguments.view());  // models get it wrong at times
  if (parsed) return parts.tool_call({id, name, parsed->json()});
  parts.tool_call({id, name, arguments.view(), ToolCall::Input::text});
}

bool is_message(const Node& node) {
  const auto role = node["role"].view();
  return std::find(k_roles.begin(), k_roles.end(), role) != k_roles.end();
}

std::optional<base::Timestamp> time_of(const Node& object) {
  for (const auto* name : {"timestamp", "created_at", "created", "create_time", "date"}) {
    if (const auto at = either_time(object[name])) return at;
  }
  return std::nullopt;
}

ChatDraft::Said said(const Node& message, JsonLine& inner) {
  ChatDraft::Said said{time_of(message), {}};
  auto& out = said.message;
  const auto role = message["role"].view();
  out.id = message["id"].text();
  out.model = message["model"].text();
  out.role = role == "function" ? "tool" : role == "developer" ? "system" : std::string(role);
  out.agent_id = out.role == "tool" ? k_assistant : out.role;
  if (out.role == "tool") {
    const auto output = output_of(message["content"]);
    out.parts.tool_result({message["tool_call_id"].view(), message["name"].view(), output});
    return said;
  }
  out.parts.thinking(message.either("reasoning_content", "reasoning").view());
  add_content(message["content"], out.parts);
  message["tool_calls"].each([&](const Node& call) { add_call(call, out.parts, inner); });
  if (const auto call = message["function_call"]; call.is_object()) add_call(call, out.parts, inner);
  return said;
}

}  // namespace agentpipe::formats::openai

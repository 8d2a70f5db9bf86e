#include "otlp_messages.hpp"

#include <algorithm>
#include <array>

#include "json_line.hpp"
#include "openai_text.hpp"

namespace agentpipe::formats::otlp {
namespace {

constexpr std::string_view k_system = "system";

struct RoleRow {
  std::string_view told;
  std::string_view role;
};
constexpr std::array k_roles{
    RoleRow{"system", "system"},       RoleRow{"developer", "system"}, RoleRow{"user", "user"},
    RoleRow{"human", "user"},          RoleRow{"tool", "tool"},        RoleRow{"function", "tool"},
    RoleRow{"assistant", "assistant"}, RoleRow{"model", "assistant"},  RoleRow{"ai", "assistant"},
};

std::string role_of(std::string_view told, std::string_view otherwise) {
  const auto* const row = std::ranges::find(k_roles, told, &RoleRow::told);
  return std::string(row == k_roles.end() ? otherwise : row->role);
}

void add_text(const Node& part, MessageParts& parts) {
  parts.text(part["content"].view());
}

void add_thinking(const Node& part, MessageParts& parts) {
  parts.thinking(part["content"].view());
}

void add_call(const Node& part, MessageParts& parts) {
  const auto arguments = part["arguments"];
  const auto form = arguments.is_text() ? ToolCall::Input::text : ToolCall::Input::json;
  const auto input = arguments.is_text()   ? arguments.text()
                     : arguments.is_null() ? std::string("{}")
                                           : arguments.json();
  parts.tool_call({part["id"].view(), part["name"].view(), input, form});
}

void add_result(const Node& part, MessageParts& parts) {
  const auto result = part.either("response", "result");
  const auto output = result.is_text() ? result.text() : result.json();
  parts.tool_result({part["id"].view(), part["name"].view(), output});
}

void add_blob(const Node& part, MessageParts& parts) {
  const auto data = part.either("content", "data").view();
  parts.image(part["mime_type"].view(), data.size() / 4 * 3);  // base64
}

struct PartRow {
  std::string_view type;
  void (*add)(const Node& part, MessageParts& parts);
};
constexpr std::array k_parts{
    PartRow{"text", add_text},          PartRow{"reasoning", add_thinking},
    PartRow{"thinking", add_thinking},  PartRow{"tool_call", add_call},
    PartRow{"tool_result", add_result}, PartRow{"tool_call_response", add_result},
    PartRow{"blob", add_blob},
};

void add_part(const Node& part, MessageParts& parts) {
  if (part.is_text()) return parts.text(part.view());
  const auto type = part["type"].view();
  const auto* const row = std::ranges::find(k_parts, type, &PartRow::type);
  if (row != k_parts.end()) return row->add(part, parts);
  parts.notice(type, "*" + std::string(type.empty() ? "content" : type) + "*");
}

AgentMessage read_message(const Node& message, std::string_view role, JsonLine& inner) {
  AgentMessage out;
  if (const auto parts = message["parts"]; parts.is_array()) {
    parts.each([&](const Node& part) { add_part(part, out.parts); });
  } else {
    out.parts = openai::said(message, inner).message.parts;
  }
  out.role = role_of(message["role"].view(), role);
  return out;
}

AgentMessage as_text(std::string_view text, std::string_view role) {
  AgentMessage out;
  out.parts.text(text);
  out.role = std::string(role);
  return out;
}

void keep(std::vector<AgentMessage>& messages, AgentMessage message) {
  if (!message.parts.empty()) messages.push_back(std::move(message));
}

}  // namespace

std::vector<AgentMessage> read_messages(const std::string& json, std::string_view role) {
  std::vector<AgentMessage> messages;
  JsonLine outer;
  JsonLine inner;
  const auto root = outer.parse(json);
  if (!root || !(root->is_array() || root->is_object())) {
    keep(messages, as_text(json, role));
    return messages;
  }
  if (root->is_object()) keep(messages, read_message(*root, role, inner));
  root->each([&](const Node& message) { keep(messages, read_message(message, role, inner)); });
  return messages;
}

std::vector<AgentMessage> read_instructions(const std::string& json) {
  std::vector<AgentMessage> messages;
  JsonLine line;
  const auto root = line.parse(json);
  AgentMessage said = root && root->is_array() ? AgentMessage{} : as_text(json, k_system);
  if (root) root->each([&](const Node& part) { add_part(part, said.parts); });
  said.role = k_system;
  keep(messages, std::move(said));
  return messages;
}

}  // namespace agentpipe::formats::otlp

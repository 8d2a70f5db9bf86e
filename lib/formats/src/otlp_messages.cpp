#include "otlp_messages.hpp"

#include <algorithm>
#include <array>

#include "agentpipe/model/json_writer.hpp"
#include "openai_text.hpp"

namespace agentpipe::formats::otlp {
namespace {

constexpr std::string_view k_system = "system";
constexpr std::string_view k_tool = "tool";

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

void add_text(const Node& part, MessageParts& parts, JsonLine& /*inner*/) {
  parts.text(part["content"].view());
}

void add_thinking(const Node& part, MessageParts& parts, JsonLine& /*inner*/) {
  parts.thinking(part["content"].view());
}

void add_call(const Node& part, MessageParts& parts, JsonLine& inner) {
  openai::add_call(part, parts, inner);
}

void add_result(const Node& part, MessageParts& parts, JsonLine& /*inner*/) {
  const auto result = part.either("response", "result");
  const auto output = result.is_text() ? result.text() : result.json();
  parts.tool_result({part["id"].view(), part["name"].view(), output});
}

void add_blob(const Node& part, MessageParts& parts, JsonLine& /*inner*/) {
  const auto data = part.either("content", "data").view();
  parts.image(part["mime_type"].view(), data.size() / 4 * 3);  // base64
}

struct PartRow {
  std::string_view type;
  void (*add)(const Node& part, MessageParts& parts, JsonLine& inner);
};
constexpr std::array k_parts{
    PartRow{"text", add_text},          PartRow{"reasoning", add_thinking},
    PartRow{"thinking", add_thinking},  PartRow{"tool_call", add_call},
    PartRow{"tool_result", add_result}, PartRow{"tool_call_response", add_result},
    PartRow{"blob", add_blob},
};

void add_part(const Node& part, MessageParts& parts, JsonLine& inner) {
  if (part.is_text()) return parts.text(part.view());
  const auto type = part["type"].view();
  const auto* const row = std::ranges::find(k_parts, type, &PartRow::type);
  if (row != k_parts.end()) return row->add(part, parts, inner);
  parts.notice(type, "*" + std::string(type.empty() ? "content" : type) + "*");
}

AgentMessage read_message(const Node& message, std::string_view role, JsonLine& inner) {
  AgentMessage out;
  if (const auto parts = message["parts"]; parts.is_array()) {
    parts.each([&](const Node& part) { add_part(part, out.parts, inner); });
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

/// A list of parts stands in a text.
void write_content(std::string_view text, model::JsonWriter& writer, JsonLine& inner) {
  writer.key("content");
  const auto parts = text.starts_with('[') ? inner.parse(text) : base::Result<Node>(Node());
  if (parts && parts->is_array()) {
    writer.raw(parts->json());
  } else {
    writer.value(text);
  }
}

void write_indexed(const Attributes& attributes, const std::string& front, model::JsonWriter& writer,
                   JsonLine& inner) {
  writer.begin_object();
  for (const std::string key : {"role", "tool_call_id"}) {
    if (const auto text = attributes.text({front + key}); !text.empty()) writer.field(key, text);
  }
  write_content(attributes.text({front + "content"}), writer, inner);
  writer.key("tool_calls").begin_array();
  for (std::size_t i = 0;; ++i) {
    const auto call = front + "tool_calls." + std::to_string(i) + '.';
    if (!attributes.any_with(call)) break;
    writer.begin_object();
    for (const std::string key : {"id", "name", "arguments"})
      writer.field(key, attributes.text({call + key}));
    writer.end_object();
  }
  writer.end_array().end_object();
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

AgentMessage read_event(const Node& body, std::string_view role, JsonLine& inner) {
  if (role_of(body["role"].view(), role) != k_tool) return read_message(body, role, inner);
  AgentMessage out;
  out.role = k_tool;
  const auto content = body["content"];
  if (content.is_null()) return out;
  const auto output = content.is_text() ? content.text() : content.json();
  out.parts.tool_result({body.either("id", "tool_call_id").view(), body["name"].view(), output});
  return out;
}

std::string indexed_messages(const Attributes& attributes, std::string_view prefix) {
  std::string json;
  model::JsonWriter writer(json);
  JsonLine inner;
  writer.begin_array();
  for (std::size_t i = 0;; ++i) {
    const auto front = std::string(prefix) + std::to_string(i) + '.';
    if (!attributes.any_with(front)) break;
    write_indexed(attributes, front, writer, inner);
  }
  writer.end_array();
  return json;
}

std::vector<AgentMessage> read_instructions(const std::string& json) {
  std::vector<AgentMessage> messages;
  JsonLine line;
  JsonLine inner;
  const auto root = line.parse(json);
  AgentMessage said = root && root->is_array() ? AgentMessage{} : as_text(json, k_system);
  if (root) root->each([&](const Node& part) { add_part(part, said.parts, inner); });
  said.role = k_system;
  keep(messages, std::move(said));
  return messages;
}

}  // namespace agentpipe::formats::otlp

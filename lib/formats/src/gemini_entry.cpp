#include "gemini_entry.hpp"

#include <numeric>

#include "gemini_text.hpp"

namespace agentpipe::formats::gemini {
namespace {

/// The program's account of the machine, in front of the first prompt.
bool is_context(std::string_view text) {
  return text.starts_with("<session_context>");
}

bool is_summary(std::string_view text) {
  return text.find("<state_snapshot>") != std::string_view::npos &&
         text.find("</state_snapshot>") != std::string_view::npos;
}

Entry::Kind kind_of_user(const MessageParts& parts) {
  if (parts.empty() || is_context(parts.content())) return Entry::Kind::nothing;
  return is_summary(parts.content()) ? Entry::Kind::summary : Entry::Kind::prompt;
}

void add_tools(const Node& calls, Entry& entry) {
  calls.each([&](const Node& call) {
    entry.tools.push_back(call_of(call, entry.message.model));
    const auto at = call["timestamp"].time();
    if (at && (!entry.tool_at || *at < *entry.tool_at)) entry.tool_at = at;
  });
  calls.each([&](const Node& call) {
    entry.complete = entry.complete && is_over(call);
    if (auto result = result_of(call)) entry.tools.push_back(std::move(*result));
  });
}

}  // namespace

bool Entry::looked_final() const {
  return tools.empty() || (tool_at && at && *tool_at - *at > k_quiet);
}

std::size_t Entry::bytes() const {
  return std::accumulate(tools.begin(), tools.end(), message.parts.bytes(),
                         [](std::size_t sum, const AgentMessage& tool) { return sum + tool.parts.bytes(); });
}

Entry entry_of(const Node& record) {
  Entry entry;
  entry.id = record["id"].text();
  entry.at = record["timestamp"].time();
  auto& message = entry.message;
  const auto type = record["type"].view();
  const auto thoughts = record["thoughts"];
  if (type == "gemini") {
    entry.kind = Entry::Kind::answer;
    message.agent_id = k_source;
    message.role = "assistant";
    message.model = record["model"].text();
    message.usage = file_usage(record["tokens"]);
    entry.complete = message.usage.has_value();
    add_thoughts(thoughts, message.parts);
  }
  const auto shown = record["displayContent"];
  add_content(shown.is_null() ? record["content"] : shown,
              thoughts.is_array() ? Thoughts::told_beside : Thoughts::taken, message.parts);
  if (type == "user") {
    entry.kind = kind_of_user(message.parts);
    entry.complete = entry.kind != Entry::Kind::summary;
    message.agent_id = std::string(k_user);
    message.role = "user";
  } else if (type == "error") {
    entry.kind = Entry::Kind::error;
  }
  add_tools(record["toolCalls"], entry);
  return entry;
}

}  // namespace agentpipe::formats::gemini

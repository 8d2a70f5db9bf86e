#include "copilot_chat.hpp"

#include <utility>

#include "agentpipe/base/text.hpp"
#include "copilot_accounts.hpp"

namespace agentpipe::formats::copilot {

AgentSession& Chat::session(std::string_view id) {
  if (session_) return *session_;
  const auto& path = origin_.path;
  const auto called = origin_.name == "events.jsonl" ? path.parent_path().filename().string()
                                                     : origin_.name.substr(0, origin_.name.rfind('.'));
  session_.emplace(k_source, id.empty() ? std::string_view(called) : id, origin_);
  session_->join(k_user, k_user);
  session_->join(k_source, k_source, "GitHub Copilot CLI");
  return *session_;
}

void Chat::use_model(const Node& name) {
  if (!name.view().empty()) model_ = model_name(name.view());
}

void Chat::name_agent(const Entry& entry) {
  const auto call = entry.data["toolCallId"].text();
  const auto name = entry.data.either("agentDisplayName", "agentName").label();
  if (!name) return;
  if (!entry.agent.empty()) names_.insert_or_assign(std::string(entry.agent), *name);
  names_.insert_or_assign(call, *name);
}

AgentMessage Chat::answer(const Entry& entry) {
  AgentMessage message;
  message.agent_id = std::string(entry.agent.empty() ? k_source : entry.agent);
  message.role = "assistant";
  const auto model = entry.data["model"].view();
  message.model = model.empty() ? model_ : model_name(model);
  if (entry.agent.empty()) return message;
  const auto name = names_.find(message.agent_id);
  session().join(message.agent_id, k_source,
                 name == names_.end() ? model::OptionalText() : model::OptionalText(name->second));
  return message;
}

AgentMessage Chat::thoughtful_answer(const Entry& entry, Sink& sink) {
  const auto thought = entry.data["reasoningText"].view();
  if (thinking_ && thinking_->agent != entry.agent) release_thinking(sink);
  auto message = answer(entry);
  if (thought.empty() && thinking_) {
    message.parts.thinking(thinking_->text);
  } else {
    message.parts.thinking(thought);
    told_thinking_ = thought;
  }
  thinking_.reset();
  return message;
}

void Chat::add_call(const Node& call, const Node& name, AgentMessage& message) {
  const auto id = call["toolCallId"].view();
  if (!called_.emplace(id).second) return;
  const auto arguments = call["arguments"];
  const auto input = arguments.is_text() ? arguments.text() : arguments.json();
  message.parts.tool_call(
      {id, name.view(), input, arguments.is_text() ? ToolCall::Input::text : ToolCall::Input::json});
}

bool Chat::send(const Entry& entry, std::string id, AgentMessage message, Sink& sink) {
  message.id = std::move(id);
  const bool fresh = session().message(entry.at, std::move(message), sink);
  if (!fresh) sink.skipped(Skip::replayed, entry.number);
  return fresh;
}

void Chat::notice(const Entry& entry, std::string_view kind, std::string_view text, Sink& sink) {
  release_thinking(sink);
  auto message = answer(entry);
  message.role = "system";
  message.model.clear();
  message.parts.notice(kind, text);
  send(entry, entry.id, std::move(message), sink);
}

void Chat::think(const Entry& entry, Sink& sink) {
  release_thinking(sink);
  const auto text = entry.data["content"].view();
  if (text == told_thinking_) return sink.skipped(Skip::replayed, entry.number);
  thinking_ = Thinking{entry.id, std::string(entry.agent), entry.at, std::string(text)};
}

void Chat::release_thinking(Sink& sink) {
  if (!thinking_) return;
  const auto held = std::move(*std::exchange(thinking_, std::nullopt));
  AgentMessage message;
  message.id = held.id;
  message.agent_id = held.agent.empty() ? std::string(k_source) : held.agent;
  message.role = "assistant";
  message.model = model_;
  message.parts.thinking(held.text);
  session().message(held.at, std::move(message), sink);
}

}  // namespace agentpipe::formats::copilot

#include "draft.hpp"

#include <algorithm>
#include <array>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/text.hpp"
#include "agentpipe/model/limits.hpp"
#include "clean.hpp"

namespace agentpipe::formats {
namespace {

constexpr std::string_view k_joined = " has joined the conversation.";
constexpr std::string_view k_host = "HOST";
constexpr std::string_view k_system = "System";
constexpr std::string_view k_unknown = "unknown";

constexpr std::array<std::string_view, 17> k_agent_types = {
    "aider",  "amp",  "claude", "codex",  "continue", "copilot",    "crush", "cursor", "factory",
    "gemini", "groq", "kimi",   "ollama", "opencode", "openrouter", "qoder", "qwen"};

model::OptionalText given(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return std::string(text);
}

bool is_host(const GoMessage& message) {
  return message.agent_id == "host" || message.agent_name == k_host;
}

/// The speaker's type: said, or told by the id, or by a name like "claude-agent-1".
std::string type_of(const GoMessage& message) {
  if (!message.agent_type.empty()) return label(message.agent_type);
  if (auto type = type_from_id(message.agent_id); !type.empty()) return label(type);
  const auto first_word = base::to_lower(message.agent_name.substr(0, message.agent_name.find('-')));
  const bool known = std::find(k_agent_types.begin(), k_agent_types.end(), first_word) != k_agent_types.end();
  if (known) return first_word;
  return message.role == "user" ? "user" : std::string(k_unknown);
}

/// A cut message is better than a lost one; the problem says that it was cut.
void bound_content(std::string& content, std::uint64_t place, Sink& sink) {
  if (content.size() <= model::k_max_content) return;
  sink.problem(
      {place, "a message is longer than " + base::human_bytes(model::k_max_content) + " and was cut there"});
  content = base::truncate_utf8(content, model::k_max_content);
}

}  // namespace

std::string type_from_id(std::string_view id) {
  const auto dash = id.rfind('-');
  if (dash == std::string_view::npos || dash == 0) return {};
  if (!base::parse_number(id.substr(dash + 1))) return {};
  return std::string(id.substr(0, dash));
}

Draft::Draft(std::string_view source_format, base::Timestamp fallback_time) : fallback_time_(fallback_time) {
  started.source_format = std::string(source_format);
}

void Draft::add_agent(const GoAgent& agent) {
  model::Participant participant;
  participant.agent_type = label(agent.type.empty() ? type_from_id(agent.id) : agent.type);
  if (participant.agent_type.empty()) participant.agent_type = k_unknown;
  const auto index = std::to_string(started.participants.size());
  participant.agent_id = free_id(agent.id.empty() ? participant.agent_type + "-" + index : label(agent.id));
  participant.name = given(label(agent.name));
  participant.model = given(label(agent.model));
  participant.prompt = given(base::truncate_utf8(agent.prompt, model::k_max_text));
  participant.announcement = given(base::truncate_utf8(agent.announcement, model::k_max_text));
  places_.emplace(participant.agent_id, started.participants.size());
  if (!agent.name.empty()) places_.emplace("name:" + agent.name, started.participants.size());
  started.participants.push_back(std::move(participant));
}

void Draft::add(GoMessage message, std::uint64_t place, Sink& sink) {
  const auto before = times_.empty() ? fallback_time_ : times_.back();
  const auto at = message.at.value_or(before);
  times_.push_back(at);
  if (message.role.empty()) message.role = "agent";
  bound_content(message.content, place, sink);
  open_with(message);
  if (message.role == "system") return add_system_line(message, at);
  add_reply(std::move(message), at);
}

/// The identity of a conversation ends with its prompt, or with the first reply where there is none.
void Draft::open_with(const GoMessage& message) {
  if (opening_closed_) return;
  opening_.append(message.agent_name).append("\x1F").append(message.content).append("\x1E");
  opening_closed_ = is_host(message) || message.role != "system";
}

bool Draft::is_announcement(const GoMessage& message) const {
  if (is_host(message) || message.agent_name == k_system) return false;
  if (message.content.size() > k_joined.size() && message.content.ends_with(k_joined)) return true;
  return !has_host_line_ && replies_ == 0 &&
         !message.agent_type.empty();  // the agent's own words of greeting
}

void Draft::add_system_line(const GoMessage& message, base::Timestamp at) {
  if (is_announcement(message)) {
    auto& participant = participant_of(message);
    const bool usual = message.content == message.agent_name + std::string(k_joined);
    if (!usual && !participant.announcement) participant.announcement = message.content;
  } else if (is_host(message) && !has_host_line_) {
    has_host_line_ = true;
    started.initial_prompt = base::truncate_utf8(message.content, model::k_max_text);
  } else {
    add_note(message, at);
  }
}

void Draft::add_note(const GoMessage& message, base::Timestamp at) {
  model::LogEntry note;
  note.level = "message";
  note.role = message.role;
  note.agent_id = given(label(message.agent_id));
  note.agent_name = given(label(message.agent_name));
  note.agent_type = given(label(message.agent_type));
  note.content = message.content;
  events_.push_back({at, std::move(note)});
}

void Draft::add_error(base::Timestamp at, const std::string& agent_name, std::string_view text) {
  times_.push_back(at);
  model::ConversationError error;
  error.error_message = base::truncate_utf8(text, model::k_max_text);
  if (const auto place = places_.find("name:" + agent_name); place != places_.end()) {
    error.agent_id = started.participants[place->second].agent_id;
    error.agent_type = started.participants[place->second].agent_type;
  } else if (!agent_name.empty()) {
    error.error_message = agent_name + ": " + error.error_message;
  }
  events_.push_back({at, std::move(error)});
}

void Draft::add_reply(GoMessage message, base::Timestamp at) {
  auto& participant = participant_of(message);
  if (!participant.model) participant.model = given(label(message.model));
  model::MessageCreated reply;
  reply.agent_id = participant.agent_id;
  reply.agent_type = message.agent_type.empty() ? participant.agent_type : label(message.agent_type);
  reply.agent_name = given(label(message.agent_name));
  reply.role = label(message.role);
  reply.content = std::move(message.content);
  reply.sequence_number = ++replies_;
  reply.tokens_used = message.total_tokens;
  reply.input_tokens = message.input_tokens;
  reply.output_tokens = message.output_tokens;
  reply.cost = message.cost;
  if (reply.cost) reply.cost_kind = "estimated";  // the CLI multiplies its own estimates with a price table
  reply.model = given(label(message.model));
  reply.duration_ms = message.duration_ms;
  events_.push_back({at, std::move(reply)});
}

std::string Draft::key_of(const GoMessage& message) const {
  return message.agent_id.empty() ? "name:" + message.agent_name : label(message.agent_id);
}

model::Participant& Draft::participant_of(const GoMessage& message) {
  const auto key = key_of(message);
  if (const auto place = places_.find(key); place != places_.end())
    return started.participants[place->second];
  model::Participant participant;
  participant.agent_type = type_of(message);
  participant.name = given(label(message.agent_name));
  participant.agent_id =
      message.agent_id.empty() ? free_id(safe_id(base::to_lower(message.agent_name))) : key;
  const auto index = started.participants.size();
  places_.emplace(key, index);
  places_.emplace("name:" + message.agent_name, index);
  started.participants.push_back(std::move(participant));
  return started.participants.back();
}

std::string Draft::free_id(std::string wanted) const {
  if (wanted.empty()) wanted = "agent";
  const auto taken = [&](const std::string& id) {
    return std::any_of(started.participants.begin(), started.participants.end(),
                       [&](const auto& participant) { return participant.agent_id == id; });
  };
  std::string id = wanted;
  for (int number = 2; taken(id); ++number) id = wanted + "-" + std::to_string(number);
  return id;
}

void Draft::name_everything() {
  constexpr std::size_t k_digits = 32;
  const auto id = "agentpipe:" + base::sha256_hex(origin_ + "\x1D" + opening_).substr(0, k_digits);
  started.conversation_id = completed.conversation_id = id;
  for (auto& event : events_) {
    if (auto* reply = std::get_if<model::MessageCreated>(&event.body)) {
      reply->conversation_id = id;
      reply->message_id = id + ":" + std::to_string(*reply->sequence_number);
    } else if (auto* error = std::get_if<model::ConversationError>(&event.body)) {
      error->conversation_id = id;
    } else if (auto* note = std::get_if<model::LogEntry>(&event.body)) {
      note->conversation_id = id;
    }
  }
}

void Draft::emit(Sink& sink) {
  if (times_.empty() || (replies_ == 0 && !has_host_line_)) return;
  name_everything();
  const auto [first, last] = std::minmax_element(times_.begin(), times_.end());
  if (!completed.duration_seconds && *last > *first) {
    completed.duration_seconds = duration_seconds((*last - *first).count());
  }
  sink.event({*first, std::move(started)});
  for (auto& event : events_) sink.event(std::move(event));
  sink.event({*last, std::move(completed)});
}

}  // namespace agentpipe::formats

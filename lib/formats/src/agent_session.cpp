#include "agent_session.hpp"

#include <algorithm>
#include <functional>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/text.hpp"
#include "agentpipe/formats/prices.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/limits.hpp"
#include "clean.hpp"

namespace agentpipe::formats {
namespace {

constexpr std::size_t k_title = 120;
constexpr std::size_t k_max_kept_record = 64UL << 10U;

/// Ids of other messages, as those messages got them.
model::OptionalText safe(const model::OptionalText& id) {
  auto made = id ? safe_id(*id) : std::string();
  return made.empty() ? model::OptionalText() : std::move(made);
}

const model::Participant* find(const model::ConversationStarted& started, std::string_view agent_id) {
  const auto& all = started.participants;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& p) { return p.agent_id == agent_id; });
  return found == all.end() ? nullptr : &*found;
}

model::Json record_metadata(std::string_view type, std::string_view json) {
  model::Json metadata;
  model::JsonWriter writer(metadata.text);
  writer.begin_object().field("record_type", type);
  if (json.size() <= k_max_kept_record) writer.key("record").raw(json);
  writer.end_object();
  return metadata;
}

}  // namespace

std::string title_from(std::string_view prompt) {
  return base::one_line(prompt, k_title);
}

AgentSession::AgentSession(std::string_view source, std::string_view native_id, const Origin& origin)
    : origin_(origin), last_(origin.arrived) {
  // An input that does not name its session gets a name from when it came.
  const auto native = safe_id(native_id);
  const auto arrival = "at-" + std::to_string(origin.arrived.time_since_epoch().count());
  started.conversation_id = safe_id(std::string(source) + ":" + (native.empty() ? arrival : native));
  started.source_format = std::string(source);
  started.mode = "agent";
}

base::Timestamp AgentSession::time_of(std::optional<base::Timestamp> at) {
  if (!at && origin_.clock != nullptr) at = origin_.clock->now();
  return last_ = at.value_or(last_);
}

void AgentSession::join(std::string_view agent_id, std::string_view type, model::OptionalText name) {
  if (find(started, agent_id) != nullptr || started.participants.size() >= model::k_max_participants) return;
  model::Participant participant;
  participant.agent_id = label(agent_id);
  participant.agent_type = label(type);
  participant.name = std::move(name);
  started.participants.push_back(std::move(participant));
}

void AgentSession::begin(std::optional<base::Timestamp> at, Sink& sink) {
  const auto now = time_of(at);
  if (begun_) return;
  begun_ = true;
  if (!started.name && !started.initial_prompt.empty()) started.name = title_from(started.initial_prompt);
  started.parent_message_id = safe(started.parent_message_id);
  sink.event({now, started});
}

void AgentSession::asked(std::string_view prompt) {
  if (!begun_ && started.initial_prompt.empty())
    started.initial_prompt = base::truncate_utf8(prompt, model::k_max_text);
}

bool AgentSession::prompt(std::optional<base::Timestamp> at, std::string id, std::string_view text,
                          Sink& sink) {
  AgentMessage said;
  said.id = std::move(id);
  said.agent_id = k_user;
  said.role = "user";
  said.parts.text(text);
  if (said.parts.empty()) return false;
  asked(text);
  return message(at, std::move(said), sink);
}

std::string AgentSession::name_for(std::string_view what) {
  constexpr std::size_t k_digits = 24;
  auto identity = id() + part_ + '\n';
  identity += what;
  const auto times = ++said_[std::hash<std::string>{}(identity)];
  identity += '\n' + std::to_string(times);
  return base::sha256_hex(identity).substr(0, k_digits);
}

std::string AgentSession::derived_id(const AgentMessage& message, std::string_view content) {
  auto what = message.role + '\n' + message.agent_id + '\n';
  what += base::trim(content);
  return "m-" + name_for(what);
}

model::OptionalDouble AgentSession::estimate(const AgentMessage& message) const {
  if (message.estimate == AgentMessage::Estimate::given) return message.estimated_cost;
  const bool has_usage = message.usage && message.usage->total() > 0;
  return has_usage ? prices_of(origin_).cost(message.model, *message.usage) : std::nullopt;
}

void AgentSession::price(model::MessageCreated& out, const AgentMessage& message) const {
  if (message.usage) set_usage(out, *message.usage);
  const auto cost = message.reported_cost ? message.reported_cost : estimate(message);
  if (!cost || *cost > model::k_max_cost) return;  // of numbers that no model has used
  out.cost = cost;
  out.cost_kind = message.reported_cost ? "reported" : "estimated";
}

bool AgentSession::has_told(const std::string& message_id) const {
  return out_.contains(std::hash<std::string>{}(message_id));
}

bool AgentSession::message(std::optional<base::Timestamp> at, AgentMessage message, Sink& sink) {
  begin(at, sink);
  model::MessageCreated out;
  message.parts.move_into(out);
  out.conversation_id = id();
  out.message_id = safe_id(message.id);
  if (out.message_id.empty()) out.message_id = derived_id(message, out.content);
  if (!out_.insert(std::hash<std::string>{}(out.message_id)).second) return false;
  if (const auto* agent = find(started, message.agent_id)) {
    out.agent_type = agent->agent_type;
    out.agent_name = agent->name;
  } else {
    out.agent_type = message.agent_id;
  }
  price(out, message);
  out.agent_id = std::move(message.agent_id);
  out.role = std::move(message.role);
  if (!message.model.empty()) out.model = label(message.model);
  out.duration_ms = message.duration_ms;
  out.parent_message_id = safe(message.parent_message_id);
  out.metadata = std::move(message.metadata);
  sink.event({time_of(at), std::move(out)});
  return true;
}

void AgentSession::note(std::optional<base::Timestamp> at, std::string_view level, std::string_view text,
                        Sink& sink) {
  begin(at, sink);
  model::LogEntry note;
  note.conversation_id = id();
  note.level = std::string(level);
  note.role = "system";
  note.content = std::string(base::truncate_utf8(text, model::k_max_text));
  sink.event({time_of(at), std::move(note)});
}

void AgentSession::unknown(std::optional<base::Timestamp> at, std::string_view type, std::string_view json,
                           Sink& sink) {
  if (!keeps_unknown()) return;
  ++unknown_;
  model::LogEntry note;
  note.conversation_id = id();
  note.level = "debug";
  note.role = "system";
  note.content = "A record of type " + label(type);
  note.metadata = record_metadata(type, json);
  sink.event({time_of(at), std::move(note)});
}

void AgentSession::error(std::optional<base::Timestamp> at, std::string_view type, std::string_view text,
                         Sink& sink) {
  begin(at, sink);
  model::ConversationError error;
  error.conversation_id = id();
  error.error_message = std::string(base::truncate_utf8(text, model::k_max_text));
  if (!type.empty()) error.error_type = label(type);
  error.agent_type = started.source_format;
  sink.event({time_of(at), std::move(error)});
}

void AgentSession::title(std::optional<base::Timestamp> at, std::string_view name, int rank, Sink& sink) {
  const auto text = title_from(name);
  if (text.empty() || rank < title_rank_ || started.name == text) return;
  title_rank_ = rank;
  started.name = text;
  if (!begun_) return;
  model::ConversationUpdated updated;
  updated.conversation_id = id();
  updated.name = text;
  sink.event({time_of(at), std::move(updated)});
}

void AgentSession::branch(std::optional<base::Timestamp> at, std::string_view name, Sink& sink) {
  if (name.empty() || started.git_branch == name) return;
  started.git_branch = label(name);
  if (!begun_) return;
  model::ConversationUpdated updated;
  updated.conversation_id = id();
  updated.git_branch = started.git_branch;
  sink.event({time_of(at), std::move(updated)});
}

void AgentSession::complete(std::optional<base::Timestamp> at, model::ConversationCompleted completed,
                            Sink& sink) {
  if (!begun_) return;
  completed.conversation_id = id();
  sink.event({time_of(at), std::move(completed)});
}

}  // namespace agentpipe::formats

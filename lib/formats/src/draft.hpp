#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/formats/reader.hpp"
#include "agentpipe/model/event.hpp"
#include "go_json.hpp"

namespace agentpipe::formats {

/// A session of the Go CLI on its way from messages to events: system lines become participants, the prompt
/// or notes, replies get numbers and ids, the conversation an id made of its beginning, so that a file that
/// has grown since keeps it and a copy elsewhere shares it.
class Draft {
 public:
  Draft(std::string_view source_format, base::Timestamp fallback_time);

  model::ConversationStarted started;      ///< for the reader to fill in: mode, name, prompt, metadata, …
  model::ConversationCompleted completed;  ///< likewise: status, summary, totals

  /// What tells this conversation from others beside its opening lines: when it began, as the file says.
  void set_origin(std::string origin) { origin_ = std::move(origin); }
  void add_agent(const GoAgent& agent);
  /// The next message of the file; `place` names it in a problem.
  void add(GoMessage message, std::uint64_t place, Sink& sink);
  void add_error(base::Timestamp at, const std::string& agent_name, std::string_view text);

  /// Hands over the events; nothing when nobody has said anything, not even a prompt.
  void emit(Sink& sink);

 private:
  void add_system_line(const GoMessage& message, base::Timestamp at);
  void add_reply(GoMessage message, base::Timestamp at);
  void add_note(const GoMessage& message, base::Timestamp at);
  model::Participant& participant_of(const GoMessage& message);
  [[nodiscard]] bool is_announcement(const GoMessage& message) const;
  std::string key_of(const GoMessage& message) const;
  std::string free_id(std::string wanted) const;
  void open_with(const GoMessage& message);
  void name_everything();

  base::Timestamp fallback_time_;
  std::string origin_;
  std::string opening_;  ///< the lines that identify the conversation
  bool opening_closed_ = false;
  bool has_host_line_ = false;
  std::int64_t replies_ = 0;
  std::map<std::string, std::size_t> places_;  ///< agent id or "name:…" → index in started.participants
  std::vector<model::Event> events_;
  std::vector<base::Timestamp> times_;  ///< of all lines, participants' greetings included: first and last
};

/// "claude-0" → "claude"; empty when the id has no such form.
std::string type_from_id(std::string_view id);

}  // namespace agentpipe::formats

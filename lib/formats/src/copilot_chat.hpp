#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "agent_session.hpp"
#include "json_line.hpp"

namespace agentpipe::formats::copilot {

inline constexpr std::string_view k_source = "copilot";

/// One record, taken apart.
struct Entry {
  const Node& data;
  std::optional<base::Timestamp> at;
  std::string id;
  std::string_view agent;  ///< a subagent; empty: the main one
  std::uint64_t number;
};

/// The conversation that a log of Copilot tells: who speaks, and what waits for its answer. One thread.
class Chat {
 public:
  explicit Chat(const Origin& origin) : origin_(origin) {}

  /// Has anything named it?
  [[nodiscard]] bool known() const { return session_.has_value(); }
  /// Without an id the file's name stands in.
  AgentSession& session(std::string_view id = {});
  void use_model(const Node& name);
  /// A subagent goes by the call that started it; the record says its name.
  void name_agent(const Entry& entry);

  /// What whoever speaks in this record says: without text so far.
  AgentMessage answer(const Entry& entry);
  /// The same with the thoughts that belong to it.
  AgentMessage thoughtful_answer(const Entry& entry, Sink& sink);
  /// A call stands in the first record that tells it.
  void add_call(const Node& call, const Node& name, AgentMessage& message);
  /// False for what was sent before.
  bool send(const Entry& entry, std::string id, AgentMessage message, Sink& sink);
  void notice(const Entry& entry, std::string_view kind, std::string_view text, Sink& sink);

  /// Thoughts come in a record of their own and once more in their answer, before or after.
  void think(const Entry& entry, Sink& sink);
  /// No answer came.
  void release_thinking(Sink& sink);

 private:
  /// A thought that waits for its answer.
  struct Thinking {
    std::string id;
    std::string agent;
    std::optional<base::Timestamp> at;
    std::string text;
  };

  const Origin origin_;
  std::optional<AgentSession> session_;
  std::string model_;
  std::optional<Thinking> thinking_;
  std::string told_thinking_;                           ///< of the last answer
  std::unordered_map<std::string, std::string> names_;  ///< of subagents
  std::unordered_set<std::string> called_;
};

}  // namespace agentpipe::formats::copilot

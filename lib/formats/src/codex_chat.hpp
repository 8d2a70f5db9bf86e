#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "agent_session.hpp"
#include "turn_accounts.hpp"

namespace agentpipe::formats::codex {

/// A conversation of Codex, told turn by turn. What a turn used goes to its last text, so that one is held
/// until something follows it; with the same texts, rollout and standard output give the same messages. One
/// thread.
class Chat {
 public:
  Chat(std::string_view thread_id, const Origin& origin);

  AgentSession session;

  using Time = std::optional<base::Timestamp>;
  void prompt(Time at, std::string_view text, Sink& sink);
  void text(Time at, std::string_view text, Sink& sink);
  /// Joins the message that comes next.
  void thinking(std::string_view text);
  /// A call, a result, or both; the agent's own words are over with it.
  void tool(Time at, std::string id, std::string_view role, MessageParts parts, Sink& sink);
  /// Words of another agent of the same team.
  void colleague(Time at, std::string_view path, std::string_view role, std::string_view text, Sink& sink);
  /// A plan, a warning: something to show that nobody said.
  void notice(Time at, std::string_view kind, std::string_view text, Sink& sink);

  /// Model of what comes from here on.
  void use_model(std::string_view model);
  void report(const std::optional<Usage>& total, const std::optional<Usage>& last);
  void skip_to(const std::optional<Usage>& total) { accounts_.skip_to(total); }
  void end_turn(Time at, Sink& sink);
  /// The same for a turn that was given up.
  void abort_turn(Time at, Sink& sink);

 private:
  struct Text {
    Time at;
    AgentMessage message;
  };
  AgentMessage said(std::string_view role, MessageParts parts);
  void release(Sink& sink);
  void account(AgentMessage& message);

  Origin origin_;
  std::string model_;
  MessageParts thoughts_;
  std::optional<Text> held_;
  TurnAccounts accounts_;
  Time asked_at_;
};

/// Codex writes a text twice, as an event and as an item of the answer, in either order. Tells the second
/// from a text that was really said again.
class TextTwins {
 public:
  enum class Side : unsigned char { event, item };
  /// True: the other side has said this before.
  bool is_second(std::string_view text, Side side);

 private:
  struct First {
    std::size_t mark;
    Side side;
  };
  std::deque<First> waiting_;
};

}  // namespace agentpipe::formats::codex

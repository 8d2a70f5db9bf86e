#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent_session.hpp"
#include "gemini_entry.hpp"
#include "turn_accounts.hpp"

namespace agentpipe::formats::gemini {

/// Tells the entries of a log, in order, as messages. Standard output of a run tells neither ids nor what
/// each request used: so words are named by themselves, calls stand apart, and what a turn used goes to its
/// last words. One thread.
class Turns {
 public:
  explicit Turns(const Origin& origin) : origin_(origin) {}

  /// The first header counts.
  void begin(const Node& header);
  void title(std::string_view title, Sink& sink) { session().title({}, title, 1, sink); }
  void tell(Entry entry, Sink& sink);
  /// What the tools of an entry have done since it was told.
  void tell_tools(Entry entry, Sink& sink);
  void finish(Sink& sink);

 private:
  void tell_prompt(Entry entry, Sink& sink);
  void tell_answer(Entry entry, Sink& sink);
  void tell_summary(const Entry& entry, Sink& sink);
  void charge(AgentMessage& message);
  void charge_turn(Sink& sink);
  AgentSession& session();

  Origin origin_;
  std::optional<AgentSession> session_;
  TurnAccounts accounts_;                       ///< of requests that no message has carried yet
  std::optional<base::Timestamp> answered_at_;  ///< the last of them
  std::string model_;                           ///< its model
};

}  // namespace agentpipe::formats::gemini

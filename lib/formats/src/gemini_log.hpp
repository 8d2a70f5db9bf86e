#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "agent_session.hpp"
#include "json_line.hpp"
#include "turn_accounts.hpp"

namespace agentpipe::formats::gemini {

inline constexpr std::string_view k_source = "gemini";

/// Plays the log of a session back: headers, messages, messages that replace earlier ones of their id,
/// rewinds, checkpoints. A message is handed on when it cannot change any more. Standard output of a run
/// tells neither ids nor what each request used: so words are named by themselves, calls stand apart, and
/// what a turn used goes to its last words. One thread.
class Log {
 public:
  explicit Log(const Origin& origin) : origin_(origin) {}

  /// False: none of the four kinds of records.
  bool record(const Node& record, Sink& sink);
  /// Hands on what is complete and is not the last thing said.
  void flush_complete(Sink& sink);
  /// The log is over.
  void finish(Sink& sink);

 private:
  enum class Kind : unsigned char { said, note, error };
  struct Entry {
    std::string id;
    std::optional<base::Timestamp> at;
    Kind kind = Kind::said;
    AgentMessage message;
    std::vector<AgentMessage> tools;  ///< calls, then results
    bool complete = true;
    std::size_t bytes = 0;
  };

  static Entry entry_of(const Node& message);
  void header(const Node& header, Sink& sink);
  void put(Entry entry, Sink& sink);
  void rewind_to(std::string_view id);
  void change(const Node& changes, Sink& sink);
  void hand_on(Sink& sink);
  void tell(Entry entry, Sink& sink);
  void tell_words(std::optional<base::Timestamp> at, AgentMessage message, Sink& sink);
  void account(Entry& entry);
  /// The next thing said of what is held.
  [[nodiscard]] const Entry* next_said() const;
  AgentSession& session();

  Origin origin_;
  std::optional<AgentSession> session_;
  std::deque<Entry> entries_;                    ///< not yet handed on
  std::unordered_set<std::uint64_t> handed_on_;  ///< their ids
  std::size_t bytes_ = 0;
  TurnAccounts accounts_;
};

}  // namespace agentpipe::formats::gemini

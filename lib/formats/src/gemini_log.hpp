#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "agent_session.hpp"
#include "json_line.hpp"

namespace agentpipe::formats::gemini {

inline constexpr std::string_view k_source = "gemini";

/// Plays the log of a session back: headers, messages, messages that replace earlier ones of their id,
/// rewinds, checkpoints. A message is handed on when it cannot change any more. One thread.
class Log {
 public:
  explicit Log(const Origin& origin) : origin_(origin) {}

  /// False: none of the four kinds of records.
  bool record(const Node& record, Sink& sink);
  /// Hands on what is complete and has a successor.
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
    std::vector<AgentMessage> results;  ///< of its tools
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
  AgentSession& session();

  Origin origin_;
  std::optional<AgentSession> session_;
  std::deque<Entry> entries_;                    ///< not yet handed on
  std::unordered_set<std::uint64_t> handed_on_;  ///< their ids
  std::size_t bytes_ = 0;
};

}  // namespace agentpipe::formats::gemini

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent_session.hpp"

namespace agentpipe::formats {

/// One conversation of a plain list of messages. Where it has no id of its own it is named by its place and
/// its opening, the first answer included: so a list that has grown keeps its name, and a copy elsewhere
/// shares it. What is said before is held until then. One thread.
class ChatDraft {
 public:
  /// `own_id`: as the file says; empty: none.
  ChatDraft(std::string_view source, std::string_view own_id, std::uint64_t place, const Origin& origin);

  struct Said {
    std::optional<base::Timestamp> at;
    AgentMessage message;
  };
  /// Agents join as they speak; `name` and `model` of the conversation may be set until the first answer.
  void add(Said said, Sink& sink);
  void set_title(std::string_view title) { title_ = std::string(title); }
  void finish(std::optional<base::Timestamp> at, Sink& sink);

 private:
  void open(Sink& sink);
  void tell(Said said, Sink& sink);

  std::string source_;
  std::string own_id_;
  std::string title_;
  std::uint64_t place_;
  Origin origin_;
  std::string opening_;
  std::vector<Said> waiting_;
  std::optional<AgentSession> session_;
};

}  // namespace agentpipe::formats

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent_session.hpp"
#include "json_line.hpp"

namespace agentpipe::formats::opencode {

inline constexpr std::string_view k_source = "opencode";

struct Head {
  std::string id;
  std::string parent_id;  ///< of the session that asked this one; empty: a person did
  std::string title;
  std::string directory;
  std::optional<base::Timestamp> created;
};

/// One session of OpenCode, from its messages and their parts as they lie in its database and in its exports.
/// Parts arrive after their message is there: while somebody may write, what could still change is held back.
class Session {
 public:
  Session(const Head& head, const Origin& origin, Writer writer);

  /// Begins a message; its parts follow. Empty `id`: as `info` says.
  void message(std::string_view id, const Node& info, Sink& sink);
  void part(const Node& part, Sink& sink);
  /// A part as a run prints it, which names its message; what that used comes with the end of a step.
  void printed(std::optional<base::Timestamp> at, const Node& part, Sink& sink);
  void failed(std::optional<base::Timestamp> at, const Node& error, Sink& sink);
  /// A run that was cut off: the database will have more of that message.
  void drop_unfinished(Sink& sink);
  /// True when nothing was held back.
  bool finish(std::optional<base::Timestamp> last, Sink& sink);

 private:
  struct Draft {
    AgentMessage message;
    std::optional<base::Timestamp> at;
    bool complete = false;
    std::string error_type;
    std::string error;
    std::vector<std::pair<std::string, std::string>> unknown;  ///< type and JSON of parts
  };
  void answer(const Node& info, Draft& draft) const;
  void release(Sink& sink);
  void tell(Draft draft, Sink& sink);

  AgentSession session_;
  std::string title_;
  std::optional<base::Timestamp> created_;
  Writer writer_;
  std::vector<Draft> drafts_;  ///< in order; all but the last ones go out when an answer begins
};

}  // namespace agentpipe::formats::opencode

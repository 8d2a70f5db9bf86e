#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent_session.hpp"
#include "json_line.hpp"

namespace agentpipe::formats::gemini {

inline constexpr std::string_view k_source = "gemini";

/// A message of a session's log.
struct Entry {
  enum class Kind : unsigned char {
    prompt,
    answer,
    summary,  ///< what a compression left of the history; copies of what it kept come behind
    note,
    error,
    nothing,  ///< nobody said it: what a tool gave, which the call tells, and the program's own context
  };

  std::string id;
  std::optional<base::Timestamp> at;
  Kind kind = Kind::note;
  AgentMessage message;
  std::vector<AgentMessage> tools;         ///< calls, then results
  std::optional<base::Timestamp> tool_at;  ///< when the first of them was through
  bool complete = true;  ///< an answer's tokens and the results of its tools are there, a summary's list

  [[nodiscard]] bool is_said() const { return kind == Kind::prompt || kind == Kind::answer; }
  [[nodiscard]] bool has_words() const { return !message.parts.content().empty(); }
  /// Nobody could tell, while it was the last one, that tools would follow.
  [[nodiscard]] bool looked_final() const;
  [[nodiscard]] std::size_t bytes() const;
};

/// `record`: with a text as its id.
Entry entry_of(const Node& record);

}  // namespace agentpipe::formats::gemini

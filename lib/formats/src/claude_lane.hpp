#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent_session.hpp"
#include "claude_answers.hpp"
#include "json_line.hpp"

namespace agentpipe::formats::claude {

/// One conversation with what its lanes share.
struct Conversation {
  AgentSession session;
  Seen seen;
  struct Call {
    std::string name;
    std::string message_id;  ///< of the answer that made it
  };
  std::unordered_map<std::string, Call> open_calls;  ///< by id, until their result comes
};

/// One chain of records, in which prompts, answers and results follow each other: the main one, or that of a
/// subagent. The lines of an answer are put together until a line comes that cannot belong to it; results of
/// its tools wait behind it, because they may stand between its lines. One thread.
class Lane {
 public:
  /// `agent_id` answers, `prompter_id` asks. Keeps references to neither `conversation` nor the sink.
  /// Prompts of a subagent have no id on standard output, so `prompts` there are named by what they say.
  enum class Prompts : unsigned char { by_record, by_text };
  Lane(std::string agent_id, std::string prompter_id, Seen::Chain chain, Prompts prompts)
      : agent_id_(std::move(agent_id)),
        prompter_id_(std::move(prompter_id)),
        chain_(chain),
        prompts_(prompts) {}

  /// The `assistant` record. False: a copy of what is there already.
  bool answer(const Node& record, Conversation& conversation, Sink& sink);
  /// The tool_result blocks of a `user` record.
  void results(const Node& record, Conversation& conversation, Sink& sink);
  /// What a `user` record asks; nothing when it is empty.
  void prompt(const Node& record, MessageParts parts, Conversation& conversation, Sink& sink);
  /// A prompt that was typed while an answer came: it may stand between its lines.
  void queued_prompt(const Node& record, MessageParts parts, Conversation& conversation, Sink& sink);
  /// The turn is over after `duration_ms`.
  void turn_ended(model::OptionalInt duration_ms, Conversation& conversation, Sink& sink);

  /// Hands on what was held back.
  void close(Conversation& conversation, Sink& sink);
  /// The same if the API has said that the answer is complete.
  void close_if_complete(Conversation& conversation, Sink& sink);

 private:
  struct Held {
    std::optional<base::Timestamp> at;
    AgentMessage message;
  };
  struct Answer {
    std::string message_id;  ///< as the API names it
    std::string request_id;
    Seen::Opened opened;
    AgentMessage message;
    std::optional<base::Timestamp> first_at, last_at;
    bool complete = false;  ///< a line carried the reason why it stopped
  };

  bool belongs(const Node& record) const;
  AgentMessage asked(const Node& record, MessageParts parts) const;
  bool open(const Node& record, Conversation& conversation, Sink& sink);
  void add_line(const Node& record, Conversation& conversation);
  void hand_on_answer(Conversation& conversation, Sink& sink);
  void hold(std::optional<base::Timestamp> at, AgentMessage message, Conversation& conversation, Sink& sink);

  std::string agent_id_;
  std::string prompter_id_;
  Seen::Chain chain_;
  Prompts prompts_;
  std::optional<Answer> answer_;
  std::vector<Held> held_;
  std::size_t held_bytes_ = 0;
  std::optional<base::Timestamp> asked_at_;  ///< the last prompt or result before the answer
  std::uint32_t answers_in_turn_ = 0;
};

}  // namespace agentpipe::formats::claude

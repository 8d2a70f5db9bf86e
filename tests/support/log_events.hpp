#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agentpipe/model/logged.hpp"

namespace agentpipe::test {

/// A committed message "m-<number>" of a conversation, with that content.
inline model::Logged logged_message(model::LogNumber number, const std::string& conversation = "c",
                                    std::string content = "hello") {
  model::MessageCreated message;
  message.conversation_id = conversation;
  message.message_id = "m-" + std::to_string(number);
  message.agent_id = "claude-0";
  message.agent_type = "claude";
  message.role = "agent";
  message.content = std::move(content);
  message.sequence_number = number;
  return {number,
          {base::Timestamp(std::chrono::milliseconds(1'767'600'000'000 + number)), std::move(message)}};
}

inline std::shared_ptr<const model::Logged> shared_message(model::LogNumber number,
                                                           const std::string& conversation = "c",
                                                           std::string content = "hello") {
  return std::make_shared<const model::Logged>(logged_message(number, conversation, std::move(content)));
}

/// One message for each number from `first` to `last`.
inline std::vector<std::shared_ptr<const model::Logged>> shared_messages(model::LogNumber first,
                                                                         model::LogNumber last) {
  std::vector<std::shared_ptr<const model::Logged>> events;
  for (auto number = first; number <= last; ++number) events.push_back(shared_message(number));
  return events;
}

}  // namespace agentpipe::test

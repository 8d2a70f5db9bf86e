#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent_session.hpp"
#include "aider_lines.hpp"

namespace agentpipe::formats::aider {

inline constexpr std::string_view k_source = "aider";

/// One session of Aider, told by its prompts, answers, accounts and the program's own lines, in the order of
/// the file. The file knows when a session began, not when anything in it was said. One thread.
class Session {
 public:
  /// `native_id`: of the conversation; `at`: when it began, nothing when the file does not say.
  Session(std::string_view native_id, std::optional<base::Timestamp> at, const Origin& origin);

  /// Each takes one line; blocks of them are put together here.
  void prompt(std::string_view line, Sink& sink);
  void answer(std::string_view line, Sink& sink);
  void status(std::string_view line, Sink& sink);
  /// Lines of that kind go on; after this the next one begins a new block.
  void end_block();

  enum class Block : unsigned char { none, prompt, answer, status };
  [[nodiscard]] Block block() const { return block_; }

  /// Hands on what cannot change any more: an answer whose account is there.
  void flush_complete(Sink& sink);
  /// The session is over. False: nothing was said in it, nothing came out.
  bool finish(Sink& sink);

 private:
  void enter(Block block, Sink& sink);
  void flush_prompt(Sink& sink);
  void flush_answer(Sink& sink);
  void flush_status(Sink& sink);
  void learn(std::string_view status);

  AgentSession session_;
  std::optional<base::Timestamp> at_;
  Block block_ = Block::none;
  bool broken_off_ = false;
  std::string prompt_;
  std::string answer_;
  std::string status_;
  std::optional<Account> account_;
  std::string model_;
  model::OptionalDouble session_cost_;
};

}  // namespace agentpipe::formats::aider

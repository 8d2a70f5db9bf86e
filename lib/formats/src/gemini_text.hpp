#pragma once

#include <string>
#include <vector>

#include "agent_session.hpp"
#include "agentpipe/formats/prices.hpp"
#include "json_line.hpp"

/// What single values of Gemini CLI's records mean.
namespace agentpipe::formats::gemini {

/// Stands for the words of a turn that ended without any.
inline constexpr std::string_view k_no_answer = "Tokens used without an answer";

/// Text and images of content that is a string or a list of parts; what a part says of a call or a result
/// stands elsewhere. Thoughts may stand among them and beside them: in both places they are the same.
enum class Thoughts : unsigned char { taken, told_beside };
void add_content(const Node& content, Thoughts thoughts, MessageParts& parts);
void add_thoughts(const Node& thoughts, MessageParts& parts);
/// What a tool is asked, as a message.
AgentMessage call_of(const Node& call, const std::string& model);
/// What the tool gave back, as a message; nothing while it has not.
std::optional<AgentMessage> result_of(const Node& call);
/// Has the tool come to an end?
bool is_over(const Node& call);

/// `tokens` of a message in a file.
std::optional<Usage> file_usage(const Node& tokens);
/// `stats` at the end of a run, over all of its requests: a total, by model, or both.
struct RunAccount {
  Usage usage;
  std::string model;           ///< that used most; empty: not told
  model::OptionalDouble cost;  ///< absent: of at least one model it is not known
};
std::optional<RunAccount> run_account(const Node& stats, const PriceTable& prices);
/// That account goes to this message.
void carry(RunAccount account, AgentMessage& message);

}  // namespace agentpipe::formats::gemini

#pragma once

#include "chat_draft.hpp"
#include "json_line.hpp"

/// What single messages of the OpenAI chat interfaces mean.
namespace agentpipe::formats::openai {

/// Is this object a message of a chat?
bool is_message(const Node& node);
/// `arguments` of calls are strings that hold JSON; `inner` reads them.
ChatDraft::Said said(const Node& message, JsonLine& inner);
/// `{"id","name","arguments"}`, the latter two perhaps in a "function".
void add_call(const Node& call, MessageParts& parts, JsonLine& inner);
/// RFC 3339, or seconds since 1970, under one of the names that are in use.
std::optional<base::Timestamp> time_of(const Node& object);

}  // namespace agentpipe::formats::openai

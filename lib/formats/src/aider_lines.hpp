#pragma once

#include <optional>
#include <string_view>

#include "agentpipe/formats/usage.hpp"
#include "agentpipe/model/event.hpp"

/// The single lines of a chat history of Aider (aider/io.py, aider/coders/base_coder.py).
namespace agentpipe::formats::aider {

/// "# aider chat started at 2024-08-05 19:33:02" → the time as it stands there, local; empty: another line.
std::string_view started_at(std::string_view line);

/// A line of a person's words: what follows "#### ". Nothing: another line.
std::optional<std::string_view> prompt_line(std::string_view line);
/// A line of the program: what follows "> ". Nothing: another line.
std::optional<std::string_view> status_line(std::string_view line);
/// Aider ends its own lines, and a person's, with two blanks; a model's Markdown hardly ever does.
bool is_marked(std::string_view line);

/// What an answer used: "Tokens: 12k sent, 604 received. Cost: $0.02 message, $0.10 session." Numbers are
/// rounded, in a dozen spellings; what is sent contains what came from a cache.
struct Account {
  Usage usage;
  model::OptionalDouble cost;          ///< USD; absent: Aider knew no price
  model::OptionalDouble session_cost;  ///< USD since the session began
};
std::optional<Account> account_of(std::string_view status);

/// The model that answers from here on; empty: the line names none.
std::string_view model_of(std::string_view status);
/// "0.50.1" of "Aider v0.50.1"; empty: another line.
std::string_view version_of(std::string_view status);
/// Does a line of the program begin like this, so that no blanks at its end are needed to tell it?
bool is_known_status(std::string_view status);

}  // namespace agentpipe::formats::aider

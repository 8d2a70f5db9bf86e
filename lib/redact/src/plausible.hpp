#pragma once

#include <string_view>

/// Judges of what stands where a secret would stand: code, prose and templates look much the same, and a
/// transcript in which harmless words are crossed out is worth less.
namespace agentpipe::redact {

/// A stand-in that anybody may see: "$TOKEN", "<key>", "****", "your-api-key", "process.env.KEY", "none".
bool is_placeholder(std::string_view value);

bool any_value(std::string_view value);
/// Not a placeholder: enough where the place itself says that this is a secret.
bool filled(std::string_view value);
/// Also neither a path, nor a small number, nor a call.
bool filled_setting(std::string_view value);
/// A letter and a digit, and so long that it is no name of a variable.
bool mixed_6(std::string_view value);
bool mixed_8(std::string_view value);
bool mixed_16(std::string_view value);
/// Upper, lower and a digit, or four digits: no kebab-case-name-of-something.
bool random_looking(std::string_view value);
/// More than one plain word: a digit, both cases, or base64's padding.
bool encoded_looking(std::string_view value);

}  // namespace agentpipe::redact

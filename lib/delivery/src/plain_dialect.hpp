#pragma once

#include <optional>
#include <string>

#include "agentpipe/delivery/capabilities.hpp"
#include "agentpipe/delivery/transport.hpp"

/// What the existing server takes and tells (wire contract, compatibility profile): its schema refuses an
/// event as a whole for one field that is missing or too long, and it does not know a repeated event again.
namespace agentpipe::delivery {

/// In UTF-16 units, as it counts.
inline constexpr std::size_t k_plain_content = 100'000;
inline constexpr std::size_t k_plain_summary = 10'000;
inline constexpr std::size_t k_plain_short_summary = 1'000;

std::optional<Translated> to_plain(std::string event);

/// Whether a started or a message reached it after all.
enum class Stored : unsigned char {
  yes,
  no,               ///< the conversation is there, the event is not
  no_conversation,  ///< it has never heard of the conversation
  unknown,          ///< no usable answer, or not an event that can be looked up
};

/// The path to GET for the answer; empty when the event cannot be looked up.
std::string lookup_path(const std::string& event);
Stored stored(const std::string& event, const Response& answer);

}  // namespace agentpipe::delivery

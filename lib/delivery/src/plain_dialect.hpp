#pragma once

#include <optional>
#include <string>

#include "agentpipe/delivery/capabilities.hpp"
#include "agentpipe/model/event.hpp"

/// What the existing server takes and tells (wire contract, compatibility profile): its schema refuses an
/// event as a whole for one field that is missing or too long, and it does not know a repeated event again.
namespace agentpipe::delivery {

/// In UTF-16 units, as it counts.
inline constexpr std::size_t k_plain_content = 100'000;
inline constexpr std::size_t k_plain_summary = 10'000;
inline constexpr std::size_t k_plain_short_summary = 1'000;

std::optional<Translated> to_plain(std::string event);

/// The beginning of the conversation to which `event` belongs, for a server that has never heard of it and
/// would refuse all of its events; empty when there is none to make.
std::string placeholder_for(const model::Event& event);

}  // namespace agentpipe::delivery

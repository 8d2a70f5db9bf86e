#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// Bounds on what comes from outside, each with its reason. Both ends use them, so what the client accepts
/// the server accepts.
namespace agentpipe::model {

/// Ids become URLs, file names and log fields: `[A-Za-z0-9._:-]`, as long as the longest ids in the field
/// with room.
inline constexpr std::size_t k_max_id = 128;
bool is_id(std::string_view text);
/// The existing server takes 100,000 UTF-16 units and loses what is longer; a pasted file fits in ours.
inline constexpr std::size_t k_max_content = 4UL << 20U;
/// One event as JSON, content included (escapes can double it).
inline constexpr std::size_t k_max_event = 8UL << 20U;
/// A name, a model, a mode: longer ones are a mistake or an attack.
inline constexpr std::size_t k_max_label = 1024;
/// Free text beside the messages: a prompt, a summary, an error.
inline constexpr std::size_t k_max_text = 1UL << 20U;
/// Nesting and breadth of JSON, so that a small body cannot cost much work.
inline constexpr std::size_t k_max_depth = 64;
inline constexpr std::size_t k_max_keys = 1000;
inline constexpr std::size_t k_max_participants = 1000;
/// Numbers stay exact in JavaScript.
inline constexpr std::int64_t k_max_integer = (std::int64_t{1} << 53U) - 1;
inline constexpr double k_max_cost = 1e9;
/// One whole session as an upload document, and the messages in it.
inline constexpr std::size_t k_max_upload = 64UL << 20U;
inline constexpr std::size_t k_max_upload_entries = 200'000;
/// One batch, and the events in it: as many as one transaction of the store takes.
inline constexpr std::size_t k_max_batch = 8UL << 20U;
inline constexpr std::size_t k_max_batch_events = 1024;
/// As much of what cannot be delivered is kept for its owner to see how it begins.
inline constexpr std::size_t k_max_excerpt = 4UL << 10U;
/// A name for one request, given by its sender.
inline constexpr std::size_t k_max_idempotency_key = 255;

}  // namespace agentpipe::model

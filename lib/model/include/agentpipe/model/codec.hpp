#pragma once

#include <string>
#include <string_view>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/event.hpp"
#include "agentpipe/model/upload.hpp"

/// JSON in and out: the one place that knows how events look on the wire. Thread-safe.
namespace agentpipe::model {

/// Reads one event envelope `{"type","timestamp","data"}` in every form known to be in the field: camelCase
/// keys, `agents` for `participants`, nested `message` and `metrics`, older summary shapes, null for absent,
/// upper-case states, conversation.interrupted and error.occurred. Unknown keys land in `extra`; escaped NUL
/// and lone surrogates become U+FFFD. A missing timestamp becomes `received`. Errors: `invalid` (with `field`
/// and the limit; reason "invalid_json" when it is not JSON at all, "duplicate_key", "unknown_type",
/// "required", …) and `too_large`.
base::Result<Event> decode_event(std::string_view json, base::Timestamp received);

/// In place, keeps the length: the escapes "\u0000" and unpaired "\uD800".."\uDFFF" become "\uFFFD", because
/// PostgreSQL cannot store the former and UTF-8 not the latter.
void repair_escapes(std::string& json);

/// The event as one line of JSON without LF. decode_event(encode_event(e)) == e.
std::string encode_event(const Event& event);
/// Only the value of "data".
std::string encode_data(const Event& event);
/// Reads what encode_data wrote, for the event of that type name and time.
base::Result<Event> decode_data(std::string_view type, base::Timestamp at, std::string_view data);

/// Reads a whole session, both shapes of `POST /api/sessions/upload`: `{"conversation","agents","messages"}`
/// and
/// `{"session","participants","messages"}`, with our `notes` and `summary`; also the JSON that our export
/// writes. Messages without an id get one from their place, so reading the same document twice gives the same
/// events.
base::Result<Upload> decode_upload(std::string_view json, base::Timestamp received);
/// The first shape, with our additions.
std::string encode_upload(const Upload& upload);

}  // namespace agentpipe::model

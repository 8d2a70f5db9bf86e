#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/logged.hpp"

namespace agentpipe::store {

using model::LogNumber;

/// How a session reached us.
enum class Source : unsigned char { cli_stream, cli_upload };

/// What became of one event.
enum class Outcome : unsigned char {
  created,    ///< logged; a new message or session
  recorded,   ///< logged; changed an existing session
  duplicate,  ///< was here already, nothing changed
  absent,     ///< conversation.deleted of a conversation that is not there
  replaced,   ///< logged; a new session in place of one that was here
  differing,  ///< another message has its id, and stays: see Contradiction::keep_stored
};

struct Stored {
  Outcome outcome = Outcome::created;
  LogNumber number =
      0;  ///< for a duplicate or differing message the first one's, else 0 when nothing was logged
  std::string conversation_id;
  std::string message_id;
};

/// A name that a sender gave its request, so that it may send it again.
struct Idempotency {
  base::Digest key{};   ///< of the name and who gave it
  base::Digest body{};  ///< of the request
};
/// For so long a name stands for one request.
inline constexpr base::Milliseconds k_idempotency_life{24 * 3'600'000};

/// What becomes of a conversation that is here already, or was deleted, when a request brings it.
enum class IfPresent : unsigned char {
  extend,   ///< it gets what is new; a deleted one takes nothing
  replace,  ///< that of the first event goes, as if deleted, and the events make it anew
};

/// What becomes of a message whose id is taken by one with other content, role or agent.
enum class Contradiction : unsigned char {
  refuse,       ///< the request is refused with "message_conflict"
  keep_stored,  ///< it is left out; the rest of the request is stored
};

/// One request: its events are stored together or not at all.
struct Append {
  std::vector<model::Event> events;
  base::Timestamp received;
  Source source = Source::cli_stream;
  std::optional<Idempotency> idempotency = {};
  IfPresent if_present = IfPresent::extend;
  Contradiction contradiction = Contradiction::refuse;
};

using Appended = std::vector<Stored>;  // one per event, in order
/// Called once, on the writer's thread, after the commit (or when it is certain that nothing was stored).
/// `conflict`: same message id with other content, role or agent ("message_conflict"); same name of the
/// request with another body ("idempotency_conflict"). `gone`: the conversation was deleted. `unavailable`,
/// each with its reason: "queue_full", "disk_full", "database_busy", "shutting_down" pass by themselves,
/// "store_broken" does not. A request that is refused at once (queue full, shutting down) is answered on the
/// caller's thread, inside append().
using AppendDone = std::function<void(base::Result<Appended>)>;

}  // namespace agentpipe::store

#pragma once

#include <functional>
#include <string_view>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/model/event.hpp"
#include "agentpipe/service/batch.hpp"
#include "agentpipe/service/reply.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// What came beside the body of a write.
struct WriteTerms {
  std::string_view caller = {};           ///< id of the key in use
  std::string_view idempotency_key = {};  ///< a name for the request; empty: none
  /// Of a session, for messages whose ids are taken by other ones: "refuse" (or empty) the whole of it, or
  /// "keep" those that are stored and take in the rest.
  std::string conflicts = {};
};

/// Takes events in. Decoding happens on the caller's thread (about 2 µs for 1 KB, 100 ms for 64 MB: hand
/// uploads to a worker), storing on the store's. Thread-safe.
class Ingest {
 public:
  /// Gets what is shown live but not stored (turn.started, turn.completed).
  using Broadcast = std::function<void(const model::Event&)>;

  Ingest(store::Store& store, const base::Clock& clock, Broadcast broadcast)
      : store_(store), clock_(clock), broadcast_(std::move(broadcast)) {}

  /// One event envelope: the body of POST /api/ingest.
  void event(std::string_view body, const WriteTerms& terms, ReplyDone done);
  /// Events of a numbered source: the body of POST /api/ingest/batch.
  void batch(const BatchHead& head, std::string_view body, BatchReplyDone done);
  /// A whole session, stored completely or not at all: the body of POST /api/sessions/upload.
  void upload(std::string_view body, const WriteTerms& terms, ReplyDone done);

 private:
  store::Store& store_;
  const base::Clock& clock_;
  Broadcast broadcast_;
};

}  // namespace agentpipe::service

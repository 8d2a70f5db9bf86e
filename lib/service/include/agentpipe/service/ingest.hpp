#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/model/event.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// The answer to a write: `created` becomes 201, otherwise 200. `json` is the body.
struct Reply {
  bool created = false;
  std::string json;
};

/// Called once, on any thread, after the commit.
using ReplyDone = std::function<void(base::Result<Reply>)>;

/// Takes events in. Decoding happens on the caller's thread (about 2 µs for 1 KB, 100 ms for 64 MB: hand
/// uploads to a worker), storing on the store's. Thread-safe.
class Ingest {
 public:
  /// Gets what is shown live but not stored (turn.started, turn.completed).
  using Broadcast = std::function<void(const model::Event&)>;

  Ingest(store::Store& store, const base::Clock& clock, Broadcast broadcast)
      : store_(store), clock_(clock), broadcast_(std::move(broadcast)) {}

  /// One event envelope: the body of POST /api/ingest.
  void event(std::string_view body, ReplyDone done);
  /// A whole session, stored completely or not at all: the body of POST /api/sessions/upload.
  void upload(std::string_view body, ReplyDone done);

 private:
  store::Store& store_;
  const base::Clock& clock_;
  Broadcast broadcast_;
};

}  // namespace agentpipe::service

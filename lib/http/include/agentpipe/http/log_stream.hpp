#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/http/responder.hpp"
#include "agentpipe/http/workers.hpp"
#include "agentpipe/hub/hub.hpp"

namespace agentpipe::http {

/// The stored log, for streams that are behind. Called on a worker.
struct StoredLog {
  /// Committed events behind `after` up to `until`, at most `limit`; of one session unless `session_id` is
  /// empty. Fewer is not the end; an empty answer is.
  std::function<base::Result<std::vector<model::Logged>>(model::LogNumber after, model::LogNumber until,
                                                         const std::string& session_id, std::int64_t limit)>
      page;
  std::function<model::LogNumber()> last;
};

/// What all streams of a server share; must outlive them.
struct LogStreamWorld {
  hub::Hub& hub;
  Workers& workers;
  base::Clock& clock;
  StoredLog log;
  /// A client that missed more of the whole log is told how many (`gap`) and goes on from now: it fetches
  /// anew.
  model::LogNumber longest_replay = 100'000;
};

struct LogStreamRequest {
  hub::Filter filter;
  hub::Naming naming = hub::Naming::unnamed;
  std::string cursor;             ///< as the client sent it; empty: only what comes from now on
  std::function<bool()> allowed;  ///< asked now and then; empty: always
};

/// A subscriber of the log: greets, replays what the client missed, then follows live, without hole or
/// repeat. A cursor of another database, beyond the log's end or malformed leads to one `reset` event: fetch
/// anew.
std::unique_ptr<StreamSource> make_log_stream(const LogStreamWorld& world, LogStreamRequest request);

}  // namespace agentpipe::http

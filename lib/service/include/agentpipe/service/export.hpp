#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/service/query.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// A document that is made piece by piece, so that its size costs no memory. One thread at a time.
class Pieces {
 public:
  virtual ~Pieces() = default;
  /// The next piece, up to about 16 MiB; empty: that was all. Reads the disk.
  virtual base::Result<std::string> next() = 0;
};

struct Download {
  std::string_view content_type;
  std::string file_name;  ///< letters, digits, '.', '-' and '_' only
  std::unique_ptr<Pieces> pieces;
};

/// Puts marks in the place of an event's secrets and leaves its ids alone. Thread-safe.
using RedactEvent = std::function<void(model::Event&)>;

/// Sessions as files. Everything a stranger wrote is inert in each format. Thread-safe; reads the disk.
class Exports {
 public:
  Exports(store::Store& store, const base::Clock& clock, RedactEvent redact)
      : store_(store), clock_(clock), redact_(std::move(redact)) {}

  /// `format=json|jsonl|markdown|html|csv` (json), `from_seq`, `to_seq`, `tools=0` (without tool calls and
  /// their results), `redact=1` (without secrets). JSON is what an upload takes, JSONL what a stream takes.
  base::Result<Download> session(const std::string& id, const Query& query);
  /// Several: by `ids=` (at most 1000; unknown ones are left out), otherwise all that the filters of
  /// GET /api/sessions match. `format=jsonl` (default) for whole sessions one after the other, `csv` for a
  /// row each. `redact=1` as above.
  base::Result<Download> sessions(const Query& query);

 private:
  store::Store& store_;
  const base::Clock& clock_;
  const RedactEvent redact_;
};

}  // namespace agentpipe::service

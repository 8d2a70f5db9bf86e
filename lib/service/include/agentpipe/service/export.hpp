#pragma once

#include <memory>
#include <string>
#include <string_view>

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

/// Sessions as files. Everything a stranger wrote is inert in each format. Thread-safe; reads the disk.
class Exports {
 public:
  Exports(store::Store& store, const base::Clock& clock) : store_(store), clock_(clock) {}

  /// `format=json|jsonl|markdown|html|csv` (json), `from_seq`, `to_seq`, `tools=0` (without tool calls and
  /// their results). JSON is what an upload takes, JSONL what a stream takes.
  base::Result<Download> session(const std::string& id, const Query& query);
  /// Several: by `ids=` (at most 1000; unknown ones are left out), otherwise all that the filters of
  /// GET /api/sessions match. `format=jsonl` (default) for whole sessions one after the other, `csv` for a
  /// row each.
  base::Result<Download> sessions(const Query& query);

 private:
  store::Store& store_;
  const base::Clock& clock_;
};

}  // namespace agentpipe::service

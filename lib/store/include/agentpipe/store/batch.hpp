#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/event.hpp"

namespace agentpipe::store {

/// Consecutive records of one source. A source is a sender's numbered queue: its records 1, 2, 3 … arrive in
/// this order, and the store remembers for ever how far it has come.
struct Batch {
  std::string source_id;
  std::uint64_t first = 1;    ///< number of the first event; the next one is first + 1
  std::uint64_t missing = 0;  ///< so many records before `first` will never come: nobody waits for them
  /// An error stands for a record that could not be read: it is rejected under its number.
  std::vector<base::Result<model::Event>> events;
  base::Timestamp received;
};

/// A record that is not stored and never will be; the ones behind it are not held up.
struct Rejected {
  std::uint64_t n = 0;
  std::string code;    ///< stable word: "message_conflict", "required", …
  std::string reason;  ///< a sentence for the sender's user
  bool operator==(const Rejected&) const = default;
};

/// The batch is committed, up to and including record `acked_n`.
struct Taken {
  std::uint64_t acked_n = 0;
  std::uint64_t repeated = 0;    ///< records at the front that an earlier batch of this source brought
  std::uint64_t duplicates = 0;  ///< these, and events that are stored from elsewhere
  /// In order. Of repeated records too: the answer that told may have been lost.
  std::vector<Rejected> rejected;
  bool operator==(const Taken&) const = default;
};

/// Records are missing before the batch. Nothing was stored.
struct Gap {
  std::uint64_t expected_n = 0;  ///< the record to go on with
  bool operator==(const Gap&) const = default;
};

using Received = std::variant<Taken, Gap>;
/// As AppendDone.
using BatchDone = std::function<void(base::Result<Received>)>;

}  // namespace agentpipe::store

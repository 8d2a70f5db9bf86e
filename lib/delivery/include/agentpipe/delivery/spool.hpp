#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"

namespace agentpipe::delivery {

/// Number of a record in its spool: 1, 2, 3 … without gaps.
using RecordNumber = std::uint64_t;

struct Record {
  RecordNumber number = 0;
  std::string event;  ///< one event as JSON, no LF
};

/// What can never be delivered, kept for the user: an event that the server will never accept, or how a piece
/// of the input begins that could not become an event.
struct DeadLetter {
  Record record;         ///< number 0 and no event: it never was one
  std::string code;      ///< the server's stable word, "http_400", or k_unreadable
  std::string reason;    ///< its sentence
  std::string begins{};  ///< of what is no event: its first bytes, at most model::k_max_excerpt
};

inline constexpr std::string_view k_unreadable = "unreadable";

/// What an event is worth to the spool.
enum class Weight : unsigned char {
  note,       ///< the first to be dropped when there is no room: log entries
  ordinary,   ///< messages and all that is not named here
  milestone,  ///< on the disk at once: the beginning and the end of a session, errors
  gap,        ///< says how much was dropped; goes into room that is kept for it
};

/// What is accepted but not yet delivered, in order. Everything that enters is a numbered record first and a
/// request later, so ordering, retry, restart and "what is still waiting" are questions to the spool alone.
/// One writer (input) and one reader (sender) may work at the same time.
class Spool {
 public:
  virtual ~Spool() = default;

  /// Accepts an event; from the return on the spool answers for it. `unavailable` when it is full,
  /// `too_large` when no spool takes an event of that size.
  virtual base::Result<RecordNumber> append(std::string_view event, Weight weight) = 0;
  base::Result<RecordNumber> append(std::string_view event) { return append(event, Weight::ordinary); }
  /// The oldest records behind `after` that are neither acknowledged nor dead: at most `count`, and not more
  /// than `bytes` in sum unless the first alone is larger. Empty when there is none.
  virtual base::Result<std::vector<Record>> read(RecordNumber after, std::size_t count,
                                                 std::size_t bytes) = 0;
  /// The server stores everything up to and including `number`.
  virtual base::Result<void> acknowledge(RecordNumber number) = 0;
  /// Moves the record out of the way of those behind it. `internal` when it does not wait; after any other
  /// error it still does.
  virtual base::Result<void> bury(DeadLetter letter) = 0;
  /// Puts something that is no record with the dead letters.
  virtual base::Result<void> keep(DeadLetter letter) = 0;

  [[nodiscard]] virtual RecordNumber last_appended() const = 0;
  [[nodiscard]] virtual RecordNumber last_acknowledged() const = 0;  ///< dead letters count as dealt with
  [[nodiscard]] virtual std::uint64_t dead_letters() const = 0;

  /// Waits until something lies behind `after` (true), or until `length` has passed or a stop is requested
  /// (false).
  virtual bool wait(RecordNumber after, base::Milliseconds length, const std::stop_token& stop) = 0;
  /// Waits until an event of `bytes` would be accepted (true), or until `length` has passed or a stop is
  /// requested (false).
  virtual bool wait_for_room(std::size_t bytes, Weight weight, base::Milliseconds length,
                             const std::stop_token& stop) = 0;
  /// What the wire calls this spool, 32 hexadecimal digits: records of the same source and number are the
  /// same record.
  [[nodiscard]] virtual std::string source_id() const = 0;
};

}  // namespace agentpipe::delivery

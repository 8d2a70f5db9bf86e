#pragma once

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>

#include "agentpipe/base/time.hpp"
#include "agentpipe/delivery/spool.hpp"
#include "agentpipe/model/event.hpp"

namespace agentpipe::delivery {

/// Log entries can be missed first; the ends of a session last.
Weight weigh(const model::Event& event);

/// The input side of a spool: decides what happens when it is full. Never drops what is older, as that would
/// orphan the rest. One thread.
class Intake {
 public:
  /// A million broken lines are no letters to be read; each costs a sync.
  static constexpr std::uint64_t k_most_letters = 100;

  explicit Intake(Spool& spool) : spool_(spool) {}

  /// Hands the event to the spool. When that is full, waits for room, but not longer than `patience` in one
  /// row: then events are dropped (false) at once until there is room again, log entries earlier than others.
  /// One that is too large for any spool becomes a dead letter.
  bool accept(const model::Event& event, base::Milliseconds patience, const std::stop_token& stop);
  /// Keeps how something begins that cannot be delivered with the dead letters, up to k_most_letters.
  void keep(std::string reason, std::string begins);
  /// The end of the input: the spool is told of what was dropped, for those who read the session. Happens by
  /// itself as soon as there is room again.
  void mark_gaps();

  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  /// Events that no spool takes; they are with the dead letters.
  [[nodiscard]] std::uint64_t too_large() const { return too_large_; }
  [[nodiscard]] std::uint64_t letters() const { return letters_; }

 private:
  struct Gap {
    base::Timestamp from;
    base::Timestamp to;
    std::uint64_t count = 0;
  };

  base::Result<RecordNumber> append(const std::string& text, Weight weight, base::Milliseconds patience,
                                    const std::stop_token& stop);
  void drop(const model::Event& event, const base::Error& error, bool& impatient);
  static model::Event to_event(const std::string& conversation, const Gap& gap);

  Spool& spool_;
  std::uint64_t dropped_ = 0;
  std::uint64_t too_large_ = 0;
  std::uint64_t letters_ = 0;
  bool impatient_for_notes_ = false;
  bool impatient_ = false;
  std::map<std::string, Gap> gaps_;  ///< by conversation
};

}  // namespace agentpipe::delivery

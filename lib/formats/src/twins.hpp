#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/model/event.hpp"

namespace agentpipe::formats {

/// `agentpipe run --json` prints every reply twice: as message.created and as log.entry. This tells twins
/// from words that stand in a log.entry alone. Messages are never held back; a log.entry that comes first
/// waits for its message.
class Twins {
 public:
  /// A message went through. True: a waiting log.entry was its twin and is gone.
  bool pair_message(const model::MessageCreated& message);
  /// True: this log.entry repeats a message that went through already.
  bool pair_entry(const model::LogEntry& entry);

  struct Waiting {
    model::Event event;
    std::uint64_t line = 0;
  };
  /// Keeps an agent's log.entry until its message comes. What has waited too long comes back: it stands
  /// alone.
  std::vector<Waiting> hold(Waiting entry);
  /// The input is over: all that still wait.
  std::vector<Waiting> release();
  [[nodiscard]] bool holds() const { return !waiting_.empty(); }
  /// Which messages went through lately without their twin, as text; recall() takes it up.
  [[nodiscard]] std::string recent() const;
  void recall(std::string_view recent);
  /// The line of the entry that the last successful pair_message() dropped.
  [[nodiscard]] std::uint64_t dropped_line() const { return dropped_line_; }

 private:
  std::deque<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::deque<std::size_t> recent_;  ///< fingerprints of messages whose twin has not come yet
  std::uint64_t dropped_line_ = 0;
};

/// May this entry be the copy of a message?
bool may_be_twin(const model::LogEntry& entry);

}  // namespace agentpipe::formats

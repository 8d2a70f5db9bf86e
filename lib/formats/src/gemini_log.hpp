#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "gemini_entry.hpp"
#include "gemini_turns.hpp"

namespace agentpipe::formats::gemini {

/// Plays the log of a session back: headers, messages, messages that replace earlier ones of their id,
/// rewinds, checkpoints. A message is handed on when it cannot change any more; what tools give later
/// follows. A checkpoint takes nothing back: it lists what the model still sees, often with less than was
/// known before. One thread.
class Log {
 public:
  explicit Log(const Origin& origin) : turns_(origin) {}

  /// False: none of the four kinds of records.
  bool record(const Node& record, Sink& sink);
  /// Hands on what cannot change any more.
  void flush_complete(Sink& sink);
  /// Nothing has come for k_quiet: an answer that has called no tool is taken for the end of its turn.
  void flush_quiet(Sink& sink);
  /// The log is over.
  void finish(Sink& sink);
  /// Is nothing held back?
  [[nodiscard]] bool is_empty() const { return entries_.empty(); }

 private:
  void change(const Node& changes, Sink& sink);
  void checkpoint(const Node& messages, Sink& sink);
  void drop_copies(const std::unordered_set<std::uint64_t>& listed);
  void rewind_to(std::string_view id);
  void put(Entry entry, Sink& sink);
  /// Null: it is not held.
  Entry* find(std::string_view id);
  void erase_from(const std::deque<Entry>::iterator& first);
  void hand_on(Sink& sink);
  [[nodiscard]] bool front_is_settled() const;

  Turns turns_;
  std::deque<Entry> entries_;                            ///< not yet handed on
  std::unordered_map<std::uint64_t, std::size_t> held_;  ///< their ids; how many were held before them
  std::size_t gone_ = 0;                                 ///< how many have left at the front
  std::unordered_set<std::uint64_t> handed_on_;          ///< ids
  std::size_t bytes_ = 0;
  std::string summary_;  ///< the newest compression's id
};

}  // namespace agentpipe::formats::gemini

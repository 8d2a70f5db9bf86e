#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "claude_lane.hpp"
#include "json_line.hpp"

namespace agentpipe::formats::claude {

/// One conversation with its chains of records.
struct Chat {
  Conversation conversation;
  std::map<std::string, Lane> lanes;  ///< by the root of their chain; "" is the main one
  bool ended = false;                 ///< a record said so

  /// Hands on what the lanes held back.
  void close_lanes(Sink& sink);
};

/// Tells which conversation of an input a record belongs to, and which chain of it. State: ids of records
/// (about 100 bytes a record), never their text. One thread.
class Chats {
 public:
  explicit Chats(Origin origin) : origin_(std::move(origin)) {}

  /// Records name their session; those of a subagent that has a file, or on standard output a call, of its
  /// own make a conversation below it.
  Chat& of(const Node& record);
  Lane& lane_of(const Node& record, Chat& chat);
  /// Calls that start subagents name their chains.
  void note_tasks(const Node& content);
  /// Another file had this record first. The conversation that begins with such copies continues that one.
  bool belongs_elsewhere(const Node& record, Chat& chat);

  /// The one that has shown a record of this uuid; null when none has.
  Chat* with(std::string_view uuid);
  [[nodiscard]] bool empty() const { return chats_.empty(); }
  /// Calls `visit(Chat&)` for each.
  template <class Visit>
  void each(Visit visit) {
    for (auto& [place, chat] : chats_) visit(*chat);
  }

 private:
  Chat& add(const std::string& place, const std::string& native_id);
  Chat& subagent_of(const Node& record, const std::string& session_id, const std::string& key);
  std::string side_chain_of(const Node& record);
  std::string copied_from(const Node& record);
  std::string first_with(const Node& record, const std::string& conversation);

  Origin origin_;
  std::string last_session_;
  std::map<std::string, std::unique_ptr<Chat>, std::less<>> chats_;  ///< by conversation id
  std::unordered_map<std::uint64_t, std::string> side_chains_;       ///< uuid → root of its chain
  std::unordered_map<std::string, bool> lies_beside_;                ///< files of sessions
  std::unordered_map<std::uint64_t, std::string> tasks_;  ///< prompt of a subagent → its description
};

}  // namespace agentpipe::formats::claude

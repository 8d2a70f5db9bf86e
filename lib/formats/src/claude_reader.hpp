#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "claude_lane.hpp"
#include "json_line.hpp"
#include "record_reader.hpp"

namespace agentpipe::formats::claude {

/// Reads Claude Code's records, as its session files and `claude -p --output-format stream-json` have them;
/// the few differences are in the tables of claude_files.cpp and claude_stream.cpp. State: ids of records and
/// answers (about 100 bytes a record), never their text; reading a file again from its front rebuilds it.
class ClaudeReader : public RecordReader {
 public:
  using RecordReader::RecordReader;

  void end(Sink& sink) override;
  void pause(Sink& sink) override;

 protected:
  struct Chat {
    Conversation conversation;
    std::map<std::string, Lane> lanes;  ///< by the root of their chain; "" is the main one
    bool ended = false;                 ///< a record said so
  };

  void record(const Node& record, std::uint64_t number, Sink& sink) override;

  /// Records that only one of the two kinds of input has. False: not known there either.
  virtual bool other_record(const Node& record, std::string_view type, Sink& sink) = 0;
  /// Input that ended: what is said to be over without a record that says so.
  virtual void conclude(Chat& chat, Sink& sink) = 0;

  Chat& chat_of(const Node& record);
  Chat& chat_of_session(const std::string& session_id);
  Lane& lane_of(const Node& record, Chat& chat);
  static void close_lanes(Chat& chat, Sink& sink);

 private:
  struct Handler {
    std::string_view type;
    void (ClaudeReader::*take)(const Node& record, std::uint64_t number, Sink& sink);
  };
  static const Handler k_handlers[];

  void user(const Node& record, std::uint64_t number, Sink& sink);
  void assistant(const Node& record, std::uint64_t number, Sink& sink);
  void system(const Node& record, std::uint64_t number, Sink& sink);
  void attachment(const Node& record, std::uint64_t number, Sink& sink);
  void summary(const Node& record, std::uint64_t number, Sink& sink);
  void given_title(const Node& record, std::uint64_t number, Sink& sink);
  void pull_request(const Node& record, std::uint64_t number, Sink& sink);

  void compact_summary(const Node& record, Chat& chat, Sink& sink);
  void synthetic(const Node& record, Chat& chat, std::uint64_t number, Sink& sink);
  void prompt(const Node& record, Chat& chat, std::uint64_t number, Sink& sink);
  bool belongs_elsewhere(const Node& record, Chat& chat);
  void see_title_of(const Node& record, Chat& chat, Sink& sink);
  Chat& subagent_of(const Node& record, const std::string& session_id, const std::string& key);
  void introduce(Chat& chat, const Node& record);
  void note_tasks(const Node& content);
  std::string side_chain_of(const Node& record);

  std::string last_session_;
  std::map<std::string, std::unique_ptr<Chat>, std::less<>> chats_;  ///< by conversation id
  std::unordered_map<std::uint64_t, std::string> side_chains_;       ///< uuid → root of its chain
  std::unordered_map<std::uint64_t, std::string> tasks_;      ///< prompt of a subagent → its description
  std::unordered_map<std::uint64_t, std::string> summaries_;  ///< leaf → title, until the leaf comes
};

}  // namespace agentpipe::formats::claude

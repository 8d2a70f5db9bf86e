#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "claude_chats.hpp"
#include "json_line.hpp"
#include "record_reader.hpp"

namespace agentpipe::formats::claude {

/// Reads Claude Code's records, as its session files and `claude -p --output-format stream-json` have them;
/// the few differences are in the tables of claude_files.cpp and claude_stream.cpp. Reading a file again from
/// its front rebuilds what is known of it.
class ClaudeReader : public RecordReader {
 public:
  ClaudeReader(Origin origin, Strangers strangers)
      : RecordReader(origin, strangers), chats_(std::move(origin)) {}

  void end(Sink& sink) override;
  void pause(Sink& sink) override;

 protected:
  void record(const Node& record, std::uint64_t number, Sink& sink) override;

  /// Records that only one of the two kinds of input has. False: not known there either.
  virtual bool other_record(const Node& record, std::string_view type, Sink& sink) = 0;
  /// Input that ended: what is said to be over without a record that says so.
  virtual void conclude(Chat& chat, Sink& sink) = 0;

  Chat& chat_of(const Node& record) { return chats_.of(record); }
  /// The conversation of that id; null when no record was of it.
  AgentSession* conversation(const std::string& id);
  /// The sessions that records named, without those of subagents, by the tool's ids.
  std::vector<std::string> sessions();

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
  void see_title_of(const Node& record, Chat& chat, Sink& sink);

  Chats chats_;
  std::unordered_map<std::uint64_t, std::string> summaries_;  ///< leaf → title, until the leaf comes
};

}  // namespace agentpipe::formats::claude

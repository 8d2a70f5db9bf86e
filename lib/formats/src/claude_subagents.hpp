#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "agentpipe/formats/reader.hpp"

namespace agentpipe::formats::claude {

/// Reads the files of subagents while the run that uses them is piped in: standard output shows their calls
/// but not their words, so an answer would not be the one that the file has. One thread.
class SubagentFiles {
 public:
  explicit SubagentFiles(Origin origin) : origin_(std::move(origin)) {}

  /// Something of the subagent that this call started is there: tells what is new in its file. False: it has
  /// none on this machine, now and later.
  bool catch_up(const std::string& session, const std::string& call, Sink& sink);
  [[nodiscard]] bool reads(const std::string& call) const { return files_.contains(call); }
  /// The run is over.
  void finish(Sink& sink);

 private:
  struct File {
    std::filesystem::path path;
    std::unique_ptr<Reader> reader;  ///< null: there is no file
    std::uint64_t offset = 0;        ///< behind the last whole line
    std::uint64_t lines = 0;
  };
  [[nodiscard]] File open(const std::string& session, const std::string& call) const;
  static void read_on(File& file, Sink& sink);

  Origin origin_;
  std::map<std::string, File> files_;  ///< by call
};

}  // namespace agentpipe::formats::claude

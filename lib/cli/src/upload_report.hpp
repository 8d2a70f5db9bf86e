#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "agentpipe/base/time.hpp"
#include "agentpipe/cli/exit_code.hpp"
#include "agentpipe/follow/place.hpp"
#include "agentpipe/formats/reader.hpp"
#include "redaction.hpp"
#include "upload_send.hpp"

namespace agentpipe::cli {

struct SessionReport {
  std::string conversation_id;
  std::string title;
  base::Timestamp started_at;
  std::int64_t messages = 0;
  SendResult result;
  redact::Report secrets;  ///< what was replaced in it
};

/// What is to be said about one input.
struct FileReport {
  std::string path;
  std::string format;  ///< empty: none was recognised
  std::vector<SessionReport> sessions;
  std::vector<formats::Problem> problems;
  std::uint64_t more_problems = 0;  ///< beyond those kept
  std::string skipped;              ///< why the file was passed over; no fault of anybody
  bool reached = true;              ///< false: the command ended before it
  /// The file as it was when everything in it was uploaded and nobody was writing to it.
  std::optional<follow::Facts> uploaded;
  bool may_go_on = false;  ///< somebody wrote to it not long ago: its sessions have not ended yet
};

/// "ok", "problems", "empty", "skipped", "failed" or "not_sent"
std::string_view status_of(const FileReport& file);
/// The file as one JSON object in one line, without LF.
std::string to_json_line(const FileReport& file);

/// Sums over all files.
class UploadTally {
 public:
  void add(const FileReport& file);
  /// Sessions in files that need not be read.
  void add_unchanged(std::uint64_t sessions) {
    counts_[static_cast<std::size_t>(Sent::unchanged)] += sessions;
  }

  /// "12 sessions: 9 new, 1 grown, 2 unchanged; 0 failed"
  [[nodiscard]] std::string summary() const;
  [[nodiscard]] ExitCode exit_code() const;
  [[nodiscard]] std::uint64_t sessions() const;

 private:
  [[nodiscard]] std::uint64_t count(Sent sent) const { return counts_[static_cast<std::size_t>(sent)]; }

  std::uint64_t counts_[10] = {};
  std::uint64_t differing_ = 0;
  redact::Report secrets_;
  std::uint64_t files_with_problems_ = 0;
  std::uint64_t not_reached_ = 0;
};

/// The file for people: its sessions on `out` (when wanted), problems and failures on `err`, one a line.
enum class Detail : unsigned char { failures, sessions };
void write_text(const FileReport& file, Detail detail, std::ostream& out, std::ostream& err);

}  // namespace agentpipe::cli

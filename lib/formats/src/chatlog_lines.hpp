#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "agentpipe/base/time.hpp"

/// The single lines of a chat log of the Go CLI (wire-contract.md 3.4).
namespace agentpipe::formats {

inline constexpr std::string_view k_chatlog_title = "=== AgentPipe Chat Log ===";
inline constexpr std::string_view k_chatlog_tail = "=== Chat Ended ===";

/// `[HH:MM:SS] Name (role): content` or `[HH:MM:SS] ERROR - name: content`; views into the line.
struct EntryLine {
  enum class Kind : unsigned char { message, error } kind = Kind::message;
  std::chrono::seconds time_of_day{};
  std::string_view name;
  std::string_view role;
  std::string_view content;
};

std::optional<EntryLine> parse_entry_line(std::string_view line);

/// Turns times of day, in local time, into points in time: the date comes from the log's start, midnight is
/// told by the clock going round.
class LogClock {
 public:
  /// `started`: "2026-11-22 16:06:08". False when it is no such text.
  bool start(std::string_view started);
  enum class Speaker : unsigned char { known, stranger };
  /// May an entry of that time follow the last one? Text in a message that looks like an entry is told by a
  /// clock that would have to run backwards. Over midnight a stranger is believed a short pause only.
  [[nodiscard]] bool plausible(std::chrono::seconds time_of_day, Speaker speaker) const;
  /// Moves on to that time.
  base::Timestamp advance(std::chrono::seconds time_of_day);
  [[nodiscard]] base::Timestamp now() const { return now_; }

 private:
  std::chrono::sys_days day_;
  std::chrono::seconds time_{};
  base::Timestamp now_;
};

}  // namespace agentpipe::formats

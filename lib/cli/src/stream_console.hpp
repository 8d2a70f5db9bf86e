#pragma once

#include <iosfwd>
#include <string>
#include <thread>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/cli/world.hpp"
#include "agentpipe/delivery/sender.hpp"

namespace agentpipe::cli {

/// Standard error as several threads use it: whole lines, and on a terminal one line below them that moves.
class StreamConsole {
 public:
  explicit StreamConsole(const World& world);

  /// Something the user should know while it runs; silent with -q.
  void note(const std::string& line);
  /// The last word; with -q only when something is wrong.
  void conclude(const std::string& line, bool good);
  /// Replaces the moving line; nothing unless there is a terminal.
  void show(const std::string& line);

  [[nodiscard]] bool moves() const { return moves_; }

 private:
  void print(const std::string& line);
  void erase() REQUIRES(mutex_);

  std::ostream& err_;
  const bool quiet_;
  const bool moves_;
  base::Mutex mutex_;
  bool shown_ GUARDED_BY(mutex_) = false;
};

/// Keeps the moving line up to date for its life.
class StreamProgress {
 public:
  StreamProgress(StreamConsole& console, const delivery::Sender& sender, base::Clock& clock);

 private:
  std::jthread worker_;
};

}  // namespace agentpipe::cli

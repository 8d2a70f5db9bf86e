#include "stream_console.hpp"

#include <ostream>

#include "agentpipe/base/text.hpp"
#include "upload_progress.hpp"

namespace agentpipe::cli {

namespace {

constexpr base::Milliseconds k_between_updates{200};

std::string progress(const delivery::DeliveryState& state) {
  std::string line = base::group_digits(state.counts.delivered) + " delivered, " +
                     base::group_digits(state.counts.waiting) + " waiting";
  if (state.counts.rejected > 0) line += ", " + base::group_digits(state.counts.rejected) + " refused";
  return state.trouble.empty() ? line : line + " - " + base::one_line(state.trouble, 50);
}

}  // namespace

StreamConsole::StreamConsole(const World& world)
    : err_(world.err),
      quiet_(world.globals.verbosity == Verbosity::quiet),
      moves_(!quiet_ && world.err_channel.is_terminal && world.environment.get_or("TERM", "") != "dumb") {}

void StreamConsole::note(const std::string& line) {
  if (!quiet_) print(line);
}

void StreamConsole::conclude(const std::string& line, bool good) {
  if (!quiet_ || !good) print(line);
}

void StreamConsole::print(const std::string& line) {
  const base::MutexLock lock(mutex_);
  erase();
  err_ << "agentpipe-bridge: " << base::terminal_safe(line) << '\n' << std::flush;
}

void StreamConsole::show(const std::string& line) {
  if (!moves_) return;
  const base::MutexLock lock(mutex_);
  erase();
  err_ << base::terminal_safe(line) << std::flush;
  shown_ = true;
}

void StreamConsole::erase() {
  if (std::exchange(shown_, false)) err_ << k_erase_line;
}

StreamProgress::StreamProgress(StreamConsole& console, const delivery::Sender& sender, base::Clock& clock) {
  if (!console.moves()) return;
  worker_ = std::jthread([&console, &sender, &clock](const std::stop_token& stop) {
    while (clock.sleep(k_between_updates, stop)) console.show(progress(sender.state()));
  });
}

}  // namespace agentpipe::cli

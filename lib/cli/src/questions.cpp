#include "questions.hpp"

#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <istream>
#include <ostream>

#include "agentpipe/base/text.hpp"
#include "agentpipe/config/keys.hpp"

namespace agentpipe::cli {

namespace {

using base::ErrorCode;

/// The terminal does not show what is typed while this lives; a signal in between puts it right before the
/// program ends.
class WithoutEcho {
 public:
  WithoutEcho(int fd, Signals& signals) : fd_(fd), active_(::tcgetattr(fd, &before_) == 0) {
    if (!active_) return;
    subscription_ = signals.subscribe([this](Signal, unsigned) {
      restore();
      std::_Exit(static_cast<int>(128 + SIGINT));
    });
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(fd_, TCSANOW, &quiet);
  }
  WithoutEcho(const WithoutEcho&) = delete;
  WithoutEcho& operator=(const WithoutEcho&) = delete;
  ~WithoutEcho() {
    if (active_) restore();
  }

 private:
  void restore() const { ::tcsetattr(fd_, TCSANOW, &before_); }

  int fd_;
  termios before_{};
  bool active_;
  Signals::Subscription subscription_;
};

}  // namespace

base::Result<std::optional<std::string>> read_line(std::istream& in) {
  std::string line;
  for (int c = in.get(); c != std::istream::traits_type::eof(); c = in.get()) {
    if (c == '\n') return std::optional(line);
    if (line.size() >= k_max_answer_bytes)
      return base::failure(ErrorCode::invalid, "the answer is longer than 4096 bytes");
    line += static_cast<char>(c);
  }
  if (line.empty()) return std::optional<std::string>();
  return std::optional(line);
}

base::Result<std::string> Questions::answer_to(const std::string& prompt) {
  world_.err << prompt << std::flush;
  const auto line = read_line(world_.in);
  if (!line) return base::forward(line);
  if (!*line)
    return base::failure(ErrorCode::io,
                         "the input ended before all questions were answered; nothing was changed");
  return std::string(base::trim(**line));
}

base::Result<bool> Questions::yes_or_no(std::string_view question, bool current) {
  while (true) {
    const auto answer = answer_to(std::string(question) + (current ? " [Y/n] " : " [y/N] "));
    if (!answer) return base::forward(answer);
    if (answer->empty()) return current;
    const std::string word = base::to_lower(*answer);
    if (word == "y") return true;
    if (word == "n") return false;
    if (const auto value = base::parse_switch(word)) return *value;
    world_.err << "Please answer y or n.\n";
  }
}

base::Result<std::string> Questions::text(std::string_view question, const std::string& current,
                                          const Check& check) {
  while (true) {
    const auto answer = answer_to(std::string(question) + (current.empty() ? ": " : " [" + current + "]: "));
    if (!answer) return answer;
    const std::string& chosen = answer->empty() ? current : *answer;
    const std::string fault = check(chosen);
    if (fault.empty()) return chosen;
    world_.err << base::terminal_safe(fault) << '\n';
  }
}

base::Result<base::Secret> Questions::key(std::string_view question, const base::Secret& current) {
  while (true) {
    const auto answer = [&] {
      const WithoutEcho quiet(world_.in_channel.fd, world_.signals);
      return answer_to(std::string(question) + (current.empty() ? ": " : " [" + current.masked() + "]: "));
    }();
    world_.err << '\n';
    if (!answer) return base::forward(answer);
    if (answer->empty()) return current;
    auto key = config::parse_key(*answer);
    if (key) return key;
    world_.err << key.error().message << '\n';
  }
}

}  // namespace agentpipe::cli

#include "agentpipe/cli/signals.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <thread>
#include <utility>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/thread_annotations.hpp"

namespace agentpipe::cli {

namespace {

constexpr auto k_signals = std::to_array<std::pair<int, Signal>>({
    {SIGINT, Signal::interrupt},
    {SIGTERM, Signal::terminate},
    {SIGHUP, Signal::hangup},
});

// The only thing that a signal handler may use: the pipe's end to write into.
std::atomic<int> g_pipe = -1;

extern "C" void write_signal_number(int number) {
  const int saved = errno;
  const auto byte = static_cast<unsigned char>(number);
  // A full pipe already holds more signals than anybody counts.
  [[maybe_unused]] const auto written = ::write(g_pipe.load(), &byte, 1);
  errno = saved;
}

std::optional<Signal> signal_of(int number) {
  for (const auto& [known, signal] : k_signals) {
    if (known == number) return signal;
  }
  return std::nullopt;
}

}  // namespace

Signals::Subscription& Signals::Subscription::operator=(Subscription&& other) noexcept {
  std::swap(end_, other.end_);
  return *this;
}

Signals::Subscription::~Subscription() {
  if (end_) end_();
}

class ProcessSignals::Worker {
 public:
  Subscription subscribe(Handler handler) {
    const base::MutexLock lock(mutex_);
    if (!thread_.joinable()) start();
    handler_ = std::make_shared<Handler>(std::move(handler));
    return Subscription([this, mine = handler_.get()] { end(mine); });
  }

  ~Worker() {
    if (!thread_.joinable()) return;
    for (std::size_t i = 0; i < k_signals.size(); ++i) ::sigaction(k_signals[i].first, &before_[i], nullptr);
    g_pipe = -1;
    write_end_ = base::FileDescriptor();  // the listener reads the end; a last word could fail
    thread_.join();
  }

 private:
  void start() REQUIRES(mutex_) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;  // signals keep their default then
    read_end_ = base::FileDescriptor(ends[0]);
    write_end_ = base::FileDescriptor(ends[1]);
    ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
    g_pipe = ends[1];
    thread_ = std::thread([this] { listen(); });
    struct sigaction action {};
    action.sa_handler = write_signal_number;
    action.sa_flags = SA_RESTART;
    ::sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < k_signals.size(); ++i) ::sigaction(k_signals[i].first, &action, &before_[i]);
  }

  void listen() {
    unsigned nth = 0;
    while (true) {
      unsigned char number = 0;
      const auto count = ::read(read_end_.get(), &number, 1);
      if (count < 0 && errno == EINTR) continue;
      if (count != 1) return;
      if (const auto signal = signal_of(number)) tell(*signal, ++nth);
    }
  }

  void tell(Signal signal, unsigned nth) {
    const base::MutexLock running(running_);
    std::shared_ptr<Handler> handler;
    {
      const base::MutexLock lock(mutex_);
      handler = handler_;
    }
    if (handler) {
      (*handler)(signal, nth);
    } else {
      std::_Exit(130);  // between two handlers nobody would stop the program
    }
  }

  void end(const Handler* mine) {
    const base::MutexLock running(running_);
    const base::MutexLock lock(mutex_);
    if (handler_.get() == mine) handler_ = nullptr;
  }

  base::Mutex running_;  // held while a handler runs
  base::Mutex mutex_;
  std::shared_ptr<Handler> handler_ GUARDED_BY(mutex_);
  base::FileDescriptor read_end_;
  base::FileDescriptor write_end_;
  std::array<struct sigaction, k_signals.size()> before_{};
  std::thread thread_;
};

ProcessSignals::ProcessSignals() : worker_(std::make_unique<Worker>()) {}
ProcessSignals::~ProcessSignals() = default;

Signals::Subscription ProcessSignals::subscribe(Handler handler) {
  return worker_->subscribe(std::move(handler));
}

StopOnSignal::StopOnSignal(Signals& signals)
    : subscription_(signals.subscribe([this](Signal, unsigned nth) {
        if (nth > 1) std::_Exit(130);
        received_ = true;
        source_.request_stop();
      })) {}

}  // namespace agentpipe::cli

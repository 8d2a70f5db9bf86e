#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <stop_token>
#include <utility>

namespace agentpipe::cli {

enum class Signal : unsigned char { interrupt, terminate, hangup };

/// Asks the operating system's signals to be told to a command. Until a handler is there they end the process
/// as usual, so a command that needs no farewell does nothing.
class Signals {
 public:
  /// `nth` counts all signals of the process, from 1. Called on the signal thread, one at a time.
  using Handler = std::function<void(Signal signal, unsigned nth)>;

  /// Ends with its life; its end waits for a handler that is running (so a handler must not destroy its own).
  class Subscription {
   public:
    Subscription() = default;
    explicit Subscription(std::function<void()> end) : end_(std::move(end)) {}
    Subscription(Subscription&& other) noexcept : end_(std::exchange(other.end_, nullptr)) {}
    Subscription& operator=(Subscription&& other) noexcept;
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;
    ~Subscription();

   private:
    std::function<void()> end_;
  };

  virtual ~Signals() = default;
  /// The newest handler is the one that is called.
  [[nodiscard]] virtual Subscription subscribe(Handler handler) = 0;
};

/// SIGINT, SIGTERM and SIGHUP of this process, told through a pipe to a thread that starts with the first
/// handler. One object a process.
class ProcessSignals final : public Signals {
 public:
  ProcessSignals();
  ~ProcessSignals() override;
  ProcessSignals(const ProcessSignals&) = delete;
  ProcessSignals& operator=(const ProcessSignals&) = delete;

  [[nodiscard]] Subscription subscribe(Handler handler) override;

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

/// The common case: the first signal requests a stop, the second ends the process at once with 130.
class StopOnSignal {
 public:
  explicit StopOnSignal(Signals& signals);

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
  /// Was it a signal that asked for the stop? Then the command's exit code is `interrupted`.
  [[nodiscard]] bool received() const { return received_; }

 private:
  std::stop_source source_;
  std::atomic<bool> received_ = false;
  Signals::Subscription subscription_;
};

}  // namespace agentpipe::cli

#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "agentpipe/delivery/courier.hpp"
#include "agentpipe/delivery/spool_folder.hpp"

namespace agentpipe::delivery {

/// What became of the sources that were found.
struct SalvageCounts {
  std::uint64_t sources = 0;    ///< found without an owner
  std::uint64_t delivered = 0;  ///< events
  std::uint64_t waiting = 0;    ///< events that are still there
  std::uint64_t rejected = 0;   ///< new dead letters
};

/// Delivers what earlier processes left for one server, oldest first, four sources at once, on threads of its
/// own. The end of its life stops them; what is not acknowledged stays where it is.
class Salvage {
 public:
  using Connect = std::function<std::unique_ptr<Transport>()>;
  static constexpr std::size_t k_at_once = 4;

  /// Looks for orphans on a thread of its own, too. `connect` is called there, once for each thread.
  Salvage(SpoolFolder& folder, std::string url, Connect connect, base::Clock& clock);

  /// Waits until everything is delivered (true), or until the deadline or a stop (false). What there is to
  /// deliver is known by then, however near the deadline.
  bool wait(base::Deadline deadline, const std::stop_token& stop);
  [[nodiscard]] SalvageCounts counts() const;
  /// Of the courier that spoke last.
  [[nodiscard]] Line line() const;
  [[nodiscard]] std::string trouble() const;

 private:
  void lead(const std::string& url, const Connect& connect, const std::stop_token& stop);
  std::size_t find(const std::string& url);
  void work(Transport& transport, const std::stop_token& stop);
  std::optional<SourceSummary> next();
  void deliver(const SourceSummary& source, Transport& transport, const std::stop_token& stop);
  void told(const DeliveryState& state);

  SpoolFolder& folder_;
  base::Clock& clock_;
  mutable base::Mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<SourceSummary> queue_ GUARDED_BY(mutex_);
  SalvageCounts counts_ GUARDED_BY(mutex_);
  std::vector<const Courier*> couriers_ GUARDED_BY(mutex_);
  bool found_ GUARDED_BY(mutex_) = false;
  std::size_t working_ GUARDED_BY(mutex_) = 1;
  Line line_ GUARDED_BY(mutex_) = Line::idle;
  std::string trouble_ GUARDED_BY(mutex_);
  std::jthread lead_;
};

}  // namespace agentpipe::delivery

#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "agentpipe/delivery/courier.hpp"
#include "agentpipe/delivery/spool_folder.hpp"

namespace agentpipe::delivery {

/// What became of the sources that were found.
struct SalvageCounts {
  std::uint64_t sources = 0;     ///< found without an owner
  std::uint64_t delivered = 0;   ///< events
  std::uint64_t waiting = 0;     ///< events that are still there
  std::uint64_t rejected = 0;    ///< new dead letters
  std::uint64_t unreadable = 0;  ///< sources that were passed over; what waits in them is not counted
};

/// Delivers what earlier processes left for one server, on a thread of its own: one source after the other,
/// oldest first, as a conversation may go through several (a followed file does). The end of its life stops
/// it; what is not acknowledged stays where it is.
class Salvage {
 public:
  using Connect = std::function<std::unique_ptr<Transport>()>;

  /// What other processes are delivering of the kind.
  enum class Others : unsigned char { leave_alone, wait_for };

  /// Looks for orphans on that thread, too; `connect` is called and `observer` told of each change there.
  Salvage(SpoolFolder& folder, std::string url, Connect connect, base::Clock& clock,
          Courier::Observer observer = {}, Others others = Others::leave_alone);

  /// Waits until everything that can be read is delivered (true), or until the deadline or a stop, or until
  /// there is no further try before it (false). What there is to deliver is known by then, however near the
  /// deadline.
  bool wait(base::Deadline deadline, const std::stop_token& stop);
  [[nodiscard]] SalvageCounts counts() const;
  /// Of the courier that spoke last.
  [[nodiscard]] Line line() const;
  [[nodiscard]] std::string trouble() const;

 private:
  void work(const std::string& url, const Connect& connect, const std::stop_token& stop);
  std::vector<SourceSummary> find(const std::string& url);
  void deliver_all(const std::vector<SourceSummary>& sources, const Connect& connect,
                   const std::stop_token& stop);
  base::Result<std::unique_ptr<DiskSpool>> adopt(const SourceSummary& source, const std::stop_token& stop);
  void deliver(const SourceSummary& source, Transport& transport, const std::stop_token& stop);
  void pass_over(const std::string& source, const std::string& why);
  void told(const DeliveryState& state);

  SpoolFolder& folder_;
  base::Clock& clock_;
  const Courier::Observer observer_;
  const Others others_;
  mutable base::Mutex mutex_;
  std::condition_variable_any changed_;
  SalvageCounts counts_ GUARDED_BY(mutex_);
  std::set<std::string> unreadable_ GUARDED_BY(mutex_);
  const Courier* courier_ GUARDED_BY(mutex_) = nullptr;  ///< the one at work
  bool found_ GUARDED_BY(mutex_) = false;
  bool over_ GUARDED_BY(mutex_) = false;
  Line line_ GUARDED_BY(mutex_) = Line::idle;
  std::string trouble_ GUARDED_BY(mutex_);
  std::jthread worker_;
};

}  // namespace agentpipe::delivery

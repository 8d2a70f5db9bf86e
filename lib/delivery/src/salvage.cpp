#include "agentpipe/delivery/salvage.hpp"

#include <algorithm>

#include "agentpipe/base/log.hpp"

namespace agentpipe::delivery {

namespace {

using base::MutexLock;

/// Only bounds one wait; the next begins at once.
constexpr base::Milliseconds k_longest_wait{3'600'000};

}  // namespace

Salvage::Salvage(SpoolFolder& folder, std::string url, Connect connect, base::Clock& clock)
    : folder_(folder),
      clock_(clock),
      lead_([this, url = std::move(url), connect = std::move(connect)](const std::stop_token& stop) {
        lead(url, connect, stop);
      }) {}

void Salvage::lead(const std::string& url, const Connect& connect, const std::stop_token& stop) {
  const std::size_t hands = std::min(find(url), k_at_once);
  std::vector<std::unique_ptr<Transport>> transports;
  for (std::size_t i = 0; i < hands; ++i) transports.push_back(connect());
  {
    const MutexLock lock(mutex_);
    working_ = hands;
    found_ = true;
    changed_.notify_all();
  }
  std::vector<std::jthread> workers;
  for (const auto& transport : transports)
    workers.emplace_back([this, &transport, stop] { work(*transport, stop); });
}

std::size_t Salvage::find(const std::string& url) {
  auto orphans = folder_.orphans(url);
  if (!orphans) {
    base::log(base::LogLevel::error, "cannot look into the spool", {{"detail", orphans.error().message}});
    return 0;
  }
  const MutexLock lock(mutex_);
  queue_.assign(std::make_move_iterator(orphans->begin()), std::make_move_iterator(orphans->end()));
  counts_.sources = queue_.size();
  for (const SourceSummary& source : queue_) counts_.waiting += source.waiting;
  return queue_.size();
}

void Salvage::work(Transport& transport, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto source = next();
    if (!source) break;
    deliver(*source, transport, stop);
  }
  const MutexLock lock(mutex_);
  --working_;
  changed_.notify_all();
}

std::optional<SourceSummary> Salvage::next() {
  const MutexLock lock(mutex_);
  if (queue_.empty()) return std::nullopt;
  SourceSummary source = std::move(queue_.front());
  queue_.pop_front();
  return source;
}

void Salvage::deliver(const SourceSummary& source, Transport& transport, const std::stop_token& stop) {
  auto spool = folder_.adopt(source);
  if (!spool) {  // somebody else was faster, which is as good
    base::log(base::LogLevel::debug, "a spool is not adopted", {{"detail", spool.error().message}});
    const MutexLock lock(mutex_);
    counts_.waiting -= std::min(source.waiting, counts_.waiting);
    return;
  }
  Courier courier(**spool, transport, clock_, system_random(),
                  [this](const DeliveryState& state) { told(state); });
  const auto left = [&spool] { return (*spool)->last_appended() - (*spool)->last_acknowledged(); };
  {
    const MutexLock lock(mutex_);
    couriers_.push_back(&courier);
  }
  while (!stop.stop_requested() && left() > 0) courier.deliver(stop);
  const DeliveryCounts counts = courier.state().counts;
  (*spool)->finish();
  const MutexLock lock(mutex_);
  std::erase(couriers_, &courier);
  counts_.delivered += counts.delivered + counts.withheld;
  counts_.rejected += counts.rejected;
  counts_.waiting -= std::min(source.waiting - std::min(source.waiting, left()), counts_.waiting);
}

void Salvage::told(const DeliveryState& state) {
  const MutexLock lock(mutex_);
  line_ = state.line;
  trouble_ = state.trouble;
}

bool Salvage::wait(base::Deadline deadline, const std::stop_token& stop) {
  MutexLock lock(mutex_);
  changed_.wait(lock, stop, [this]() REQUIRES(mutex_) { return found_; });
  const auto over = [this]() REQUIRES(mutex_) { return working_ == 0; };
  while (!over() && !deadline.reached(clock_) && !stop.stop_requested()) {
    changed_.wait_for(lock, stop, std::min(deadline.left(clock_), k_longest_wait), over);
  }
  return over() && counts_.waiting == 0;
}

SalvageCounts Salvage::counts() const {
  const MutexLock lock(mutex_);
  SalvageCounts counts = counts_;
  for (const Courier* courier : couriers_) {
    const DeliveryCounts so_far = courier->state().counts;
    counts.delivered += so_far.delivered + so_far.withheld;
    counts.rejected += so_far.rejected;
    counts.waiting -= std::min(counts.waiting, so_far.delivered + so_far.withheld + so_far.rejected);
  }
  return counts;
}

Line Salvage::line() const {
  const MutexLock lock(mutex_);
  return line_;
}

std::string Salvage::trouble() const {
  const MutexLock lock(mutex_);
  return trouble_;
}

}  // namespace agentpipe::delivery

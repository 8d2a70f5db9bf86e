#include "agentpipe/delivery/salvage.hpp"

#include <algorithm>
#include <utility>

#include "agentpipe/base/log.hpp"

namespace agentpipe::delivery {

namespace {

using base::MutexLock;

constexpr base::Milliseconds k_look_again{100};
/// In a row, a second between them: then the next source has its turn.
constexpr unsigned k_most_read_errors = 3;

}  // namespace

Salvage::Salvage(SpoolFolder& folder, std::string url, Connect connect, base::Clock& clock,
                 Courier::Observer observer, Others others)
    : folder_(folder),
      clock_(clock),
      observer_(std::move(observer)),
      others_(others),
      worker_([this, url = std::move(url), connect = std::move(connect)](const std::stop_token& stop) {
        work(url, connect, stop);
      }) {}

void Salvage::work(const std::string& url, const Connect& connect, const std::stop_token& stop) {
  bool others = false;
  do {
    others = others_ == Others::wait_for && folder_.others_deliver(url);
    deliver_all(find(url), connect, stop);
    others = others || (others_ == Others::wait_for && folder_.others_deliver(url));  // they come and die
  } while (others && clock_.sleep(k_look_again, stop));
  const MutexLock lock(mutex_);
  over_ = true;
  changed_.notify_all();
}

void Salvage::deliver_all(const std::vector<SourceSummary>& sources, const Connect& connect,
                          const std::stop_token& stop) {
  if (sources.empty()) return;
  const auto transport = connect();
  for (const SourceSummary& source : sources) {
    if (stop.stop_requested()) return;
    deliver(source, *transport, stop);
  }
}

std::vector<SourceSummary> Salvage::find(const std::string& url) {
  auto orphans = folder_.orphans(url);
  if (!orphans) pass_over(url, orphans.error().message);
  std::vector<SourceSummary> sources = orphans ? std::move(*orphans) : std::vector<SourceSummary>{};
  for (const SourceSummary& source : sources) {
    if (!source.trouble.empty()) pass_over(source.source, source.trouble);
  }
  std::erase_if(sources, [](const SourceSummary& source) { return !source.trouble.empty(); });
  const MutexLock lock(mutex_);
  counts_.sources += sources.size();
  for (const SourceSummary& source : sources) counts_.waiting += source.waiting;
  found_ = true;
  changed_.notify_all();
  return sources;
}

void Salvage::pass_over(const std::string& source, const std::string& why) {
  const MutexLock lock(mutex_);
  if (!unreadable_.insert(source).second) return;
  base::log(base::LogLevel::error, "a spool cannot be read; it is passed over",
            {{"source", source}, {"detail", why}});
  counts_.unreadable = unreadable_.size();
}

/// Waits while somebody else delivers the source: a conversation may go on in a later one, which must not
/// overtake it.
base::Result<std::unique_ptr<DiskSpool>> Salvage::adopt(const SourceSummary& source,
                                                        const std::stop_token& stop) {
  while (true) {
    auto spool = folder_.adopt(source);
    const bool is_taken = !spool && spool.error().code == base::ErrorCode::conflict;
    if (!is_taken || !clock_.sleep(k_look_again, stop)) return spool;
  }
}

void Salvage::deliver(const SourceSummary& source, Transport& transport, const std::stop_token& stop) {
  auto spool = adopt(source, stop);
  if (!spool) {
    base::log(base::LogLevel::debug, "a spool is not adopted", {{"detail", spool.error().message}});
    const auto code = spool.error().code;
    // Gone is as good: somebody else has delivered it. Taken: it was, until the stop.
    const bool is_bad = code != base::ErrorCode::not_found && code != base::ErrorCode::conflict;
    if (is_bad) pass_over(source.source, spool.error().message);
    const MutexLock lock(mutex_);
    counts_.waiting -= std::min(source.waiting, counts_.waiting);
    return;
  }
  Courier courier(**spool, transport, clock_, system_random(),
                  [this](const DeliveryState& state) { told(state); });
  const auto left = [&spool] { return (*spool)->last_appended() - (*spool)->last_acknowledged(); };
  {
    const MutexLock lock(mutex_);
    courier_ = &courier;
  }
  // It comes back with something left only when that cannot be read.
  for (unsigned tries = 0; !stop.stop_requested() && left() > 0 && tries < k_most_read_errors; ++tries) {
    courier.deliver(stop);
  }
  const DeliveryCounts counts = courier.state().counts;
  if (!stop.stop_requested() && left() > 0) pass_over(source.source, courier.state().trouble);
  (*spool)->finish();
  const MutexLock lock(mutex_);
  courier_ = nullptr;
  counts_.delivered += counts.delivered + counts.withheld;
  counts_.rejected += counts.rejected;
  counts_.waiting -= std::min(source.waiting - std::min(source.waiting, left()), counts_.waiting);
}

void Salvage::told(const DeliveryState& state) {
  {
    const MutexLock lock(mutex_);
    line_ = state.line;
    trouble_ = state.trouble;
  }
  if (observer_) observer_(state);  // who hears of it may ask at once
}

bool Salvage::wait(base::Deadline deadline, const std::stop_token& stop) {
  MutexLock lock(mutex_);
  changed_.wait(lock, stop, [this]() REQUIRES(mutex_) { return found_; });
  const auto hopeless = [&]() REQUIRES(mutex_) {
    const auto next_try = courier_ != nullptr ? courier_->state().next_try : std::nullopt;
    return next_try && *next_try > deadline.at();
  };
  const auto over = [&]() REQUIRES(mutex_) { return over_ || hopeless(); };
  while (!over() && !deadline.reached(clock_) && !stop.stop_requested()) {
    // Looked at again and again, as a courier that waits tells nobody until when.
    changed_.wait_for(lock, stop, std::min(deadline.left(clock_), k_look_again), over);
  }
  return over_ && counts_.waiting == 0;
}

SalvageCounts Salvage::counts() const {
  const MutexLock lock(mutex_);
  SalvageCounts counts = counts_;
  if (courier_ != nullptr) {
    const DeliveryCounts so_far = courier_->state().counts;
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
  // A first failure is no change of the line, so nobody was told of it.
  const std::string now = courier_ != nullptr ? courier_->state().trouble : std::string();
  return now.empty() ? trouble_ : now;
}

}  // namespace agentpipe::delivery

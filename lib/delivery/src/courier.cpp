#include "agentpipe/delivery/courier.hpp"

#include <algorithm>

#include "agentpipe/base/log.hpp"
#include "agentpipe/model/codec.hpp"
#include "courier_batches.hpp"
#include "plain_dialect.hpp"

namespace agentpipe::delivery {

namespace {

using base::Milliseconds;
using base::MutexLock;

/// Between tries while somebody waits for the end.
constexpr Milliseconds k_hurried_backoff{1000};

Request ask_for_health() {
  return {"GET", std::string(k_health_path), {}, {}, {}};
}

}  // namespace

Courier::Courier(Spool& spool, Transport& transport, base::Clock& clock, Random random, Observer observer)
    : spool_(spool),
      transport_(transport),
      clock_(clock),
      observer_(std::move(observer)),
      began_after_(spool.last_acknowledged()),
      random_(std::move(random)),
      batches_(std::make_unique<Batches>(Batches{{spool.source_id(), {}}, {}, {}, {}, 0})),
      done_(began_after_) {}

Courier::~Courier() = default;

void Courier::greet(const std::stop_token& stop) {
  capabilities_ = capabilities_from(transport_.send(ask_for_health(), stop));
}

bool Courier::speaks_batches() const {
  return capabilities_ && capabilities_->has(k_batch);
}

void Courier::deliver(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::vector<Record> records = next(stop);
    if (records.empty()) return;
    if (!capabilities_) {
      learn_capabilities(stop);  // how much goes into a request depends on it
    } else if (speaks_batches()) {
      send_batch(std::move(records), stop);
    } else {
      send_event(std::move(records.front()), stop);
    }
  }
}

std::vector<Record> Courier::next(const std::stop_token& stop) {
  if (!unburied_.empty()) wait_for_spool(std::exchange(unburied_, {}), stop);
  const RecordNumber last = spool_.last_appended();
  // While the server is down one event asks whether it is back.
  const bool many = speaks_batches() && !breaker_.open();
  auto found = spool_.read(done_, many ? batches_->size.most() : 1, many ? batches_->bytes.most() : 0);
  if (!found) {
    base::log(base::LogLevel::error, "cannot read the spool", {{"detail", found.error().message}});
    wait_for_spool(found.error().message, stop);
    return {};
  }
  if (found->empty()) {
    if (last > done_) settle({.through = last});
    become(Line::idle, {});
  }
  cut_at_hole(*found);
  return std::move(*found);
}

void Courier::learn_capabilities(const std::stop_token& stop) {
  const Response response = transport_.send(ask_for_health(), stop);
  if (stop.stop_requested()) return;
  capabilities_ = capabilities_from(response);
  if (capabilities_) return;
  const Verdict verdict = classify(response);
  // An odd answer to this question is no reason to give up an event.
  const bool is_final = verdict == Verdict::pause || verdict == Verdict::misconfigured;
  hold_back(is_final ? verdict : Verdict::retry, response, stop);
}

void Courier::wait_for_spool(std::string trouble, const std::stop_token& stop) {
  become(Line::retrying, std::move(trouble));
  nap(k_hurried_backoff, k_hurried_backoff, stop);
}

void Courier::settle(Settlement settlement) {
  put_aside(settlement);
  const MutexLock lock(mutex_);
  DeliveryCounts& counts = state_.counts;
  counts.delivered += settlement.delivered;
  counts.withheld += settlement.withheld;
  counts.shortened += settlement.shortened;
  // What is neither was put with the dead letters by the spool itself: it could not be read any more.
  counts.rejected += settlement.through - done_ - settlement.delivered - settlement.withheld;
  if (const auto done = spool_.acknowledge(settlement.through); !done) {
    base::log(base::LogLevel::error, "cannot acknowledge in the spool", {{"detail", done.error().message}});
  }
  done_ = settlement.through;
  changed_.notify_all();
}

void Courier::put_aside(Settlement& settlement) {
  std::size_t rest = settlement.letters.size();
  for (DeadLetter& letter : settlement.letters) {
    DeadLetter told{{letter.record.number, {}}, letter.code, letter.reason};
    const auto done = spool_.bury(std::move(letter));
    // `internal`: it is out of the way already.
    if (!done && done.error().code != base::ErrorCode::internal) {
      base::log(base::LogLevel::error, "cannot bury in the spool", {{"detail", done.error().message}});
      unburied_ = done.error().message;
      const RecordNumber through = told.record.number - 1;
      settlement.delivered -= settlement.through - through - rest;
      settlement.through = through;
      return;
    }
    --rest;
    base::log(base::LogLevel::warn, "the server refuses an event for good",
              {{"record", std::to_string(told.record.number)}, {"code", told.code}, {"reason", told.reason}});
    const MutexLock lock(mutex_);
    state_.last_letter = std::move(told);
  }
}

void Courier::bury(Record record, Refusal refusal) {
  const RecordNumber number = record.number;
  std::vector<DeadLetter> letters;
  letters.push_back({std::move(record), std::move(refusal.code), std::move(refusal.reason)});
  settle({.through = number, .letters = std::move(letters)});
}

void Courier::hold_back(Verdict verdict, const Response& response, const std::stop_token& stop) {
  breaker_.failed(clock_.ticks());
  const Milliseconds wish =
      std::max(spread(retry_after(response, clock_.now()).value_or(Milliseconds{0}), random_()),
               budget_.spend(clock_.ticks()));
  if (verdict == Verdict::pause || verdict == Verdict::misconfigured) {
    forget_server();  // whoever answers after a change may be another one
    become(verdict == Verdict::pause ? Line::refused : Line::misconfigured, explain(response));
    nap(std::max(k_pause, wish), wish, stop);
    return;
  }
  if (breaker_.failures() == Breaker::k_limit) forget_server();
  const Line line = breaker_.open() ? Line::down : breaker_.failures() > 1 ? Line::retrying : Line::sending;
  become(line, explain(response));
  const Milliseconds longest = hurried_ ? k_hurried_backoff : k_longest_backoff;
  nap(std::max(backoff(breaker_.failures() - 1, random_(), longest), wish), wish, stop);
}

void Courier::forget_server() {
  capabilities_.reset();
  inquiry_ = {};
}

void Courier::recovered() {
  breaker_.succeeded();
  budget_.succeeded(clock_.ticks());
  if (unburied_.empty()) become(Line::sending, {});
}

void Courier::become(Line line, std::string trouble) {
  DeliveryState told;
  {
    const MutexLock lock(mutex_);
    if (trouble.empty()) {
      state_.since.reset();
    } else if (!state_.since) {
      state_.since = clock_.ticks();
    }
    state_.trouble = std::move(trouble);
    if (state_.line == line) return;
    state_.line = line;
    told = snapshot();
    changed_.notify_all();
  }
  if (observer_) observer_(told);
}

void Courier::nap(Milliseconds length, Milliseconds at_least, const std::stop_token& stop) {
  std::stop_source alarm;
  const base::Ticks began = clock_.ticks();
  {
    const MutexLock lock(mutex_);
    alarm_ = alarm;
    not_before_ = began + at_least;
    state_.next_try = began + length;
    changed_.notify_all();
  }
  const std::stop_callback wake(stop, [&alarm] { alarm.request_stop(); });
  if (!clock_.sleep(length, alarm.get_token()) && !stop.stop_requested()) {
    const auto left = std::chrono::ceil<Milliseconds>(began + at_least - clock_.ticks());
    if (left > Milliseconds{0}) clock_.sleep(left, stop);
  }
  const MutexLock lock(mutex_);
  alarm_ = std::stop_source(std::nostopstate);
  state_.next_try.reset();
}

DeliveryState Courier::state() const {
  const MutexLock lock(mutex_);
  return snapshot();
}

DeliveryState Courier::snapshot() const {
  DeliveryState copy = state_;
  const RecordNumber last = spool_.last_appended();
  copy.counts.accepted = last - began_after_;
  copy.counts.waiting = last - done_;
  if (!copy.counts.balanced()) base::log(base::LogLevel::error, "delivery counts do not add up");
  return copy;
}

void Courier::hurry() {
  hurried_ = true;
  const auto current_alarm = [this] {
    const MutexLock lock(mutex_);
    if (state_.next_try) state_.next_try = not_before_;
    return alarm_;
  };
  current_alarm().request_stop();  // outside of the lock: its callbacks may take it
}

bool Courier::await(RecordNumber number, base::Deadline deadline, const std::stop_token& stop) const {
  MutexLock lock(mutex_);
  const auto hopeless = [&]()
                            REQUIRES(mutex_) { return state_.next_try && *state_.next_try > deadline.at(); };
  const auto over = [&]() REQUIRES(mutex_) { return done_ >= number || hopeless(); };
  while (!over() && !deadline.reached(clock_) && !stop.stop_requested()) {
    changed_.wait_for(lock, stop, std::min(deadline.left(clock_), base::k_longest_wait), over);
  }
  return done_ >= number;
}

}  // namespace agentpipe::delivery

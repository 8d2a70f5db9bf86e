// How the courier sends batches and what their answers do.

#include "courier_batches.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <numeric>
#include <utility>

#include "answer.hpp"

namespace agentpipe::delivery {

namespace {

/// Gaps in a row that are answered at once.
constexpr unsigned k_most_rewinds = 3;

std::size_t bytes_of(const std::vector<Record>& records) {
  return std::transform_reduce(records.begin(), records.end(), std::size_t{0}, std::plus{},
                               [](const Record& record) { return record.event.size(); });
}

}  // namespace

void Courier::send_batch(std::vector<Record> records, const std::stop_token& stop) {
  const auto unknown = std::find_if(records.begin(), records.end(), [this](const Record& record) {
    return !knows(*capabilities_, record.event);
  });
  if (unknown == records.begin()) return settle({.through = records.front().number, .withheld = 1});
  records.erase(unknown, records.end());
  const base::Ticks began = clock_.ticks();
  const Response response =
      transport_.send(batches_->requests.make(records, batches_->place, *capabilities_), stop);
  if (stop.stop_requested() && response.fault != NetworkFault::none) return;
  const auto took = std::chrono::duration_cast<base::Milliseconds>(clock_.ticks() - began);
  const Verdict verdict = classify(response, records.size() > 1 ? Carried::several : Carried::record);
  switch (verdict) {
    case Verdict::delivered:
      batches_->bytes.stored(bytes_of(records), took);
      return batch_delivered(std::move(records), response, stop);
    case Verdict::reject:
    case Verdict::split:
      return batch_refused(std::move(records), response);
    case Verdict::rewind:
      return rewind(response, stop);
    default:
      batches_->bytes.failed();
      return hold_back(verdict, response, stop);
  }
}

void Courier::batch_delivered(std::vector<Record> records, const Response& response,
                              const std::stop_token& stop) {
  ParsedAnswer answer = parse_answer(response.body);
  const RecordNumber first = records.front().number;
  const RecordNumber through = std::min(*answer.acked_n, records.back().number);
  if (through < first) return hold_back(Verdict::retry, response, stop);  // it took nothing, and says so
  Settlement settlement{.through = through};
  for (RefusedRecord& refused : answer.rejected) {
    if (refused.n < first || refused.n > through) continue;
    Record record = std::exchange(records[refused.n - first], {});
    if (record.number == 0) continue;  // told twice
    settlement.letters.push_back({std::move(record), std::move(refused.code), std::move(refused.reason)});
  }
  std::ranges::sort(settlement.letters, {}, [](const DeadLetter& letter) { return letter.record.number; });
  settlement.delivered = through - first + 1 - settlement.letters.size();
  settle(std::move(settlement));
  batches_->place.expected = *answer.acked_n + 1;
  batches_->rewinds = 0;
  batches_->size.stored(through);
  recovered();
}

void Courier::batch_refused(std::vector<Record> records, const Response& response) {
  if (records.size() > 1) return batches_->size.refused(records.size(), records.back().number);
  bury(std::move(records.front()), refusal(response));
  batches_->size.found();
  recovered();
}

// What the server misses is either still in the spool, and comes next, or gone; then the next request says
// so.
void Courier::rewind(const Response& response, const std::stop_token& stop) {
  batches_->place.expected = parse_answer(response.body).expected_n;
  if (++batches_->rewinds > k_most_rewinds) hold_back(Verdict::retry, response, stop);
}

}  // namespace agentpipe::delivery

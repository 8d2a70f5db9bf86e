#include "job.hpp"

#include <utility>
#include <variant>

#include "batch_recorder.hpp"
#include "recorder.hpp"

namespace agentpipe::store::sql {

namespace {

constexpr std::size_t k_event_overhead = 256;

std::size_t size_of(const model::MessageCreated& m) {
  return m.content.size() + m.parts.text.size() + m.metadata.text.size() + m.client.text.size() +
         m.extra.text.size();
}

std::size_t size_of(const model::ConversationStarted& s) {
  std::size_t size = s.initial_prompt.size() + s.system_info.text.size() + s.command.text.size() +
                     s.metadata.text.size() + s.client.text.size() + s.extra.text.size();
  for (const model::Participant& p : s.participants) {
    size += k_event_overhead + p.prompt.value_or("").size() + p.settings.text.size() + p.extra.text.size();
  }
  return size;
}

std::size_t size_of(const model::LogEntry& e) {
  return e.content.size() + e.metrics.text.size() + e.metadata.text.size() + e.extra.text.size();
}

std::size_t size_of(const model::ConversationCompleted& c) {
  return (c.summary ? c.summary->text.size() + c.summary->extra.text.size() : 0) + c.extra.text.size();
}

std::size_t size_of(const model::ConversationError& e) {
  return e.error_message.size() + e.extra.text.size();
}

template <class Other>
std::size_t size_of(const Other& other) {
  return other.extra.text.size();
}

/// One kind of request, with its result until the transaction is over.
template <class Request, class Outcome>
class RequestJob final : public Job {
 public:
  using Write = base::Result<Outcome> (*)(const Workbench&, Request&);
  using Done = std::function<void(base::Result<Outcome>)>;

  RequestJob(Request request, Write how, Done done)
      : request_(std::move(request)), write_(how), done_(std::move(done)) {}

  base::Result<void> write(const Workbench& bench) override {
    outcome_ = write_(bench, request_);
    if (!outcome_ && !is_callers_fault(outcome_.error())) return base::forward(outcome_);
    return {};
  }
  void answer(const base::Result<void>& transaction) override {
    done_(transaction ? std::move(outcome_) : base::Result<Outcome>(base::forward(transaction)));
  }

 private:
  Request request_;
  Write write_;
  Done done_;
  base::Result<Outcome> outcome_;
};

base::Result<Appended> write_append(const Workbench& bench, Append& request) {
  return bench.recorder.record(std::move(request));
}
base::Result<Received> write_batch(const Workbench& bench, Batch& batch) {
  return bench.batches.record(batch);
}
base::Result<std::size_t> write_silence(const Workbench& bench, Silence& silence) {
  return bench.recorder.record_silence(silence);
}
base::Result<void> write_task(const Workbench& bench, Task& task) {
  return task(bench.database);
}

}  // namespace

std::size_t weight(const model::Event& event) {
  return k_event_overhead + std::visit([](const auto& body) { return size_of(body); }, event.body);
}

JobPtr append_job(Append request, AppendDone done) {
  const std::size_t events = request.events.size();
  std::size_t bytes = 0;
  for (const model::Event& event : request.events) bytes += weight(event);
  auto job =
      std::make_unique<RequestJob<Append, Appended>>(std::move(request), &write_append, std::move(done));
  job->events = events;
  job->bytes = bytes;
  return job;
}

JobPtr batch_job(Batch batch, BatchDone done) {
  const std::size_t events = batch.events.size();
  std::size_t bytes = 0;
  for (const auto& event : batch.events) bytes += event ? weight(*event) : k_event_overhead;
  auto job = std::make_unique<RequestJob<Batch, Received>>(std::move(batch), &write_batch, std::move(done));
  job->events = events;
  job->bytes = bytes;
  return job;
}

JobPtr silence_job(const Silence& silence, std::function<void(base::Result<std::size_t>)> done) {
  return std::make_unique<RequestJob<Silence, std::size_t>>(silence, &write_silence, std::move(done));
}

JobPtr task_job(Task task, TaskDone done) {
  return std::make_unique<RequestJob<Task, void>>(std::move(task), &write_task, std::move(done));
}

}  // namespace agentpipe::store::sql

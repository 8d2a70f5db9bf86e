#include "writer.hpp"

#include <future>
#include <utility>

#include "agentpipe/base/log.hpp"
#include "queries.hpp"
#include "reader_pool.hpp"

namespace agentpipe::store::sql {

Writer::Writer(Database database, Upkeep& upkeep, Condition& condition, LogNumber last,
               const QueueLimits& limits, base::Clock& clock)
    : upkeep_(upkeep),
      condition_(condition),
      database_(std::move(database)),
      recorder_(database_, last),
      batches_(database_, recorder_),
      generation_(database_.connection().generation()),
      queue_(limits, clock),
      last_(last) {
  thread_ = std::thread([this] { run(); });
}

Writer::~Writer() {
  queue_.close();
  thread_.join();
}

void Writer::add(JobPtr job) {
  auto pushed = condition_.accepts();
  if (pushed) pushed = queue_.push(job);
  if (!pushed) job->answer(pushed);
}

base::Result<void> Writer::perform(Task task) {
  std::promise<base::Result<void>> promise;
  add(task_job(std::move(task), [&](base::Result<void> result) { promise.set_value(std::move(result)); }));
  return promise.get_future().get();
}

void Writer::run() {
  while (true) {
    const std::vector<JobPtr> group = queue_.take();
    if (group.empty()) break;
    write(group);
    upkeep_.between(database_);
  }
  if (condition_.accepts()) upkeep_.at_end(database_);
}

void Writer::write(const std::vector<JobPtr>& group) {
  auto done = condition_.may_write();
  if (done) done = transact(group);
  // Looked at only once something was appended: until then another thread may set it while the index is
  // written.
  if (done && !recorder_.log().empty() && listener_) listener_(recorder_.log());
  if (done) recorder_.committed();
  for (const JobPtr& job : group) job->answer(done);
}

base::Result<void> Writer::transact(const std::vector<JobPtr>& group) {
  auto done = database_.connection().begin(Transaction::writing);
  if (done) done = settle();
  if (done) done = fill(group);
  if (done) done = database_.connection().commit();
  if (done) {
    last_.store(recorder_.last(), std::memory_order_release);
    condition_.succeeded();
    return done;
  }
  condition_.failed(done.error());
  recorder_.rolled_back();
  if (auto undone = database_.connection().roll_back(); !undone) condition_.failed(undone.error());
  return done;
}

base::Result<void> Writer::fill(const std::vector<JobPtr>& group) {
  const Workbench bench{database_, recorder_, batches_};
  for (const JobPtr& job : group) {
    if (auto done = job->write(bench); !done) return done;
  }
  return recorder_.finish();
}

// A commit whose answer was lost with the connection may have come through. Its requests were told to come
// again, and will be found to be duplicates; whoever watches is told now.
base::Result<void> Writer::settle() {
  if (generation_ == database_.connection().generation()) return {};
  auto last = last_number_seen(database_);
  if (!last) return base::forward(last);
  if (auto published = publish_missed(*last); !published) return published;
  recorder_.rolled_back_to(*last);
  last_.store(*last, std::memory_order_release);
  generation_ = database_.connection().generation();
  return {};
}

base::Result<void> Writer::publish_missed(LogNumber last) {
  for (LogNumber at = recorder_.last(); at < last;) {
    auto page = read_log(database_, {.after = at, .until = last});
    if (!page) return base::forward(page);
    if (page->empty()) break;
    at = page->back().number;
    std::vector<std::shared_ptr<const model::Logged>> missed;
    for (model::Logged& logged : *page)
      missed.push_back(std::make_shared<const model::Logged>(std::move(logged)));
    if (listener_) listener_(missed);
  }
  return {};
}

}  // namespace agentpipe::store::sql

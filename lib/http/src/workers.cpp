#include "agentpipe/http/workers.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <thread>
#include <vector>

#include "agentpipe/base/log.hpp"
#include "agentpipe/base/thread_annotations.hpp"

namespace agentpipe::http {

struct Workers::Impl {
  explicit Impl(std::size_t bound) : limit(bound) {}

  void serve() {
    for (;;) {
      std::function<void()> task;
      {
        base::MutexLock lock(mutex);
        while (tasks.empty() && !stopping) news.wait(lock);
        if (tasks.empty()) return;
        task = std::move(tasks.front());
        tasks.pop_front();
      }
      try {
        task();
      } catch (const std::exception& problem) {  // whoever waits for it is answered by its Responder's end
        base::log(base::LogLevel::error, "a task failed", {{"what", problem.what()}});
      }
    }
  }

  const std::size_t limit;
  base::Mutex mutex;
  std::condition_variable_any news;
  std::deque<std::function<void()>> tasks GUARDED_BY(mutex);
  bool stopping GUARDED_BY(mutex) = false;
  std::vector<std::thread> threads;  // joined by stop()
};

Workers::Workers(unsigned threads, std::size_t queue) : impl_(std::make_unique<Impl>(queue)) {
  for (unsigned i = 0; i < threads; ++i) impl_->threads.emplace_back([impl = impl_.get()] { impl->serve(); });
}

Workers::~Workers() {
  stop();
}

bool Workers::run(std::function<void()> task) {
  {
    const base::MutexLock lock(impl_->mutex);
    if (impl_->stopping || impl_->tasks.size() >= impl_->limit) return false;
    impl_->tasks.push_back(std::move(task));
  }
  impl_->news.notify_one();
  return true;
}

void Workers::stop() {
  {
    const base::MutexLock lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->news.notify_all();
  for (auto& thread : impl_->threads) {
    if (thread.joinable()) thread.join();
  }
}

}  // namespace agentpipe::http

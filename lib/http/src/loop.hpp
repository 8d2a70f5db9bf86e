#pragma once

#include <array>
#include <atomic>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/hub/topic.hpp"
#include "shared.hpp"
#include "stream.hpp"

namespace agentpipe::http {

class Connection;

/// One thread and the connections it serves. Everything but the functions marked so runs on that thread, so
/// connections need no locks.
class Loop : public std::enable_shared_from_this<Loop> {
 public:
  using Timer =
      asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                                 asio::io_context::executor_type>;

  explicit Loop(std::shared_ptr<Shared> shared);
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop();

  // Any thread.
  void start();
  [[nodiscard]] asio::io_context& context() { return context_; }
  [[nodiscard]] std::size_t behind() const { return behind_; }
  [[nodiscard]] base::Ticks swept_at() const { return base::Ticks(base::Ticks::duration(swept_)); }
  [[nodiscard]] bool is_here() const { return std::this_thread::get_id() == thread_id_.load(); }
  void post(auto&& task) { asio::post(context_, std::forward<decltype(task)>(task)); }
  void wake_streams(const hub::News& news);
  void wind_down();
  void close_all();
  /// False: connections were still open at that time.
  bool wait_until(base::Ticks at) { return ended_.wait_until(at) == std::future_status::ready; }
  void join();

  void adopt(Socket socket);
  void remove(Connection& connection);
  void add_stream(Connection& connection, hub::Topic topic);
  void remove_stream(Connection& connection);

  [[nodiscard]] Shared& shared() { return *shared_; }
  [[nodiscard]] base::Ticks now() const { return shared_->clock.ticks(); }
  [[nodiscard]] std::span<char> scratch() { return scratch_; }
  /// For the Date header; as of the last sweep.
  [[nodiscard]] const std::string& date() const { return date_; }
  std::string next_request_id();
  /// Evenly from 0 up to `bound`.
  base::Milliseconds random_below(base::Milliseconds bound);

 private:
  using Guard = asio::executor_work_guard<asio::io_context::executor_type>;

  void run();
  void schedule_sweep();
  void sweep();
  void pump_streams();
  void choose_due(hub::News news);
  void prefetch_after(std::size_t place) const;
  void end_when_empty();

  std::shared_ptr<Shared> shared_;
  asio::io_context context_{1};
  Guard guard_;
  Timer timer_;
  std::array<char, 64UL << 10U> scratch_{};
  std::string date_;
  std::uint64_t request_counter_ = 0;
  std::uint64_t random_state_;
  std::vector<std::shared_ptr<Connection>> connections_;
  struct Subscriber {
    Connection* connection;
    hub::Topic topic;
  };
  std::vector<Subscriber> streams_;
  std::vector<Connection*> due_;  // to be pumped
  base::Mutex news_mutex_;
  hub::News news_ GUARDED_BY(news_mutex_);  // not yet told
  std::size_t next_turn_ = 0;               // a place in streams_
  std::atomic<bool> wake_posted_{false};
  std::atomic<std::size_t> behind_{0};
  std::atomic<base::Ticks::rep> swept_;  // when the last sweep began
  std::atomic<std::thread::id> thread_id_;
  std::promise<void> end_;
  std::future<void> ended_;
  std::thread thread_;
};

}  // namespace agentpipe::http

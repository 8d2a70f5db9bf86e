#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/hub/filter.hpp"
#include "agentpipe/hub/frame.hpp"
#include "agentpipe/hub/topic.hpp"
#include "agentpipe/model/logged.hpp"

/// Live fan-out: subscribers are cursors on the log. Near its end they are fed from a ring of recent frames,
/// behind it from the database, so a slow subscriber costs no memory and misses nothing.
namespace agentpipe::hub {

/// How much of the log's end is kept in memory.
struct RingLimits {
  std::size_t frames = 4096;
  std::size_t bytes = 16UL << 20U;  ///< of Frame::weight()
};

/// Where a subscriber stands: it has everything up to `number`. `slot` is the hub's own note, 0 at first.
struct Place {
  model::LogNumber number = 0;
  std::uint64_t slot = 0;
};

/// How much one read may hand out; at least one frame.
struct Portion {
  std::size_t bytes = 256UL << 10U;
  std::size_t frames = 1000;
};

struct Reading {
  enum class State : unsigned char {
    frames,   ///< `frames` come next, in order
    nothing,  ///< up to date: wait for the listener to be called
    behind,  ///< the ring starts later: replay the log after the place up to `until` at least, move the place
             ///< there
  } state = State::nothing;
  std::vector<std::shared_ptr<const Frame>> frames;
  model::LogNumber until = 0;
};

/// Thread-safe.
class Hub {
 public:
  /// `last`: number of the last event in the log so far.
  Hub(std::string epoch, model::LogNumber last, RingLimits limits = {});

  [[nodiscard]] const std::string& epoch() const { return *epoch_; }
  [[nodiscard]] const std::shared_ptr<const std::string>& shared_epoch() const { return epoch_; }
  /// Number of the newest published event.
  [[nodiscard]] model::LogNumber last() const EXCLUDES(mutex_);
  /// The place that sees only what comes from now on, transient events included.
  [[nodiscard]] Place live() const EXCLUDES(mutex_);

  /// Adds committed events, in the order of their numbers, and calls the listener.
  void publish(std::span<const std::shared_ptr<const model::Logged>> events) EXCLUDES(mutex_);
  /// Passes on an event that is not stored; who is not up to date does not see it.
  void broadcast(model::Event event) EXCLUDES(mutex_);

  /// The same for something that is no event and reaches every subscriber; see Frame.
  void announce(std::string_view type, std::string json) EXCLUDES(mutex_);

  /// What comes after `place` and passes the filter; moves `place` behind it. A number above last() waits
  /// until the log gets there.
  [[nodiscard]] Reading read(Place& place, const Filter& filter, Portion portion = {}) const EXCLUDES(mutex_);

  /// Called after each publish, broadcast and announcement, on the publisher's thread; must return at once.
  void on_news(std::function<void(const News&)> listener) EXCLUDES(mutex_);

  struct Stats {
    std::size_t frames = 0;
    std::size_t bytes = 0;
    std::uint64_t published = 0;
  };
  [[nodiscard]] Stats stats() const EXCLUDES(mutex_);

 private:
  using Listener = std::shared_ptr<const std::function<void(const News&)>>;
  void append(std::shared_ptr<const Frame> frame) REQUIRES(mutex_);
  void shrink() REQUIRES(mutex_);
  [[nodiscard]] std::uint64_t slot_after(model::LogNumber number) const REQUIRES(mutex_);
  [[nodiscard]] bool may_hold(Topic topic, std::uint64_t from_slot) const REQUIRES(mutex_);

  const std::shared_ptr<const std::string> epoch_;
  const RingLimits limits_;

  mutable base::Mutex mutex_;
  Listener listener_ GUARDED_BY(mutex_);
  std::deque<std::shared_ptr<const Frame>> ring_ GUARDED_BY(mutex_);
  std::uint64_t first_slot_ GUARDED_BY(mutex_) = 1;  // of the ring's front
  std::atomic<std::uint64_t> end_slot_ = 1;          // behind its back; most readers stand there
  std::unordered_map<Topic, std::uint64_t> newest_ GUARDED_BY(mutex_);  // slot in the ring
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
  std::uint64_t published_ GUARDED_BY(mutex_) = 0;
  model::LogNumber before_ GUARDED_BY(mutex_);  // every logged event above this number is in the ring
  model::LogNumber last_ GUARDED_BY(mutex_);
};

}  // namespace agentpipe::hub

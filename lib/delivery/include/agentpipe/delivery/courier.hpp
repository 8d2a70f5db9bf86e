#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/delivery/capabilities.hpp"
#include "agentpipe/delivery/retry_policy.hpp"
#include "agentpipe/delivery/spool.hpp"
#include "agentpipe/delivery/stored_session.hpp"
#include "agentpipe/delivery/transport.hpp"

namespace agentpipe::delivery {

/// How it goes with the server.
enum class Line : unsigned char {
  idle,           ///< nothing waits
  sending,        ///< includes the first failure: it may be a hiccup
  retrying,       ///< failed twice in a row
  down,           ///< five times in a row
  refused,        ///< the key is not accepted; asked again each minute
  misconfigured,  ///< there is no such server at this address; asked again each minute
};

/// Since this courier began. waiting counts what a spool brought along, too.
struct DeliveryCounts {
  std::uint64_t accepted = 0;
  std::uint64_t delivered = 0;
  std::uint64_t waiting = 0;
  std::uint64_t rejected = 0;   ///< dead letters
  std::uint64_t withheld = 0;   ///< of types that this server does not know
  std::uint64_t shortened = 0;  ///< delivered, but the server takes no content of that length

  /// Nothing got lost on the way.
  [[nodiscard]] bool balanced() const { return accepted == delivered + waiting + rejected + withheld; }
  bool operator==(const DeliveryCounts&) const = default;
};

struct DeliveryState {
  Line line = Line::idle;
  DeliveryCounts counts;
  std::string trouble;                    ///< what happened last, half a sentence; empty when all is well
  std::optional<base::Ticks> since;       ///< beginning of the trouble
  std::optional<base::Ticks> next_try;    ///< while it waits
  std::optional<DeadLetter> last_letter;  ///< without its content
};

/// Delivers what a spool holds, in order, each request acknowledged before the next one leaves: many events
/// in one where the server takes batches, else one event. Acts on the policy: retries, waits, splits batches,
/// buries what the server will never take. Works on the thread of its caller;
/// state(), hurry() and await() may be called from any thread.
class Courier {
 public:
  /// Told of each change of Line, on the delivering thread.
  using Observer = std::function<void(const DeliveryState&)>;

  Courier(Spool& spool, Transport& transport, base::Clock& clock, Random random, Observer observer);
  ~Courier();
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  /// Learns what the server can do before the first event is there. Failure is no matter: it is asked again.
  void greet(const std::stop_token& stop);
  /// Returns when nothing waits any more, or after a stop.
  void deliver(const std::stop_token& stop);

  /// Number of the last record that is dealt with.
  [[nodiscard]] RecordNumber done() const { return done_; }
  [[nodiscard]] DeliveryState state() const;

  /// The end is near: tries at once unless the server asked for a pause, and waits at most a second between
  /// tries.
  void hurry();
  /// Waits until everything up to `number` is dealt with (true), or until the deadline or a stop, or until
  /// there is no further try before it (false).
  bool await(RecordNumber number, base::Deadline deadline, const std::stop_token& stop = {}) const;

 private:
  /// What one answer settles.
  struct Settlement {
    RecordNumber through = 0;  ///< nothing up to here waits any more
    std::uint64_t delivered = 0;
    std::uint64_t withheld = 0;
    std::uint64_t shortened = 0;
    std::vector<DeadLetter> letters = {};  ///< in the order of their numbers
  };
  /// The plain dialect's record that is being tried.
  struct Attempt {
    RecordNumber number = 0;
    unsigned server_errors = 0;  ///< answers 500 to it in a row
    bool has_beginning = false;  ///< its conversation was given a beginning for its sake
    bool is_in_doubt = false;    ///< an answer to it was lost: the server may have it
  };
  /// What the plain dialect's server said of the conversation that it was asked about last.
  struct Inquiry {
    std::string conversation;  ///< empty: none yet
    StoredSession found;
  };
  /// The conversation of which the plain dialect's server took a new beginning or an error last.
  struct Course {
    std::string conversation;
    std::string last_error;  ///< since that beginning; empty: none
  };

  [[nodiscard]] bool speaks_batches() const;
  /// What goes into the next request; empty when nothing waits.
  std::vector<Record> next(const std::stop_token& stop);
  void send_event(Record record, const std::stop_token& stop);
  void send_batch(std::vector<Record> records, const std::stop_token& stop);
  void batch_delivered(std::vector<Record> records, const Response& response, const std::stop_token& stop);
  void batch_refused(std::vector<Record> records, const Response& response);
  void rewind(const Response& response, const std::stop_token& stop);
  /// Looks the event up where the server cannot tell a repeated event from a new one.
  Verdict look_up(const std::string& event, const std::stop_token& stop);
  /// Does the last inquiry say that the server has the event?
  [[nodiscard]] bool is_stored(const std::string& event) const;
  /// Does the plain dialect's server say that it has the error whose answer was lost?
  bool has_arrived(const std::string& event, const std::stop_token& stop);
  void follow_course(const std::string& event);
  void learn_capabilities(const std::stop_token& stop);
  void forget_server();

  void settle(Settlement settlement);
  /// Buries the letters. Cuts the settlement off before the first one that the spool does not take: it stays
  /// an event that waits, and is sent again, and refused again, once the spool can take it.
  void put_aside(Settlement& settlement);
  /// The spool cannot do its part: told, and given a moment.
  void wait_for_spool(std::string trouble, const std::stop_token& stop);
  void bury(Record record, Refusal refusal);
  void hold_back(Verdict verdict, const Response& response, const std::stop_token& stop);
  void recovered();
  void become(Line line, std::string trouble);
  void nap(base::Milliseconds length, base::Milliseconds at_least, const std::stop_token& stop);
  [[nodiscard]] DeliveryState snapshot() const REQUIRES(mutex_);

  Spool& spool_;
  Transport& transport_;
  base::Clock& clock_;
  const Observer observer_;
  const RecordNumber began_after_;

  // The delivering thread only.
  Random random_;
  Breaker breaker_;
  RetryBudget budget_;
  std::optional<Capabilities> capabilities_;
  Attempt attempt_;
  Inquiry inquiry_;
  Course course_;
  std::string unburied_;  ///< why the spool has just not taken a dead letter; empty: it has
  struct Batches;
  std::unique_ptr<Batches> batches_;

  std::atomic<RecordNumber> done_;
  std::atomic<bool> hurried_ = false;
  mutable base::Mutex mutex_;
  mutable std::condition_variable_any changed_;
  DeliveryState state_ GUARDED_BY(mutex_);
  std::stop_source alarm_ GUARDED_BY(mutex_){std::nostopstate};  ///< ends the current nap
  base::Ticks not_before_ GUARDED_BY(mutex_){};                  ///< the server's own wish
};

}  // namespace agentpipe::delivery

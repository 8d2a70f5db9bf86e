#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "agentpipe/base/time.hpp"
#include "agentpipe/delivery/transport.hpp"

/// What an answer means and how long to wait. Pure functions; who acts on them is the Courier.
namespace agentpipe::delivery {

enum class Verdict : unsigned char {
  delivered,      ///< the server stored it, or had it already
  retry,          ///< the same bytes may be accepted later
  pause,          ///< the key is refused; nothing is accepted until somebody changes it
  misconfigured,  ///< there is a server, but not ours at this address
  reject,         ///< the same bytes will never be accepted
  split,          ///< as a whole never accepted, in parts perhaps; a single event: never
  rewind,         ///< the server misses earlier events
};

/// "delivered", "retry", …
std::string_view to_string(Verdict verdict);

/// What a request carried.
enum class Carried : unsigned char {
  event,    ///< one event as such
  record,   ///< a batch of one record
  several,  ///< a batch of more: a refusal may be about one of them only
};

/// Only a JSON object that such a server would send counts as an answer of the server; the 200 of a captive
/// portal is a retry, and so is a refusal that is not JSON.
/// A batch is delivered by nothing but "acked_n".
Verdict classify(const Response& response, Carried carried = Carried::event);

/// What the server said about an event it refuses.
struct Refusal {
  std::string code;    ///< its stable word, or "http_400"
  std::string reason;  ///< its sentence, or "HTTP 400"
};
Refusal refusal(const Response& response);

/// What happened, in half a sentence, safe for a terminal: "cannot connect (Connection refused)",
/// "the server answered 503 (storage is down)".
std::string explain(const Response& response);

inline constexpr base::Milliseconds k_first_backoff{500};
inline constexpr base::Milliseconds k_longest_backoff{30'000};
/// A server may not keep a client away for longer than this: it may be no more than a broken proxy.
inline constexpr base::Milliseconds k_longest_retry_after{3'600'000};
/// A refused key may be put right at the server at any time.
inline constexpr base::Milliseconds k_pause{60'000};

/// Uniform in [0, 1).
using Random = std::function<double()>;
Random system_random();

/// Full jitter: uniform(0, min(longest, 0.5 s * 2^failures)). `failures` counts from 0.
base::Milliseconds backoff(unsigned failures, double random, base::Milliseconds longest = k_longest_backoff);

/// Digits (seconds) or an HTTP date, measured against the answer's own Date header, or `now` without one: the
/// clocks may differ. At most k_longest_retry_after; nothing for what is negative, past, too large or
/// garbage.
std::optional<base::Milliseconds> retry_after(const Response& response, base::Timestamp now);

/// Never before the server's wish; up to 10 % later, so that not all clients return together.
base::Milliseconds spread(base::Milliseconds wish, double random);

/// Counts failures in a row. Five open it: from then on the outage has a beginning, and one event at a time
/// asks whether it is over.
class Breaker {
 public:
  static constexpr unsigned k_limit = 5;

  void failed(base::Ticks now) {
    if (++failures_ == k_limit) open_since_ = now;
  }
  void succeeded() { *this = Breaker(); }

  [[nodiscard]] unsigned failures() const { return failures_; }
  [[nodiscard]] bool open() const { return open_since_.has_value(); }
  [[nodiscard]] std::optional<base::Ticks> open_since() const { return open_since_; }

 private:
  unsigned failures_ = 0;
  std::optional<base::Ticks> open_since_;
};

/// Keeps a server that fails now and then from being asked twice for everything: in a minute ten retries are
/// free, more only one for every five requests that succeed.
class RetryBudget {
 public:
  void succeeded(base::Ticks now);
  /// Notes that there will be a retry; it has to wait at least for so long.
  base::Milliseconds spend(base::Ticks now);

 private:
  void begin_minute(base::Ticks now);

  base::Ticks minute_{};
  unsigned successes_ = 0;
  unsigned retries_ = 0;
};

}  // namespace agentpipe::delivery

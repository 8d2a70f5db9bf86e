#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/delivery/retry_policy.hpp"
#include "agentpipe/delivery/transport.hpp"
#include "agentpipe/model/upload.hpp"

namespace agentpipe::cli {

/// What became of one session.
enum class Sent : unsigned char {
  added,          ///< the server did not have it
  grown,          ///< it had a part of it
  unchanged,      ///< it had all of it
  conflict,       ///< contradicts what it has; nothing was changed
  refused,        ///< it will never take it
  key_refused,    ///< nothing can be sent until the key is changed
  misconfigured,  ///< there is a server, but not ours
  unreachable,    ///< no usable answer, after all tries
  stopped,        ///< the user ended the upload first
  would_send,     ///< --dry-run
};

/// The word for machines: "new", "grown", …
std::string_view to_string(Sent sent);
/// Is there no use in sending anything else?
bool is_final(Sent sent);

struct SendResult {
  Sent sent = Sent::stopped;
  std::int64_t messages_created = 0;
  std::string reason;          ///< half a sentence for people; empty when all is well
  std::int64_t differing = 0;  ///< messages under whose ids the server has others, and keeps those
};

struct SendPolicy {
  unsigned retry_attempts = 3;  ///< after the first, for each session
};

/// Sends whole sessions, one at a time, over one transport. Where the server has no endpoint for uploads the
/// session goes event by event, as the Go CLI would have sent it. One thread.
class SessionSender {
 public:
  /// Hears why nothing happens for a while: "waiting 20 s: the server answered 429 (too many requests)".
  using Tell = std::function<void(std::string why)>;

  /// `plain_server` is shared by all senders of a command: the first that finds no upload endpoint tells the
  /// others.
  SessionSender(delivery::Transport& transport, base::Clock& clock, delivery::Random random,
                SendPolicy policy, std::atomic<bool>& plain_server, Tell tell)
      : transport_(transport),
        clock_(clock),
        random_(std::move(random)),
        policy_(policy),
        plain_server_(plain_server),
        tell_(std::move(tell)) {}

  SendResult send(const model::Upload& upload, const std::stop_token& stop);

 private:
  delivery::Response post(const std::string& document, const std::stop_token& stop);
  void announce(base::Milliseconds wait, const delivery::Response& response) const;
  SendResult send_events(const model::Upload& upload, const std::stop_token& stop);

  delivery::Transport& transport_;
  base::Clock& clock_;
  delivery::Random random_;
  SendPolicy policy_;
  std::atomic<bool>& plain_server_;
  Tell tell_;
};

}  // namespace agentpipe::cli

#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "agentpipe/base/time.hpp"
#include "agentpipe/http/response.hpp"
#include "agentpipe/hub/frame.hpp"
#include "agentpipe/hub/topic.hpp"

namespace agentpipe::http {

/// A body that is made piece by piece. Used on the connection's own thread only, except `wake` (see start).
class BodySource {
 public:
  enum class Next : unsigned char {
    data,     ///< something was appended
    nothing,  ///< wait for wake, or for the server's wake_streams()
    end,      ///< close the stream
    failed,   ///< the same, and a download is marked as broken off
  };

  virtual ~BodySource() = default;
  /// Called once, first. `wake` may be called from any thread, also after the stream has ended.
  virtual void start(std::function<void()> wake) = 0;
  /// Appends what comes next: a bounded portion, asked for when the one before is on its way.
  virtual Next pull(std::vector<hub::Slice>& out) = 0;
};

/// What a stream of events sends.
class StreamSource : public BodySource {
 public:
  /// Sent every heartbeat interval, so that both ends notice a dead connection.
  virtual std::string heartbeat(base::Timestamp now) = 0;
  /// Asked about once a second: may the subscriber go on listening?
  virtual bool allowed() = 0;
  /// Which frames it waits for: others do not wake it.
  [[nodiscard]] virtual hub::Topic topic() const { return hub::k_every_topic; }
  /// Called a little before pull() where there are many: asks the processor for what lies behind its
  /// pointers.
  virtual void prefetch() const {}
};

/// Where an answer goes. Thread-safe.
class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual void answer(Response response) = 0;
  virtual void stream(std::unique_ptr<StreamSource> source) = 0;
  virtual void download(Response head, std::unique_ptr<BodySource> source) = 0;
};

/// The right and the duty to answer one request, once, from any thread. Destroyed unused it answers 500.
class Responder {
 public:
  explicit Responder(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&&) noexcept = delete;
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  ~Responder();

  void operator()(Response response) { std::exchange(exchange_, nullptr)->answer(std::move(response)); }
  /// Answers with an endless stream of events; 503 when there are too many of them.
  void stream(std::unique_ptr<StreamSource> source) {
    std::exchange(exchange_, nullptr)->stream(std::move(source));
  }
  /// Answers with `head` and what `source` makes, as fast as the client takes it; the length is not known
  /// before.
  void download(Response head, std::unique_ptr<BodySource> source) {
    std::exchange(exchange_, nullptr)->download(std::move(head), std::move(source));
  }

 private:
  std::shared_ptr<Exchange> exchange_;
};

}  // namespace agentpipe::http

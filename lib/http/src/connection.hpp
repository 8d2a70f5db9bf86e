#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/http/responder.hpp"
#include "agentpipe/http/router.hpp"
#include "head_scanner.hpp"
#include "loop.hpp"
#include "prefetch.hpp"
#include "reply_head.hpp"
#include "request_parser.hpp"
#include "stream.hpp"

namespace agentpipe::http {

/// One client. Requests are read, handled and answered one after the other, so pipelined ones are answered in
/// order; nothing is read while an answer is pending. On its loop's thread but for what Exchange promises.
class Connection final : public Exchange, public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Loop> loop, Socket socket);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() override;

  void begin();
  void answer(Response response) override;
  void stream(std::unique_ptr<StreamSource> source) override;
  void download(Response head, std::unique_ptr<BodySource> source) override;

  void sweep(base::Ticks at);
  /// Sends what the stream has to say until it says nothing or the socket is full.
  void pump();
  // Ask the processor for what pump() will read; each follows pointers that the one before has asked for.
  void prefetch() const {
    constexpr std::size_t k_what_pump_reads = 256;
    http::prefetch(this, k_what_pump_reads);
  }
  void prefetch_source() const;
  void prefetch_filter() const { source_->prefetch(); }
  /// The server stops: idle connections close, others after their answer, streams soon.
  void wind_down();
  void close();
  /// Has the client not taken everything yet?
  [[nodiscard]] bool is_behind() const { return !pieces_.empty(); }

  std::size_t place = 0;  // the loop's own notes
  std::size_t stream_place = 0;

 private:
  enum class Phase : unsigned char {
    idle,
    head,
    body,
    handling,
    writing,
    streaming,
    downloading,
    lingering,
    closed
  };

  /// What reading a request needs; streams do without.
  struct Inbound {
    explicit Inbound(const Limits& limits) : scanner(limits) {}
    std::string bytes;     // received
    std::size_t used = 0;  // of them
    HeadScanner scanner;
    RequestParser parser;
    Request request;
    const Route* route = nullptr;
    std::size_t body_received = 0;  // bytes on the wire
    [[nodiscard]] std::string_view rest() const { return std::string_view(bytes).substr(used); }
  };

  [[nodiscard]] Shared& shared() { return loop_->shared(); }
  [[nodiscard]] const Timeouts& timeouts() { return shared().options.timeouts; }
  void set_deadline(base::Milliseconds length) { deadline_ = loop_->now() + length; }

  void wait_input();
  void on_readable();
  void advance();
  bool step();
  bool read_head();
  bool begin_request();
  [[nodiscard]] base::Result<void> check_request();
  [[nodiscard]] std::size_t body_limit() const;
  bool begin_body();
  bool read_body();
  bool read_plain_body();
  bool read_chunked_body();
  bool dispatch();
  void note_request_id();
  [[nodiscard]] std::string client_of(const Request& request);
  bool take_place_for_stream();

  enum class Rest : unsigned char { read, unread };
  bool refuse(int status, std::string_view sentence);
  bool refuse(Response response, Rest body);
  void finish(Response response);
  void after_answer();
  void linger();

  void begin_stream(std::unique_ptr<StreamSource> source);
  void end_stream();
  void add_piece(std::string text);
  void begin_download(const Response& head, std::unique_ptr<BodySource> source);
  void pump_download();
  void end_download();
  /// What one write takes at most.
  using Buffers = boost::container::static_vector<asio::const_buffer, 64>;
  [[nodiscard]] Buffers unsent() const;
  enum class Flushed : unsigned char { all, waits, closed };
  Flushed flush();
  void wait_output();
  void on_writable();

  // First what is read for each frame of a stream: see prefetch().
  std::shared_ptr<Loop> loop_;  // before the socket, which belongs to it and goes earlier
  Stream stream_;
  Phase phase_ = Phase::idle;
  bool reading_ = false;
  bool writing_ = false;
  bool advancing_ = false;
  bool head_only_ = false;
  bool old_version_ = false;
  bool had_request_ = false;
  Persistence persistence_ = Persistence::keep_alive;
  Rest body_rest_ = Rest::read;
  Framing framing_ = Framing::chunked;
  base::Ticks deadline_{};
  std::unique_ptr<StreamSource> source_;
  std::string reply_head_;  // on their way, in this order
  Body reply_body_;
  std::vector<hub::Slice> pieces_;
  std::size_t sent_ = 0;  // of all of them

  base::Ticks next_beat_{};
  base::Ticks end_at_ = base::Ticks::max();
  std::unique_ptr<BodySource> body_;
  std::unique_ptr<Inbound> in_;
  std::size_t passed_over_ = 0;
  std::string peer_;
  std::string request_id_;
  std::string limit_headers_;  // for the answer
  std::string caller_;         // whose streams are counted; empty: nobody's
};

}  // namespace agentpipe::http

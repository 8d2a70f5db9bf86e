#include "connection.hpp"

#include <algorithm>
#include <exception>

#include "agentpipe/base/log.hpp"
#include "agentpipe/base/text.hpp"
#include "agentpipe/hub/sse.hpp"
#include "body_coding.hpp"

namespace agentpipe::http {

namespace {

// For the first request on a connection while the server stops.
constexpr base::Milliseconds k_first_word{500};
constexpr double k_least_bytes_per_millisecond = 1.024;

}  // namespace

Connection::Connection(std::shared_ptr<Loop> loop, Socket socket)
    : loop_(std::move(loop)),
      stream_(std::move(socket), loop_->shared().tls.get()),
      peer_(stream_.addresses().first) {}

Connection::~Connection() = default;

void Connection::begin() {
  in_ = std::make_unique<Inbound>(shared().options.limits);
  // The first request has less time than a later one.
  set_deadline(shared().stopping ? k_first_word : timeouts().header);
  wait_input();
}

void Connection::answer(Response response) {
  if (loop_->is_here()) return finish(std::move(response));
  loop_->post([weak = weak_from_this(), response = std::move(response)]() mutable {
    if (const auto self = weak.lock()) self->finish(std::move(response));
  });
}

bool Connection::refuse(Response response, Rest body) {
  phase_ = Phase::handling;
  body_rest_ = body;
  if (body == Rest::unread) persistence_ = Persistence::close;
  finish(std::move(response));
  return phase_ == Phase::idle;
}

void Connection::finish(Response response) {
  if (phase_ != Phase::handling) return;  // closed meanwhile
  response.headers += std::exchange(limit_headers_, {});
  if (response.close || shared().stopping) persistence_ = Persistence::close;
  phase_ = Phase::writing;
  set_deadline(timeouts().write);
  reply_head_ = reply_head(response, request_id_, loop_->date(), persistence_);
  reply_body_ = std::move(response.body);
  if (head_only_ || response.status == 304 || response.status == 204) reply_body_ = std::string();
  sent_ = 0;
  if (flush() == Flushed::all) after_answer();
}

void Connection::after_answer() {
  if (persistence_ == Persistence::close) return body_rest_ == Rest::unread ? linger() : close();
  phase_ = Phase::idle;
  set_deadline(timeouts().idle);
  in_->request = Request{};
  in_->scanner.reset();
  in_->parser.reset();
  request_id_.clear();
  head_only_ = false;
  advance();
}

/// Closing at once would reset the connection and might destroy the answer before the client has read it.
void Connection::linger() {
  phase_ = Phase::lingering;
  in_.reset();
  stream_.finish_writing();
  set_deadline(timeouts().linger);
  wait_input();
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  if (phase_ == Phase::streaming) {
    loop_->remove_stream(*this);
    shared().quota.leave(caller_);
  }
  phase_ = Phase::closed;
  stream_.close();
  source_.reset();
  body_.reset();
  const auto self = shared_from_this();
  loop_->remove(*this);
}

Connection::Buffers Connection::unsent() const {
  Buffers buffers;
  std::size_t skip = sent_;
  const auto add = [&](std::string_view bytes) {
    const auto passed = std::min(skip, bytes.size());
    skip -= passed;
    bytes.remove_prefix(passed);
    if (!bytes.empty() && buffers.size() < buffers.capacity())
      buffers.emplace_back(bytes.data(), bytes.size());
  };
  add(reply_head_);
  add(view(reply_body_));
  for (const auto& piece : pieces_) {
    if (buffers.size() == buffers.capacity()) break;
    add(piece.view());
  }
  return buffers;
}

Connection::Flushed Connection::flush() {
  for (auto buffers = unsent(); !buffers.empty(); buffers = unsent()) {
    const auto moved = stream_.write(buffers);
    if (moved.state == Stream::State::closed) {
      close();
      return Flushed::closed;
    }
    sent_ += moved.bytes;
    if (moved.bytes > 0) set_deadline(timeouts().write);
    if (moved.state == Stream::State::would_block) {
      wait_output();
      return Flushed::waits;
    }
  }
  reply_head_.clear();
  reply_body_ = std::string();
  pieces_.clear();
  sent_ = 0;
  return Flushed::all;
}

void Connection::wait_output() {
  if (writing_) return;
  writing_ = true;
  stream_.wait_writable([self = shared_from_this()](error_code) {
    self->writing_ = false;
    if (self->phase_ != Phase::closed) self->on_writable();
  });
}

void Connection::on_writable() {
  if (phase_ == Phase::streaming) return pump();
  if (phase_ == Phase::downloading) return pump_download();
  if (phase_ == Phase::writing && flush() == Flushed::all) after_answer();
}

void Connection::wind_down() {
  if (phase_ == Phase::lingering) return close();
  if (phase_ == Phase::idle) {
    // Whoever has just come is about to say something.
    if (had_request_ || shared().closing) return close();
    return set_deadline(k_first_word);
  }
  if (phase_ != Phase::streaming) return;
  constexpr std::size_t k_many = 100;
  if (shared().streams < k_many) return end_stream();
  end_at_ = loop_->now() + loop_->random_below(shared().options.stream_spread);
}

void Connection::sweep(base::Ticks at) {
  switch (phase_) {
    case Phase::head:
      if (at >= deadline_) {
        persistence_ = Persistence::close;
        refuse(408, "The header of the request took too long.");
      }
      return;
    case Phase::body: {
      if (at < deadline_) return;
      const std::chrono::duration<double, std::milli> late = at - deadline_;
      if (static_cast<double>(in_->body_received) < late.count() * k_least_bytes_per_millisecond ||
          in_->body_received == 0) {
        refuse(408, "The body came too slowly: at least 1 KiB/s is expected.");
      }
      return;
    }
    case Phase::streaming:
      if (at >= end_at_) return end_stream();
      if (!source_->allowed()) return close();
      if (!pieces_.empty()) {
        if (at < deadline_) return;
        shared().slow_closed.fetch_add(1, std::memory_order_relaxed);
        return close();
      }
      if (at < next_beat_) return;
      next_beat_ = at + timeouts().heartbeat;
      add_piece(source_->heartbeat(shared().clock.now()));
      flush();
      return;
    case Phase::downloading:  // while a worker makes the next piece nobody is late
      if (!unsent().empty() && at >= deadline_) close();
      return;
    case Phase::idle:
    case Phase::writing:
    case Phase::lingering:
      if (at >= deadline_) close();
      return;
    case Phase::handling:
    case Phase::closed:
      return;
  }
}

}  // namespace agentpipe::http

#include "agentpipe/hub/sse.hpp"
#include "connection.hpp"

namespace agentpipe::http {

void Connection::stream(std::unique_ptr<StreamSource> source) {
  if (loop_->is_here()) return begin_stream(std::move(source));
  loop_->post([weak = weak_from_this(), source = std::move(source)]() mutable {
    if (const auto self = weak.lock()) self->begin_stream(std::move(source));
  });
}

/// False: it was answered that there is none.
bool Connection::take_place_for_stream() {
  if (shared().streams.fetch_add(1) >= shared().max_streams) {
    --shared().streams;
    finish(error_response(
        {base::ErrorCode::unavailable, "There are too many open streams; try again later.", {}, {}, {}},
        request_id_));
    return false;
  }
  // A key counts as such; an address by the network that its owner has, this machine not at all.
  if (const auto address = base::IpAddress::parse(caller_))
    caller_ = address->is_loopback() ? std::string() : address->site().to_string();
  if (shared().quota.enter(caller_)) return true;
  --shared().streams;
  finish(error_response({base::ErrorCode::unavailable,
                         "You have " + std::to_string(shared().options.limits.streams_per_caller) +
                             " streams open already; close some first.",
                         {},
                         {},
                         "too_many_streams"},
                        request_id_));
  return false;
}

void Connection::begin_stream(std::unique_ptr<StreamSource> source) {
  if (phase_ != Phase::handling) return;
  if (head_only_) {
    auto response = Response::text(200, {});
    response.content_type = "text/event-stream";
    return finish(std::move(response));
  }
  // Without an answer its client comes back by itself, to whoever serves then.
  if (shared().stopping) return close();
  if (!take_place_for_stream()) return;
  phase_ = Phase::streaming;
  source_ = std::move(source);
  loop_->add_stream(*this, source_->topic());
  in_.reset();
  reply_head_ = stream_head(request_id_, loop_->date());
  sent_ = 0;
  next_beat_ = loop_->now() + timeouts().heartbeat;
  if (const auto whole = timeouts().rotation; whole.count() > 0)
    end_at_ = loop_->now() + whole * 4 / 5 + loop_->random_below(whole * 2 / 5);
  set_deadline(timeouts().write);
  source_->start([weak = weak_from_this(), loop = std::weak_ptr<Loop>(loop_)] {
    const auto lives = loop.lock();
    if (!lives) return;
    lives->post([weak] {
      if (const auto self = weak.lock()) self->pump();
    });
  });
  wait_input();  // to learn that the client has gone
  pump();
}

void Connection::pump() {
  // A client that is far behind and reads fast takes turns with the others.
  constexpr int k_portions_a_turn = 4;
  for (int portion = 0; portion < k_portions_a_turn; ++portion) {
    if (phase_ != Phase::streaming || flush() != Flushed::all) return;
    switch (source_->pull(pieces_)) {
      case StreamSource::Next::data:
        break;
      case StreamSource::Next::nothing:
        if (pieces_.capacity() > 8) std::vector<hub::Slice>().swap(pieces_);  // waits in little space
        return;
      case StreamSource::Next::end:
      case StreamSource::Next::failed:
        return close();
    }
  }
  loop_->post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->pump();
  });
}

void Connection::prefetch_source() const {
  constexpr std::size_t k_what_pull_reads = 192;
  http::prefetch(source_.get(), k_what_pull_reads);
  http::prefetch(pieces_.data(), sizeof(hub::Slice));
}

void Connection::add_piece(std::string text) {
  pieces_.push_back({std::make_shared<const std::string>(std::move(text)), 0});
}

void Connection::end_stream() {
  // Those who are sent away together should not come back together; after a mere rotation the wait is short.
  const base::Milliseconds least{shared().stopping ? 1000 : 10};
  const auto wait = least + loop_->random_below(least * 4);
  if (pieces_.empty()) add_piece(hub::sse_retry(wait));
  if (flush() != Flushed::closed) close();
}

}  // namespace agentpipe::http

#include <array>
#include <charconv>
#include <utility>

#include "connection.hpp"

namespace agentpipe::http {

namespace {

hub::Slice slice_of(std::string text) {
  return {std::make_shared<const std::string>(std::move(text)), 0};
}

/// Puts the pieces from `first` on into one chunk (RFC 9112, 7.1).
void frame(std::vector<hub::Slice>& pieces, std::size_t first) {
  std::size_t bytes = 0;
  for (std::size_t i = first; i < pieces.size(); ++i) bytes += pieces[i].view().size();
  if (bytes == 0) return;
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), bytes, 16).ptr;
  pieces.insert(pieces.begin() + static_cast<std::ptrdiff_t>(first),
                slice_of(std::string(digits.data(), end) + "\r\n"));
  pieces.push_back(slice_of("\r\n"));
}

}  // namespace

void Connection::download(Response head, std::unique_ptr<BodySource> source) {
  if (loop_->is_here()) return begin_download(head, std::move(source));
  loop_->post([weak = weak_from_this(), head = std::move(head), source = std::move(source)]() mutable {
    if (const auto self = weak.lock()) self->begin_download(head, std::move(source));
  });
}

void Connection::begin_download(const Response& head, std::unique_ptr<BodySource> source) {
  if (phase_ != Phase::handling) return;
  framing_ = old_version_ ? Framing::until_close : Framing::chunked;
  persistence_ = Persistence::close;
  reply_head_ = download_head(head, request_id_, loop_->date(), framing_);
  sent_ = 0;
  set_deadline(timeouts().write);
  if (head_only_) {
    phase_ = Phase::writing;
    if (flush() == Flushed::all) after_answer();
    return;
  }
  phase_ = Phase::downloading;
  body_ = std::move(source);
  in_.reset();
  body_->start([weak = weak_from_this(), loop = std::weak_ptr<Loop>(loop_)] {
    const auto lives = loop.lock();
    if (!lives) return;
    lives->post([weak] {
      if (const auto self = weak.lock()) self->pump_download();
    });
  });
  wait_input();  // to learn of a reset
  pump_download();
}

void Connection::pump_download() {
  while (phase_ == Phase::downloading && flush() == Flushed::all) {
    const auto first = pieces_.size();
    switch (body_->pull(pieces_)) {
      case BodySource::Next::data:
        if (framing_ == Framing::chunked) frame(pieces_, first);
        break;
      case BodySource::Next::nothing:
        return;
      case BodySource::Next::failed:
        return close();  // no last chunk: the client sees that something is missing
      case BodySource::Next::end:
        return end_download();
    }
  }
}

void Connection::end_download() {
  if (framing_ == Framing::chunked) pieces_.push_back(slice_of("0\r\n\r\n"));
  phase_ = Phase::writing;
  body_rest_ = Rest::unread;  // lets the client read to the end before the connection goes
  if (flush() == Flushed::all) after_answer();
}

}  // namespace agentpipe::http

#include "stream_decoder.hpp"

#include <utility>

#include "format_names.hpp"

namespace agentpipe::cli {

using formats::k_head;

StreamDecoder::StreamDecoder(formats::Origin origin, const formats::Format* forced, Look look,
                             formats::Sink& sink)
    : origin_(std::move(origin)), look_(look), sink_(sink) {
  if (forced != nullptr) open(*forced);
}

void StreamDecoder::feed(std::string_view bytes) {
  if (hopeless_) return;
  if (reader_ && takes_ == Takes::pieces) return reader_->piece(bytes, sink_);
  if (reader_ && takes_ == Takes::nothing) return;
  if (splitter_) return splitter_->feed(bytes);
  head_ += bytes;
  if (head_.size() >= k_head) {
    recognise(std::string_view(head_).substr(0, k_head));
    if (!splitter_) give_up();
  } else if (look_ == Look::at_each_line) {
    if (const auto end = head_.rfind('\n'); end != std::string::npos) {
      recognise(std::string_view(head_).substr(0, end + 1));
    }
  }
}

void StreamDecoder::finish() {
  if (!splitter_ && !hopeless_ && !head_.empty()) {
    recognise(head_);
    if (!splitter_) give_up();
  }
  if (splitter_) splitter_->finish();
  end_reader();
}

void StreamDecoder::abandon() {
  end_reader();
}

void StreamDecoder::end_reader() {
  if (reader_) reader_->end(sink_);
}

void StreamDecoder::recognise(std::string_view head) {
  const formats::Format* const format = formats::recognise(head, origin_);
  if (format == nullptr) return;
  open(*format);
  feed(std::exchange(head_, {}));
}

void StreamDecoder::open(const formats::Format& format) {
  reader_ = format.open(origin_);
  if (format.feed == formats::Format::Feed::file)
    takes_ = origin_.path.empty() ? Takes::pieces : Takes::nothing;
  splitter_.emplace(*reader_, sink_, format.max_line);
}

void StreamDecoder::give_up() {
  hopeless_ = true;
  sink_.problem({0, unknown_format(), formats::excerpt_of(std::exchange(head_, {}))});
}

}  // namespace agentpipe::cli

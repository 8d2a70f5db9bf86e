#include "agentpipe/formats/line_splitter.hpp"

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/limits.hpp"

namespace agentpipe::formats {
namespace {

constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

void LineSplitter::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    if (end == std::string_view::npos) return take(bytes);
    close_line(bytes.substr(0, end));
    bytes.remove_prefix(end + 1);
  }
}

void LineSplitter::finish() {
  if (!open_) return;
  ++number_;
  close_line(&Reader::last_line);
}

void LineSplitter::take(std::string_view piece) {
  open_ = true;
  if (too_long_) return;
  too_long_ = partial_.size() + piece.size() > max_line_;
  partial_ += too_long_ ? piece.substr(0, model::k_max_excerpt) : piece;
  if (too_long_) partial_ = excerpt_of(partial_);
}

void LineSplitter::close_line(std::string_view piece) {
  ++number_;
  if (!open_ && piece.size() <= max_line_) return reader_.line(without_mark(piece), number_, sink_);
  take(piece);
  close_line(&Reader::line);
}

void LineSplitter::close_line(void (Reader::*tell)(std::string_view, std::uint64_t, Sink&)) {
  if (too_long_) {
    sink_.problem({number_, "the line is longer than " + base::human_bytes(max_line_) + " and was left out",
                   std::move(partial_)});
  } else {
    (reader_.*tell)(without_mark(partial_), number_, sink_);
  }
  partial_.clear();
  open_ = too_long_ = false;
}

std::string_view LineSplitter::without_mark(std::string_view line) const {
  if (number_ == 1 && line.starts_with(k_byte_order_mark)) line.remove_prefix(k_byte_order_mark.size());
  return line;
}

}  // namespace agentpipe::formats

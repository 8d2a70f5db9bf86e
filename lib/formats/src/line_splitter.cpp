#include "agentpipe/formats/line_splitter.hpp"

#include "agentpipe/base/text.hpp"

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
  if (open_) close_line({});
}

void LineSplitter::take(std::string_view piece) {
  open_ = true;
  too_long_ = too_long_ || partial_.size() + piece.size() > max_line_;
  if (too_long_) {
    std::string().swap(partial_);
  } else {
    partial_ += piece;
  }
}

void LineSplitter::close_line(std::string_view piece) {
  ++number_;
  if (too_long_ || partial_.size() + piece.size() > max_line_) {
    sink_.problem({number_, "the line is longer than " + base::human_bytes(max_line_) + " and was left out"});
  } else if (partial_.empty()) {
    reader_.line(without_mark(piece), number_, sink_);
  } else {
    partial_ += piece;
    reader_.line(without_mark(partial_), number_, sink_);
  }
  partial_.clear();
  open_ = too_long_ = false;
}

std::string_view LineSplitter::without_mark(std::string_view line) const {
  if (number_ == 1 && line.starts_with(k_byte_order_mark)) line.remove_prefix(k_byte_order_mark.size());
  return line;
}

}  // namespace agentpipe::formats

#include "element_splitter.hpp"

namespace agentpipe::formats {

void ElementSplitter::feed(std::string_view bytes) {
  from_ = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const char c = bytes[at];
    if (c == '\n') {
      end_of_line();
    } else if (!in_string_) {
      structural(c, bytes, at);
    } else if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      in_string_ = false;
    }
  }
  if (collecting_) keep(bytes.substr(from_));
}

void ElementSplitter::structural(char c, std::string_view bytes, std::size_t at) {
  switch (c) {
    case '"':
      in_string_ = depth_ > 0;  // a quote between values opens nothing
      return;
    case '{':
    case '[':
      return open(c, at);
    case '}':
    case ']':
      return close(bytes, at);
    default:
      return;
  }
}

void ElementSplitter::open(char bracket, std::size_t at) {
  if (depth_ == 0) {
    began_on_ = line_;
    in_list_ = bracket == '[';
  }
  const std::size_t level = in_list_ ? 1 : 0;
  if (depth_++ != level) return;
  collecting_ = true;
  from_ = at;
  element_on_ = line_;
}

void ElementSplitter::close(std::string_view bytes, std::size_t at) {
  if (depth_ == 0) return;
  --depth_;
  if (collecting_ && depth_ == (in_list_ ? 1 : 0)) {
    keep(bytes.substr(from_, at + 1 - from_));
    hand_on();
  }
  if (depth_ > 0) return;
  ++value_;
  if (layout_ == Layout::unknown) layout_ = began_on_ == line_ ? Layout::by_lines : Layout::free;
}

/// A string of JSON holds no line feed, and a file of lines no value over two: what is open has broken off.
void ElementSplitter::end_of_line() {
  const bool broke_off = depth_ > 0 && (in_string_ || layout_ == Layout::by_lines);
  if (broke_off) {
    if (broken_) broken_(line_);
    depth_ = 0;
    collecting_ = too_large_ = in_string_ = escaped_ = false;
    element_.clear();
    ++value_;
  }
  ++line_;
}

void ElementSplitter::keep(std::string_view bytes) {
  from_ = 0;
  too_large_ = too_large_ || element_.size() + bytes.size() > max_element_;
  if (too_large_) {
    std::string().swap(element_);
  } else {
    element_ += bytes;
  }
}

void ElementSplitter::hand_on() {
  take_({element_, element_on_, value_});
  element_.clear();
  collecting_ = too_large_ = false;
}

}  // namespace agentpipe::formats

#include "head_scanner.hpp"

namespace agentpipe::http {

namespace {
// The longest method and the version, beside the target, in a request line.
constexpr std::size_t k_request_line_rest = 32;
}  // namespace

int HeadScanner::check_length(std::size_t line_end) const {
  const auto length = line_end - line_;
  if (line_ == 0) return length > limits_.url + k_request_line_rest ? 414 : 0;
  if (length > limits_.header_line || line_end > limits_.header) return 431;
  return 0;
}

int HeadScanner::check_line(std::string_view bytes, std::size_t end) const {
  if (end == line_ || bytes[end - 1] != '\r') return 400;
  const bool folded = line_ != 0 && (bytes[line_] == ' ' || bytes[line_] == '\t');
  return folded ? 400 : check_length(end);
}

HeadScanner::Verdict HeadScanner::scan(std::string_view bytes) {
  using State = Verdict::State;
  for (;;) {
    const auto end = bytes.find('\n', scanned_);
    if (end == std::string_view::npos) {
      scanned_ = bytes.size();
      const auto status = check_length(bytes.size());
      return status != 0 ? Verdict{State::refused, 0, status} : Verdict{};
    }
    if (const auto status = check_line(bytes, end); status != 0) return {State::refused, 0, status};
    const bool empty = end == line_ + 1;
    if (empty && line_ == 0) return {State::refused, 0, 400};
    line_ = scanned_ = end + 1;
    if (empty) return {State::complete, line_, 0};
  }
}

}  // namespace agentpipe::http

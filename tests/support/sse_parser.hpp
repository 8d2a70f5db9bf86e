#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace agentpipe::test {

/// What an EventSource would dispatch.
struct SseMessage {
  std::string event;  ///< "message" when unnamed
  std::string data;
  std::string id;  ///< the last event id as it stands then
  bool operator==(const SseMessage&) const = default;
};

/// Reads `text/event-stream` as the standard says (WHATWG HTML, section 9.2.6); for a whole stream at once.
class SseParser {
 public:
  std::vector<SseMessage> feed(std::string_view bytes) {
    std::vector<SseMessage> messages;
    pending_ += bytes;
    if (first_ && pending_.starts_with("\xEF\xBB\xBF")) pending_.erase(0, 3);
    first_ = first_ && pending_.empty();
    for (;;) {
      const auto end = pending_.find_first_of("\r\n");
      if (end == std::string::npos || (pending_[end] == '\r' && end + 1 == pending_.size())) return messages;
      take_line(pending_.substr(0, end), messages);
      pending_.erase(0, end + (pending_.compare(end, 2, "\r\n") == 0 ? 2 : 1));
    }
  }
  [[nodiscard]] const std::string& last_id() const { return id_; }
  [[nodiscard]] const std::string& retry() const { return retry_; }
  [[nodiscard]] const std::vector<std::string>& comments() const { return comments_; }

 private:
  void take_line(const std::string& line, std::vector<SseMessage>& messages) {
    if (line.empty()) return dispatch(messages);
    const auto colon = line.find(':');
    if (colon == 0) return comments_.push_back(line.substr(1));
    const auto name = line.substr(0, colon);
    auto value = colon == std::string::npos ? std::string() : line.substr(colon + 1);
    if (value.starts_with(' ')) value.erase(0, 1);
    if (name == "event") event_ = value;
    if (name == "data") data_ += value + '\n';
    if (name == "id" && value.find('\0') == std::string::npos) id_ = value;
    if (name == "retry" && !value.empty() && value.find_first_not_of("0123456789") == std::string::npos)
      retry_ = value;
  }
  void dispatch(std::vector<SseMessage>& messages) {
    if (!data_.empty()) {
      data_.pop_back();
      messages.push_back({event_.empty() ? "message" : event_, data_, id_});
    }
    data_.clear();
    event_.clear();
  }

  std::string pending_, event_, data_, id_, retry_;
  std::vector<std::string> comments_;
  bool first_ = true;
};

}  // namespace agentpipe::test

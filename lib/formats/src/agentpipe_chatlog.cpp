#include <functional>
#include <set>
#include <string>

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/limits.hpp"
#include "chatlog_lines.hpp"
#include "clean.hpp"
#include "draft.hpp"
#include "rows.hpp"

/// Chat logs of the Go CLI. A text log does not mark where a message ends, so text inside a message that
/// looks like an entry can only be guessed at: an entry begins after an empty line, with a time that does not
/// run backwards.
namespace agentpipe::formats {
namespace {

class ChatlogReader final : public Reader {
 public:
  explicit ChatlogReader(const Origin& origin) : draft_("agentpipe-chatlog", origin.arrived) {}

  void line(std::string_view text, std::uint64_t number, Sink& sink) override {
    read_ += text.size() + 1;
    if (read_ > k_max_document) return too_large(number, sink);
    std::string room;
    text = cleaned(text, room);
    if (number == 1) crlf_ = text.ends_with('\r');
    if (crlf_ && text.ends_with('\r')) text.remove_suffix(1);
    if (in_header_) return header(text, number, sink);
    body(text, number, sink);
  }

  void end(Sink& sink) override {
    const bool has_tail = drop_tail();
    close_entry(sink);
    if (started_.empty())
      return sink.problem({0, "the log has no line \"Started: …\"; its times are unknown"});
    draft_.completed.status = has_tail ? model::Status::completed : model::Status::interrupted;
    draft_.set_origin(json_time_.empty() ? "text " + started_ : json_time_);
    draft_.emit(sink);
  }

 private:
  enum class Open : unsigned char { nothing, message, error };

  void too_large(std::uint64_t number, Sink& sink) {
    if (!reported_)
      sink.problem({number, "the log is larger than " + base::human_bytes(k_max_document) +
                                "; the rest was left out"});
    reported_ = true;
  }

  void header(std::string_view text, std::uint64_t number, Sink& sink) {
    constexpr std::string_view k_started = "Started: ";
    if (text.starts_with(k_started)) {
      started_ = base::trim(text.substr(k_started.size()));
      if (clock_.start(started_)) return;
      started_.clear();
      return sink.problem({number, "the time after \"Started:\" is not like 2026-11-22 16:06:08"});
    }
    if (text.starts_with("=====")) in_header_ = false;
  }

  void body(std::string_view text, std::uint64_t number, Sink& sink) {
    if (begins_entry(text)) {
      if (open_ != Open::nothing) close_entry(sink);
      if (text.starts_with('{')) return json_entry(text, number, sink);
      return text_entry(*parse_entry_line(text), number);
    }
    after_blank_ = text.empty();
    if (open_ == Open::nothing && text != k_chatlog_tail && tail_.empty()) {
      if (!text.empty()) sink.problem({number, "belongs to no entry"});
      return;
    }
    if (open_ == Open::nothing) {
      tail_.append(text).push_back('\n');
    } else {
      content_.append("\n").append(text);
    }
  }

  bool begins_entry(std::string_view text) const {
    if (text.starts_with("{\"AgentID\"")) return open_ != Open::message;
    const bool at_border = open_ != Open::message || after_blank_;
    if (!at_border) return false;
    const auto entry = parse_entry_line(text);
    return entry && (!json_time_.empty() || clock_.plausible(entry->time_of_day, speaker(entry->name)));
  }

  /// The first entry introduces its speaker.
  LogClock::Speaker speaker(std::string_view name) const {
    const bool known =
        names_.empty() || names_.contains(name) || name == "HOST" || name == "System" || name == "User";
    return known ? LogClock::Speaker::known : LogClock::Speaker::stranger;
  }

  void json_entry(std::string_view text, std::uint64_t number, Sink& sink) {
    auto message = parse_go_message(text);
    if (!message) return sink.problem({number, message.error().message});
    if (json_time_.empty() && message->at)
      json_time_ = std::to_string(message->at->time_since_epoch().count());
    draft_.add(std::move(*message), number, sink);
  }

  void text_entry(const EntryLine& entry, std::uint64_t number) {
    at_ = clock_.advance(entry.time_of_day);
    open_ = entry.kind == EntryLine::Kind::error ? Open::error : Open::message;
    line_ = number;
    name_ = entry.name;
    names_.emplace(entry.name);
    role_ = entry.role;
    content_ = entry.content;
    after_blank_ = false;
  }

  /// A message is followed by one empty line, an error by none.
  void close_entry(Sink& sink) {
    if (open_ == Open::message && content_.ends_with('\n')) content_.pop_back();
    if (open_ == Open::error) draft_.add_error(at_, name_, base::trim(content_));
    if (open_ == Open::message) {
      GoMessage message;
      message.agent_name = std::move(name_);
      message.role = std::move(role_);
      message.content = std::move(content_);
      message.at = at_;
      draft_.add(std::move(message), line_, sink);
    }
    open_ = Open::nothing;
    after_blank_ = false;
  }

  /// Takes "=== Chat Ended ===" with what follows off the last message; true when it is there, at the very
  /// end.
  bool drop_tail() {
    if (open_ == Open::nothing)
      return tail_.find(std::string(k_chatlog_tail) + "\nEnded: ") != std::string::npos;
    const auto tail = content_.rfind("\n" + std::string(k_chatlog_tail) + "\nEnded: ");
    if (tail == std::string::npos) return false;
    const auto line_end = content_.find('\n', tail + k_chatlog_tail.size() + 2);
    if (line_end != std::string::npos && !base::trim(std::string_view(content_).substr(line_end)).empty())
      return false;
    content_.erase(tail);
    if (content_.ends_with('\n')) content_.pop_back();
    return true;
  }

  Draft draft_;
  LogClock clock_;
  std::string started_;
  std::string json_time_;  ///< of the first message, when the entries are JSON
  bool in_header_ = true;
  bool crlf_ = false;
  bool reported_ = false;
  std::size_t read_ = 0;

  std::set<std::string, std::less<>> names_;  ///< who has spoken

  // The entry that is being read.
  Open open_ = Open::nothing;
  bool after_blank_ = true;
  std::uint64_t line_ = 0;
  base::Timestamp at_;
  std::string name_;
  std::string role_;
  std::string content_;
  std::string tail_;
};

}  // namespace

bool is_agentpipe_chatlog(std::string_view head, const Origin&) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  return base::trim(head.substr(0, head.find('\n'))) == k_chatlog_title;
}

std::unique_ptr<Reader> open_agentpipe_chatlog(const Origin& origin) {
  return std::make_unique<ChatlogReader>(origin);
}

}  // namespace agentpipe::formats

#include "json_scan.hpp"

#include <algorithm>

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/limits.hpp"

namespace agentpipe::formats {
namespace {

enum class Kind : unsigned char { end, open, close, comma, colon, string, scalar, broken };

struct Token {
  Kind kind = Kind::end;
  char bracket = 0;       ///< of open and close
  std::string_view text;  ///< a string without its quotes, escapes as they stand
  std::size_t offset = 0;
};

/// Words of JSON one after the other; no grammar.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  Token next() {
    at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
    if (at_ == text_.size()) return {Kind::end, 0, {}, at_};
    const std::size_t start = at_++;
    switch (text_[start]) {
      case '{':
      case '[':
        return {Kind::open, text_[start], {}, start};
      case '}':
      case ']':
        return {Kind::close, text_[start], {}, start};
      case ',':
        return {Kind::comma, 0, {}, start};
      case ':':
        return {Kind::colon, 0, {}, start};
      case '"':
        return string(start);
      default:
        return scalar(start);
    }
  }

 private:
  Token string(std::size_t start) {
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') return {Kind::broken, 0, {}, start};
      if (text_[at_] == '"') {
        ++at_;
        return {Kind::string, 0, text_.substr(start + 1, at_ - start - 2), start};
      }
      if (text_[at_] == '\\') ++at_;
    }
    at_ = text_.size();
    return {Kind::end, 0, {}, start};
  }

  Token scalar(std::size_t start) {
    at_ = std::min(text_.find_first_of(" \t\r\n{}[],:\"", start), text_.size());
    const auto word = text_.substr(start, at_ - start);
    const bool plausible = word == "true" || word == "false" || word == "null" ||
                           word.find_first_not_of("+-.0123456789eE") == std::string_view::npos;
    return {plausible || at_ == text_.size() ? Kind::scalar : Kind::broken, 0, word, start};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool contains(const std::vector<std::string_view>& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::uint64_t line_of(std::string_view text, std::size_t offset) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size()));
  return 1 + static_cast<std::uint64_t>(std::count(text.begin(), end, '\n'));
}

/// Follows the nesting and notes the keys that tell formats apart.
class KeyCollector {
 public:
  /// False: no more is to be learnt.
  bool take(const Token& token) {
    switch (token.kind) {
      case Kind::open:
        return open(token.bracket);
      case Kind::close:
        return close();
      case Kind::comma:
        expect_key_ = !stack_.empty() && stack_.back() == '{';
        return true;
      case Kind::colon:
        expect_key_ = false;
        return true;
      case Kind::string:
        string(token.text);
        return true;
      case Kind::scalar:
        return !stack_.empty();
      default:
        return false;
    }
  }
  TopLevel found;

 private:
  bool open(char bracket) {
    if (stack_.empty() && bracket != '{') return false;
    stack_ += bracket;
    expect_key_ = bracket == '{';
    return stack_.size() <= model::k_max_depth;
  }

  bool close() {
    first_message_seen_ = first_message_seen_ || (stack_ == "{[{" && key_ == "messages");
    if (!stack_.empty()) stack_.pop_back();
    expect_key_ = false;
    return !stack_.empty();
  }

  void string(std::string_view text) {
    if (!expect_key_) {
      if (stack_.size() == 1 && key_ == "type") found.type = text;
      return;
    }
    if (stack_.size() == 1) {
      key_ = text;
      if (found.keys.size() < model::k_max_keys) found.keys.push_back(text);
    } else if (stack_ == "{[{" && key_ == "messages" && !first_message_seen_) {
      if (found.message_keys.size() < model::k_max_keys) found.message_keys.push_back(text);
    }
  }

  std::string stack_;
  std::string_view key_;
  bool expect_key_ = false;
  bool first_message_seen_ = false;
};

Fault unbalanced(std::string_view json, std::size_t offset, std::string_view stack) {
  const auto line = line_of(json, offset);
  if (stack.empty()) return {line, "not JSON"};
  return {line, "the JSON ends in the middle; the file is cut off"};
}

}  // namespace

bool TopLevel::has(std::string_view key) const {
  return contains(keys, key);
}
bool TopLevel::message_has(std::string_view key) const {
  return contains(message_keys, key);
}

TopLevel scan_top_level(std::string_view head) {
  Tokens tokens(head);
  KeyCollector collector;
  while (collector.take(tokens.next())) {
  }
  return std::move(collector.found);
}

bool any_line(std::string_view head, bool (*is_such)(const TopLevel& top)) {
  while (!head.empty()) {
    const auto end = std::min(head.find('\n'), head.size() - 1);
    auto line = base::trim(head.substr(0, end + 1));
    if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    if (line.starts_with('{') && is_such(scan_top_level(line))) return true;
    head.remove_prefix(end + 1);
  }
  return false;
}

Fault find_fault(std::string_view json) {
  while (json.ends_with('\n')) json.remove_suffix(1);
  Tokens tokens(json);
  std::string stack;
  while (true) {
    const Token token = tokens.next();
    if (token.kind == Kind::end) {
      if (stack.empty() && token.offset == json.size()) return {0, "not valid JSON"};
      return unbalanced(json, token.offset, stack);
    }
    if (token.kind == Kind::broken) return {line_of(json, token.offset), "the JSON is broken here"};
    if (token.kind == Kind::open) stack += token.bracket;
    if (token.kind == Kind::close) {
      const char opener = token.bracket == '}' ? '{' : '[';
      if (stack.empty() || stack.back() != opener)
        return {line_of(json, token.offset), "a bracket does not match"};
      stack.pop_back();
    }
  }
}

}  // namespace agentpipe::formats

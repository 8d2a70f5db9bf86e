#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/limits.hpp"
#include "clean.hpp"
#include "cursor_chat.hpp"
#include "rows.hpp"

/// Older transcripts of Cursor's agent, text: a line `user:` or `assistant:` begins a message; in answers,
/// the indented or empty lines below `[Thinking]`, `[Tool call] NAME` and `[Tool result] NAME` belong to it.
/// Nothing marks where a message ends, so the last one waits for its successor.
namespace agentpipe::formats {
namespace {

enum class Piece : unsigned char { text, thinking, call, result };

struct Mark {
  std::string_view words;
  Piece piece;
};
constexpr std::array k_line_marks = {Mark{"[Thinking]", Piece::thinking}, Mark{"[Tool call] ", Piece::call},
                                     Mark{"[Tool result]", Piece::result}};

const Mark* mark_of(std::string_view line) {
  const auto* found = std::find_if(k_line_marks.begin(), k_line_marks.end(),
                                   [&](const Mark& mark) { return line.starts_with(mark.words); });
  return found == k_line_marks.end() ? nullptr : found;
}

bool is_indented(std::string_view line) {
  return line.empty() || line.front() == ' ' || line.front() == '\t';
}

class CursorText final : public Reader {
 public:
  explicit CursorText(const Origin& origin) : writer_(origin.writer), chat_(origin) {}

  void line(std::string_view text, std::uint64_t number, Sink& sink) override {
    text = cleaned(text, room_);
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (text == "user:" || text == "assistant:") return begin(text, number, sink);
    if (speaker_ == Speaker::nobody) {
      if (!text.empty()) sink.skipped(Skip::unknown, number);
      return;
    }
    if (speaker_ == Speaker::user) return add(text);
    answer(text);
  }

  void end(Sink& sink) override {
    if (writer_ == Writer::present) return;
    finish_message(sink);
    chat_.session.complete({}, {}, sink);
  }

 private:
  enum class Speaker : unsigned char { nobody, user, assistant };

  void begin(std::string_view who, std::uint64_t number, Sink& sink) {
    finish_message(sink);
    began_on_ = number;
    speaker_ = who == "user:" ? Speaker::user : Speaker::assistant;
  }

  void answer(std::string_view line) {
    const auto* mark = mark_of(line);
    if (mark == nullptr && (piece_ == Piece::text || is_indented(line))) return add(line);
    finish_piece();
    piece_ = mark == nullptr ? Piece::text : mark->piece;
    if (mark == nullptr) return add(line);
    const auto rest = base::trim(line.substr(mark->words.size()));
    if (piece_ == Piece::thinking) return add(rest);
    tool_ = rest;
  }

  /// What is beyond the largest message is left out: it could not be sent.
  void add(std::string_view line) {
    if (text_.size() + line.size() < model::k_max_content) text_.append(line).append("\n");
  }

  void finish_piece() {
    const auto kept = std::exchange(text_, {});
    const auto text = base::trim(kept);
    if (piece_ == Piece::thinking) parts_.thinking(text);
    if (piece_ == Piece::text) parts_.text(text);
    if (piece_ == Piece::call) {
      call_ = "call-" + std::to_string(++calls_);
      parts_.tool_call({call_, tool_, text, ToolCall::Input::text});
    }
    if (piece_ == Piece::result) parts_.tool_result({call_, tool_, text});
    piece_ = Piece::text;
  }

  void finish_message(Sink& sink) {
    if (speaker_ == Speaker::nobody) return;
    bool told = false;
    if (speaker_ == Speaker::user) {
      told = chat_.user(std::exchange(text_, {}), sink);
    } else {
      finish_piece();
      told = chat_.assistant(std::exchange(parts_, {}), sink);
    }
    if (!told) sink.skipped(Skip::internal, began_on_);
  }

  Writer writer_;
  cursor::Chat chat_;
  std::string room_;
  Speaker speaker_ = Speaker::nobody;
  std::uint64_t began_on_ = 0;
  Piece piece_ = Piece::text;
  std::string text_;  ///< of the piece, or of the prompt
  std::string tool_;
  std::string call_;  ///< transcripts have no ids of calls; a result follows its call
  std::uint64_t calls_ = 0;
  MessageParts parts_;
};

}  // namespace

bool is_cursor_text(std::string_view head, const Origin& origin) {
  const auto text = base::trim(head);
  const auto line = base::trim(text.substr(0, text.find('\n')));
  if (line != "user:" && line != "assistant:") return false;
  const bool has_place = origin.path.string().find("/agent-transcripts/") != std::string::npos;
  return has_place || text.find("\n<user_query>") != std::string_view::npos;
}

std::unique_ptr<Reader> open_cursor_text(const Origin& origin) {
  return std::make_unique<CursorText>(origin);
}

}  // namespace agentpipe::formats

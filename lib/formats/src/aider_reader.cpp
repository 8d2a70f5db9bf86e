#include <algorithm>
#include <memory>
#include <unordered_map>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/text.hpp"
#include "aider_session.hpp"
#include "clean.hpp"
#include "rows.hpp"

/// Chat histories of Aider: `.aider.chat.history.md` in the folder of the project, all its sessions one after
/// the other as Markdown. Nothing marks where an answer ends, and what a model writes may look like a prompt
/// or like a line of the program; those end with two blanks, so a line without them is believed only where
/// none with them have been seen.
namespace agentpipe::formats {
namespace {

using aider::Session;
using Block = Session::Block;

class AiderReader final : public Reader {
 public:
  explicit AiderReader(Origin origin) : origin_(std::move(origin)) {}

  void line(std::string_view text, std::uint64_t number, Sink& sink) override {
    number_ = number;
    text = cleaned(text, room_);
    if (text.ends_with('\r')) text.remove_suffix(1);
    take(text, sink);
    after_blank_ = text.empty();
  }

  void end(Sink& sink) override {
    if (origin_.writer == Writer::present) return pause(sink);
    finish_session(sink);
  }

  void pause(Sink& sink) override {
    if (session_) session_->flush_complete(sink);
  }

 private:
  void take(std::string_view text, Sink& sink) {
    if (const auto time = aider::started_at(text); !time.empty()) return begin_session(time, sink);
    if (is_prompt(text)) return prompt(*aider::prompt_line(text), sink);
    if (!session_) return sink.skipped(Skip::internal, number_);  // before the first session
    if (is_status(text)) return session_->status(*aider::status_line(text), sink);
    other(text, sink);
  }

  [[nodiscard]] Block block() const { return session_ ? session_->block() : Block::none; }

  void prompt(std::string_view words, Sink& sink) {
    if (!session_) begin_session({}, sink);
    if (after_blank_) session_->end_block();
    session_->prompt(words, sink);
    in_code_ = false;
  }

  /// Text right below a line of the program belongs to it, as an answer has an empty line before it.
  void other(std::string_view text, Sink& sink) {
    const bool answers = block() == Block::answer;
    if (text.empty() && !answers) return;
    if (block() == Block::status && !after_blank_) return session_->status(text, sink);
    if (!answers) in_code_ = false;
    if (text.starts_with("```")) in_code_ = !in_code_;
    session_->answer(text, sink);
  }

  bool is_prompt(std::string_view text) {
    if (!aider::prompt_line(text)) return false;
    if (block() == Block::prompt && !after_blank_) return true;
    if (!after_blank_) return false;
    const bool marked = aider::is_marked(text);
    marks_seen_ = marks_seen_ || marked;
    return marked || (!in_code_ && !marks_seen_);
  }

  [[nodiscard]] bool is_status(std::string_view text) const {
    const auto status = aider::status_line(text);
    if (!status) return false;
    return block() != Block::answer || aider::is_marked(text) || aider::is_known_status(*status);
  }

  void begin_session(std::string_view time, Sink& sink) {
    finish_session(sink);
    constexpr std::size_t k_digits = 32;
    auto identity = origin_.path.parent_path().lexically_normal().string() + '\n' + std::string(time);
    // Sessions of one second, in the order of the file.
    if (const auto before = seen_[identity]++; before > 0) identity += '\n' + std::to_string(before);
    session_.emplace(base::sha256_hex(identity).substr(0, k_digits), base::parse_local(time), origin_);
    began_on_ = number_;
    in_code_ = false;
  }

  void finish_session(Sink& sink) {
    if (session_ && !session_->finish(sink)) sink.skipped(Skip::internal, began_on_);
    session_.reset();
  }

  Origin origin_;
  std::string room_;
  std::optional<Session> session_;
  std::unordered_map<std::string, std::uint32_t> seen_;
  std::uint64_t number_ = 0;
  std::uint64_t began_on_ = 0;
  bool after_blank_ = true;
  bool in_code_ = false;
  bool marks_seen_ = false;
};

}  // namespace

bool is_aider(std::string_view head, const Origin& origin) {
  if (origin.name.ends_with(".aider.chat.history.md")) return true;
  while (!head.empty()) {
    const auto end = std::min(head.find('\n'), head.size() - 1);
    if (!aider::started_at(base::trim(head.substr(0, end + 1))).empty()) return true;
    head.remove_prefix(end + 1);
  }
  return false;
}

std::unique_ptr<Reader> open_aider(const Origin& origin) {
  return std::make_unique<AiderReader>(origin);
}

}  // namespace agentpipe::formats

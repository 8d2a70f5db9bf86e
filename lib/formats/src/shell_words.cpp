#include "shell_words.hpp"

#include <algorithm>
#include <array>

namespace agentpipe::formats {
namespace {

constexpr std::array<std::string_view, 5> k_shells = {"bash", "sh", "zsh", "dash", "fish"};

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<std::string> split() {
    for (; at_ < text_.size(); ++at_) take(text_[at_]);
    end_word();
    return std::move(words_);
  }

 private:
  void take(char c) {
    if (quote_ == '\'') return c == '\'' ? void(quote_ = 0) : word_.push_back(c);
    if (c == '\\') return escaped();
    if (quote_ == '"') return c == '"' ? void(quote_ = 0) : word_.push_back(c);
    if (c == '\'' || c == '"') {
      quote_ = c;
      open_ = true;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      end_word();
    } else {
      word_.push_back(c);
    }
  }

  /// Between double quotes a backslash protects four characters only.
  void escaped() {
    constexpr std::string_view k_special = "\"\\$`";
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (quote_ == 0 || k_special.find(next) != std::string_view::npos) ++at_;
    word_.push_back(at_ < text_.size() ? text_[at_] : '\\');
  }

  void end_word() {
    if (open_ || !word_.empty()) words_.push_back(std::move(word_));
    word_.clear();
    open_ = false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  char quote_ = 0;
  bool open_ = false;  ///< the word has a quote: it counts even when it is empty
  std::string word_;
  std::vector<std::string> words_;
};

bool is_shell(std::string_view program) {
  const auto name = program.substr(program.rfind('/') + 1);
  return std::find(k_shells.begin(), k_shells.end(), name) != k_shells.end();
}

}  // namespace

std::vector<std::string> shell_words(std::string_view command) {
  return Splitter(command).split();
}

std::string script_of(const std::vector<std::string>& words) {
  const bool wrapped = words.size() == 3 && is_shell(words[0]) && (words[1] == "-lc" || words[1] == "-c");
  if (wrapped) return words[2];
  std::string script;
  for (const auto& word : words) script.append(script.empty() ? "" : " ").append(word);
  return script;
}

}  // namespace agentpipe::formats

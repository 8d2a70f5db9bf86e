/// How fast secrets are found: redact_bench [FILE…]. Without files it makes a session of 10 MB: prose, code
/// and tool output with a secret every 100 KB. Texts go in as a stream has them, message by message, and all
/// in one.

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "agentpipe/base/files.hpp"
#include "agentpipe/redact/redactor.hpp"

namespace {

constexpr std::size_t k_session = 10UL << 20U;
constexpr std::size_t k_between_secrets = 100'000;
constexpr const char* k_paragraph =
    "The parser reads one token at a time and asks the lexer for the next one; see "
    "lib/parse/expression.cpp.\n"
    "```cpp\nauto token = lexer.next();\nif (token.kind == Kind::name) return lookup(token.text, "
    "scope);\n```\n"
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8\nAuthor: Ada <ada@example.com>\n"
    "GET https://example.com/api/items?page=3&sort=name HTTP/1.1\nAccept: application/json\n"
    "I looked through the sessions and found that the password field is validated twice, once on each "
    "side.\n";

std::string made_session() {
  std::string text;
  std::size_t next = k_between_secrets;
  while (text.size() < k_session) {
    text += k_paragraph;
    if (text.size() < next) continue;
    text += "export OPENAI_API_KEY=sk-a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6\n";
    next += k_between_secrets;
  }
  return text;
}

std::vector<std::string> pieces_of(const std::string& session, std::size_t size) {
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < session.size(); at += size) pieces.push_back(session.substr(at, size));
  return pieces;
}

void measure(const std::string& name, const std::vector<std::string>& texts) {
  const agentpipe::redact::Redactor redactor;
  constexpr int k_rounds = 5;
  double best = 1e9;
  double bytes = 0;
  std::string found;
  for (int round = 0; round < k_rounds; ++round) {
    auto copies = texts;
    agentpipe::redact::Report report;
    bytes = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (auto& text : copies) {
      bytes += static_cast<double>(text.size());
      report.add(redactor.redact(text));
    }
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    found = sentence(report);
  }
  std::printf("%s: %.1f MB in %.1f ms: %.0f MB/s; %s\n", name.c_str(), bytes / 1e6, best * 1e3,
              bytes / 1e6 / best, found.c_str());
}

void measure_both(const std::string& name, const std::string& session) {
  constexpr std::size_t k_message = 4UL << 10U;
  measure(name + ", messages of 4 KB", pieces_of(session, k_message));
  measure(name + ", one text", {session});
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) measure_both("made session", made_session());
  for (int i = 1; i < count; ++i) {
    const auto text = agentpipe::base::read_file(arguments[i], 1UL << 30U);
    if (text) measure_both(arguments[i], *text);
  }
}

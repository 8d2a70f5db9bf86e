/// How fast secrets are found: redact_bench [FILE…]. Without files it makes a session of 10 MB: prose, code
/// and tool output with a secret every 100 KB.

#include <chrono>
#include <cstdio>
#include <string>

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

void measure(const char* name, const std::string& session) {
  const agentpipe::redact::Redactor redactor;
  constexpr int k_rounds = 5;
  double best = 1e9;
  std::string found;
  for (int round = 0; round < k_rounds; ++round) {
    std::string text = session;
    const auto begin = std::chrono::steady_clock::now();
    found = sentence(redactor.redact(text));
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  std::printf("%s: %.1f MB in %.1f ms: %.0f MB/s; %s\n", name, static_cast<double>(session.size()) / 1e6,
              best * 1e3, static_cast<double>(session.size()) / 1e6 / best, found.c_str());
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) measure("made session", made_session());
  for (int i = 1; i < count; ++i) {
    const auto text = agentpipe::base::read_file(arguments[i], 1UL << 30U);
    if (text) measure(arguments[i], *text);
  }
}

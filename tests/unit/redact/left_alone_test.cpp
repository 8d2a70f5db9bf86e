#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "agentpipe/redact/redactor.hpp"
#include "redacted.hpp"

using agentpipe::redact::Redactor;
using agentpipe::test::redacted;

TEST_CASE("ordinary text of a session stays as it is") {
  const std::vector<std::string> texts = {
      "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
      "id 3f2504e0-4f89-41d3-9a0c-0305e82c3301",
      "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "data:image/"
      "png;base64,"
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
      "toolu_01A09q90qw90lq917835lq9 call_abc123XYZ msg_01XFDUDYJgAACzvnptvVoYEL",
      "class=\"sk-loading-indicator-container-wide sk-fading-circle\"",
      "let token = tokenizer.next(); if (token.kind == Token::End) return token;",
      "const token: string = getToken(); const secret = process.env.SECRET;",
      "api_key = os.environ[\"OPENAI_API_KEY\"]",
      "api_key=os.environ.get('OPENAI_API_KEY')",
      "export OPENAI_API_KEY=$(pass show openai)",
      "OPENAI_API_KEY=<your key> OPENAI_API_KEY=your-api-key-here OPENAI_API_KEY=sk-...",
      "MAX_TOKENS=4096 TOKEN_COUNT=17 max_tokens: 1024, input_tokens: 51933",
      "PWD=/home/ada/project OLDPWD=/home/ada",
      "The --password flag is required; use --token to pass a token.",
      "password: string, password?: string; password = \"required\"",
      "\"password\": { \"type\": \"string\" }",
      "Basic understanding of bearer authentication is all it takes; the bearer of bad news.",
      "Authorization: Bearer $TOKEN, Authorization: Bearer <token>, Authorization: Bearer ${{ "
      "secrets.GITHUB_TOKEN }}",
      "authorization: bearer authentication is described below",
      "https://example.com:8080/path?a=b@c and http://[::1]:3000/ and git@github.com:a/b.git",
      "postgres://app:${DB_PASSWORD}@db/x",
      "self.password = password; user.secret_key_base; secrets.token_hex(16)",
      "eyJ is how a JSON object begins in base64; hf_ and npm_ are prefixes, AKIA too",
      "The secret: be kind. A token of my esteem: roses. Passphrase = what you say.",
      "disk-cache-size, task-runner-configuration-2024, risk-assessment-of-many-things-2024",
      "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
      "if (password === confirmPassword) return; // passwords match",
      "日本語のトークン: これは秘密ではない 🙂",
  };
  for (const auto& text : texts) CHECK(redacted(text) == text);
}

TEST_CASE("hostile text costs linear time") {
  const std::vector<std::string> units = {"sk-",
                                          "-eyJ",
                                          "eyJa.",
                                          "://",
                                          "://a:",
                                          "-----BEGIN PRIVATE KEY-----",
                                          "-----BEGIN PRIVATE KEY-----\n-",
                                          "password=",
                                          "token ",
                                          "token:  ",
                                          "--token ",
                                          "authorization: bearer ",
                                          "bearer ",
                                          "\\n",
                                          "\\\"secret\\\":",
                                          "xoxb-a",
                                          "\xFF\xFE",
                                          "A3"};
  const Redactor redactor;
  for (const auto& unit : units) {
    CAPTURE(unit);
    std::string text;
    while (text.size() < (512UL << 10U)) text += unit;
    const auto begin = std::chrono::steady_clock::now();
    redactor.redact(text);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    CHECK(seconds < 5);  // quadratic would be minutes
  }
}

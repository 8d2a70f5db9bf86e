#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "agentpipe/redact/redactor.hpp"
#include "redacted.hpp"

using agentpipe::redact::Redactor;
using agentpipe::test::redacted;

namespace {

// None of these is real; the halves keep scanners of repositories calm.
const std::string k_random = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
const std::string k_hex = "0123456789abcdef0123456789abcdef";

}  // namespace

TEST_CASE("keys and tokens of known shapes are replaced wherever they stand") {
  struct Row {
    std::string secret;
    std::string kind;
  };
  const std::vector<Row> rows = {
      {"sk-ant-api03-" + k_random, "anthropic-key"},
      {"sk-or-v1-" + k_hex + k_hex, "openrouter-key"},
      {"sk-" + k_random, "openai-key"},
      {"sk-proj-" + k_random + "_-" + k_random, "openai-key"},
      {"sk-" + k_hex, "openai-key"},
      {"AIza" + k_random.substr(0, 35), "google-key"},
      {"ya29." + k_random, "google-oauth"},
      {"GOCSPX-" + k_random.substr(0, 28), "google-oauth"},
      {"gh"
       "p_" +
           k_random,
       "github-token"},
      {"gh"
       "s_" +
           k_random,
       "github-token"},
      {"github"
       "_pat_" +
           k_random + "_" + k_random,
       "github-token"},
      {"gl"
       "pat-" +
           k_random.substr(0, 20),
       "gitlab-token"},
      {"xo"
       "xb-123456789012-" +
           k_random,
       "slack-token"},
      {"AK"
       "IA"
       "ABCDEFGH12345678",
       "aws-key-id"},
      {"sk_"
       "live_" +
           k_random,
       "stripe-key"},
      {"rk_"
       "test_" +
           k_random,
       "stripe-key"},
      {"npm_" + k_random, "npm-token"},
      {"pypi-AgEIcHlwaS5vcmc" + k_random + k_random, "pypi-token"},
      {"hf_" + k_random, "huggingface-token"},
      {"gsk_" + k_random + k_random, "groq-key"},
      {"SG." + k_random.substr(0, 22) + "." + (k_random + k_random).substr(0, 43), "sendgrid-key"},
      {"ap_live_" + k_random, "agentpipe-key"},
      {"ap_test_" + k_random, "agentpipe-key"},
      {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0." + k_random, "jwt"},
  };
  for (const auto& [secret, kind] : rows) {
    const std::string mark = "[redacted:" + kind + "]";
    CHECK(redacted(secret) == mark);
    CHECK(redacted("use " + secret + ", please") == "use " + mark + ", please");
    CHECK(redacted("(" + secret + ")\n") == "(" + mark + ")\n");
    CHECK(redacted("é" + secret + "é") == "é" + mark + "é");
    CHECK(redacted(R"({\"a\":\")" + secret + R"(\"}\n)" + secret + " x") ==
          R"({\"a\":\")" + mark + R"(\"}\n)" + mark + " x");
  }
}

TEST_CASE("what a name, a header or a flag announces is replaced, and nothing around it") {
  struct Row {
    std::string before;
    std::string after;
  };
  const std::vector<Row> rows = {
      {"Authorization: Bearer " + k_random + "\n", "Authorization: Bearer [redacted:bearer]\n"},
      {"curl -H 'authorization: bearer " + k_random + "' x",
       "curl -H 'authorization: bearer [redacted:bearer]' x"},
      {R"("Authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")",
       R"("Authorization": "Basic [redacted:basic]")"},
      {"Authorization: token " + k_random, "Authorization: token [redacted:authorization]"},
      {"Bearer " + k_random, "Bearer [redacted:bearer]"},
      {"Bearer sk-" + k_random, "Bearer [redacted:openai-key]"},
      {"postgres://app:s3cret@db.example:5432/x", "postgres://app:[redacted:url-password]@db.example:5432/x"},
      {"https://:pw@host/", "https://:[redacted:url-password]@host/"},
      {"PASSWORD=x", "PASSWORD=[redacted:password]"},
      {"export DB_PASSWORD='correct horse' && run", "export DB_PASSWORD='[redacted:password]' && run"},
      {"OPENAI_API_KEY=abc\nB=1", "OPENAI_API_KEY=[redacted:api-key]\nB=1"},
      {"OPENAI_API_KEY=sk-" + k_random, "OPENAI_API_KEY=[redacted:openai-key]"},
      {"MY_TOKEN_PROD=\"abc def\"", "MY_TOKEN_PROD=\"[redacted:token]\""},
      {"run --token=abc --verbose", "run --token=[redacted:token] --verbose"},
      {"run --api-key " + k_hex + " -v", "run --api-key [redacted:api-key] -v"},
      {"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
       "aws_secret_access_key = [redacted:aws-secret]"},
      {"AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
       "AWS_SECRET_ACCESS_KEY=[redacted:aws-secret]"},
      {R"({"client_secret":"abcd1234efgh"})", R"({"client_secret":"[redacted:secret]"})"},
      {R"({\"password\":\"hunter2\"})", R"({\"password\":\"[redacted:password]\"})"},
      {"password: hunter2\nuser: a", "password: [redacted:password]\nuser: a"},
      {"GET /cb?access_token=abcd1234&x=1", "GET /cb?access_token=[redacted:token]&x=1"},
      {"x-api-key: " + k_hex, "x-api-key: [redacted:api-key]"},
      {"//registry.npmjs.org/:_authToken=abcd1234-ef", "//registry.npmjs.org/:_authToken=[redacted:token]"},
  };
  for (const auto& [before, after] : rows) CHECK(redacted(before) == after);
}

TEST_CASE("a private key goes as a whole, with its frame, cut off or quoted") {
  const std::string body = k_random + k_random + "\n" + k_random + "==\n";
  const std::string key =
      "-----BEGIN OPENSSH PRIVATE KEY-----\n" + body + "-----END OPENSSH PRIVATE KEY-----";
  CHECK(redacted("a\n" + key + "\nb") == "a\n[redacted:private-key]\nb");
  CHECK(redacted("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n" +
                 body + "-----END RSA PRIVATE KEY-----") == "[redacted:private-key]");
  CHECK(redacted("-----BEGIN PRIVATE KEY-----\n" + body) == "[redacted:private-key]\n");
  CHECK(redacted(R"("-----BEGIN PRIVATE KEY-----\n)" + k_random + k_random +
                 R"(\n-----END PRIVATE KEY-----\n")") == R"("[redacted:private-key]\n")");
  const std::string prose = "It begins with -----BEGIN PRIVATE KEY----- and then comes base64.";
  CHECK(redacted(prose) == prose);
}

TEST_CASE("the report counts by kind and holds no value") {
  const Redactor redactor;
  std::string text = "sk-" + k_random + " sk-" + k_hex + " PASSWORD=x";
  const auto report = redactor.redact(text);
  CHECK(sentence(report) == "3 secrets replaced (2 openai-key, 1 password)");
  CHECK(sentence(agentpipe::redact::Report{}) == "");
  CHECK(redactor.redact(text) == agentpipe::redact::Report{});  // once is enough
}

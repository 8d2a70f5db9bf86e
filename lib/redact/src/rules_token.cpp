#include "plausible.hpp"
#include "rules.hpp"

/// Secrets that are known by their shape. Shapes as their makers document them, or as their secret scanners
/// look for them.
namespace agentpipe::redact {

namespace {

// Ends a token of fixed length.
#define AGENTPIPE_END "(?:[^A-Za-z0-9_-]|$)"

struct Token {
  std::string_view kind;
  std::vector<std::string_view> literals;
  std::string_view pattern;
  Plausible plausible = any_value;
};

std::vector<Token> tokens() {
  return {
      {"anthropic-key", {"sk-ant-"}, "(sk-ant-[A-Za-z0-9_-]{16,})", random_looking},
      {"openrouter-key", {"sk-or-"}, "(sk-or-[A-Za-z0-9_-]{20,})", random_looking},
      {"openai-key", {"sk-"}, "(sk-(?:proj-|svcacct-|admin-|None-)?[A-Za-z0-9_-]{20,})", random_looking},
      {"google-key", {"AIza"}, "(AIza[A-Za-z0-9_-]{35})" AGENTPIPE_END},
      {"google-oauth", {"ya29."}, "(ya29\\.[A-Za-z0-9_-]{20,})", random_looking},
      {"google-oauth", {"GOCSPX-"}, "(GOCSPX-[A-Za-z0-9_-]{20,})", random_looking},
      {"github-token",
       {"ghp_", "gho_", "ghu_", "ghs_", "ghr_"},
       "(gh[pousr]_[A-Za-z0-9]{30,})",
       random_looking},
      {"github-token", {"github_pat_"}, "(github_pat_[A-Za-z0-9_]{22,})", random_looking},
      {"gitlab-token",
       {"glpat-", "gldt-", "glrt-", "glptt-"},
       "(gl(?:pat|dt|rt|ptt)-[A-Za-z0-9_.-]{20,})",
       random_looking},
      {"slack-token", {"xox"}, "(xox[abeoprs]-[A-Za-z0-9-]{10,})", random_looking},
      {"slack-token", {"xapp-"}, "(xapp-[A-Za-z0-9-]{10,})", random_looking},
      {"slack-webhook",
       {"hooks.slack.com/"},
       "hooks\\.slack\\.com/(?:services|workflows)/([A-Za-z0-9/]{20,})"},
      {"aws-key-id", {"AKIA", "ASIA"}, "(A[KS]IA[A-Z0-9]{16})" AGENTPIPE_END},
      {"stripe-key",
       {"sk_live_", "sk_test_", "rk_live_", "rk_test_"},
       "([sr]k_(?:live|test)_[A-Za-z0-9]{16,})"},
      {"stripe-key", {"whsec_"}, "(whsec_[A-Za-z0-9+/]{24,})", random_looking},
      {"npm-token", {"npm_"}, "(npm_[A-Za-z0-9]{36})" AGENTPIPE_END},
      {"pypi-token", {"pypi-AgE"}, "(pypi-AgE[A-Za-z0-9_-]{50,})"},
      {"huggingface-token", {"hf_"}, "(hf_[A-Za-z0-9]{30,})", random_looking},
      {"groq-key", {"gsk_"}, "(gsk_[A-Za-z0-9]{40,})", random_looking},
      {"xai-key", {"xai-"}, "(xai-[A-Za-z0-9]{60,})", random_looking},
      {"perplexity-key", {"pplx-"}, "(pplx-[A-Za-z0-9]{40,})", random_looking},
      {"replicate-token", {"r8_"}, "(r8_[A-Za-z0-9]{37,})", random_looking},
      {"sendgrid-key", {"SG."}, "(SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43})" AGENTPIPE_END},
      {"telegram-token", {":AA"}, ":(AA[A-Za-z0-9_-]{33})" AGENTPIPE_END, random_looking},
      {"digitalocean-token", {"dop_v1_"}, "(dop_v1_[a-f0-9]{64})"},
      {"shopify-token", {"shpat_", "shpss_"}, "(shp(?:at|ss)_[a-fA-F0-9]{32})"},
      {"agentpipe-key", {"ap_live_", "ap_test_"}, "(ap_(?:live|test)_[A-Za-z0-9_-]{16,})"},
      {"jwt", {"eyJ"}, "(eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,})"},
  };
}

#undef AGENTPIPE_END

/// To its end, or, where that was cut off, as far as it looks like base64.
constexpr std::string_view k_private_key =
    "(-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"
    "(?:(?:[^-]|-[^-])*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"
    "|(?:\\s|\\\\[nr])*[A-Za-z0-9+/=]{40,}(?:(?:\\s|\\\\[nr])+[A-Za-z0-9+/=]{4,})*))";

/// "Authorization: Bearer x", also quoted as in JSON, code and curl's -H.
constexpr std::string_view k_header = "authorization[\\\\\"']{0,3}\\s{0,4}[:=,]\\s{0,4}[\\\\\"'`]{0,3}";

void add_header_rules(std::vector<Rule>& rules) {
  constexpr std::string_view k_value = "\\s+([A-Za-z0-9._~+/=|:-]{6,})";
  const auto header = [&](std::string_view kind, std::string_view scheme, Plausible plausible) {
    rules.push_back({std::string(kind),
                     {"authorization"},
                     "(?i:" + std::string(k_header) + std::string(scheme) + ")" +
                         (scheme.empty() ? "([A-Za-z0-9._~+/=|-]{16,})" : std::string(k_value)),
                     plausible,
                     Spelling::any_case,
                     Left::anything,
                     Reading::prose,
                     Rule::By::place});
  };
  header("bearer", "bearer", encoded_looking);
  header("basic", "basic", encoded_looking);
  header("authorization", "(?:token|digest|apikey|api-key|negotiate)", encoded_looking);
  header("authorization", "", mixed_16);
  rules.push_back({"bearer",
                   {"bearer"},
                   "(?i:bearer)\\s+([A-Za-z0-9._~+/=|-]{12,})",
                   mixed_16,
                   Spelling::any_case,
                   Left::no_word,
                   Reading::prose,
                   Rule::By::place});
}

}  // namespace

void add_token_rules(std::vector<Rule>& rules) {
  for (auto& token : tokens()) {
    rules.push_back(
        {std::string(token.kind), std::move(token.literals), std::string(token.pattern), token.plausible,
         Spelling::exact,
         token.kind == "telegram-token" || token.kind == "slack-webhook" ? Left::anything : Left::no_word});
  }
  rules.push_back({"private-key",
                   {"-----BEGIN "},
                   std::string(k_private_key),
                   any_value,
                   Spelling::exact,
                   Left::anything});
  rules.push_back({"url-password",
                   {"://"},
                   "://[^\\s/:@\"'<>\\\\]*:([^\\s/@\"'<>\\\\]+)@",
                   filled,
                   Spelling::exact,
                   Left::anything,
                   Reading::prose,
                   Rule::By::place});
  add_header_rules(rules);
}

}  // namespace agentpipe::redact

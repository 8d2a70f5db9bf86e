#include "test_steps.hpp"

#include <algorithm>

#include "agentpipe/base/text.hpp"
#include "agentpipe/delivery/endpoint.hpp"
#include "agentpipe/delivery/retry_policy.hpp"
#include "agentpipe/model/json_writer.hpp"

namespace agentpipe::cli {

namespace {

using base::Milliseconds;
using delivery::NetworkFault;
using delivery::Verdict;

/// Beyond this, times on the pages look wrong.
constexpr std::chrono::minutes k_most_skew{5};

/// Everything a step may look at.
struct Evidence {
  const TestSubject& subject;
  const delivery::Response& response;
  Verdict verdict;
  base::Timestamp now;

  [[nodiscard]] bool secure() const { return base::to_lower(subject.base_url).starts_with("https:"); }
  [[nodiscard]] bool failed() const { return response.fault != NetworkFault::none; }
};

using Step = TestStep;

Step pass(std::optional<Milliseconds> took, std::string detail = {}) {
  return {{}, StepResult::passed, took, std::move(detail), {}, ExitCode::ok};
}
Step fail(ExitCode code, std::string detail, std::string advice) {
  return {{}, StepResult::failed, {}, std::move(detail), std::move(advice), code};
}
Step skip(std::string detail) {
  return {{}, StepResult::skipped, {}, std::move(detail), {}, ExitCode::ok};
}

Step name_step(const Evidence& seen) {
  const bool never_ended =
      seen.response.fault == NetworkFault::timeout && seen.response.name_lookup == Milliseconds{0};
  if (seen.response.fault != NetworkFault::name_lookup && !never_ended)
    return pass(seen.response.name_lookup);
  return fail(ExitCode::unreachable, explain(seen.response),
              "Check the host name in the URL, and that this computer is online (behind a proxy: https_proxy "
              "is set).");
}

/// How far it came without saying so: libcurl reports no time for a step that a later one spoilt.
bool reached(const Evidence& seen) {
  const auto& response = seen.response;
  return !seen.failed() || response.fault == NetworkFault::tls ||
         (response.fault != NetworkFault::connect && response.connected > Milliseconds{0});
}

Step connection_step(const Evidence& seen) {
  const auto& response = seen.response;
  if (reached(seen)) {
    if (response.connected == Milliseconds{0}) return pass({});
    return pass(std::max(response.connected - response.name_lookup, Milliseconds{0}));
  }
  const bool here = delivery::is_loopback(seen.subject.base_url);
  return fail(ExitCode::unreachable, explain(response),
              here ? "Is the server running? Start it with: agentpipe-web serve"
                   : "Check the port in the URL, that the server runs, and that no firewall is in between.");
}

Step tls_step(const Evidence& seen) {
  if (!seen.secure()) return skip("plain http");
  const auto& response = seen.response;
  const bool never_ended = seen.failed() && response.tls_done == Milliseconds{0};
  if (response.fault != NetworkFault::tls && !never_ended) {
    return pass(std::max(response.tls_done - response.connected, Milliseconds{0}));
  }
  return fail(ExitCode::unreachable, explain(response),
              "A certificate of your own? Name its authority with --ca-file. Does the server speak plain "
              "http? Then the "
              "URL starts with http://.");
}

Step key_step(const Evidence& seen) {
  if (seen.failed()) return skip("no answer");
  if (seen.verdict == Verdict::delivered) return pass({});
  if (seen.verdict != Verdict::pause) return skip("the server did not look at it");
  const bool given = seen.subject.key == TestSubject::Key::given;
  return fail(ExitCode::key_refused, explain(seen.response),
              given ? "Make a key on the server with `agentpipe-web keys create` and enter it with "
                      "agentpipe-bridge setup."
                    : "No key is set. Enter one with agentpipe-bridge setup.");
}

struct IngestAdvice {
  Verdict verdict;
  ExitCode code;
  std::string_view text;
};

constexpr IngestAdvice k_ingest_advice[] = {
    {Verdict::misconfigured, ExitCode::configuration,
     "Something answers there, but it is no AgentPipe server. Check the URL: it is the address of the pages, "
     "without "
     "/api/ingest."},
    {Verdict::retry, ExitCode::unreachable,
     "Try again in a moment; if it stays, look into the server's log."},
    {Verdict::reject, ExitCode::failure, "The server does not know test events; it may be too old."},
};

Step ingest_step(const Evidence& seen) {
  if (seen.verdict == Verdict::delivered) return pass(seen.response.total);
  for (const IngestAdvice& row : k_ingest_advice) {
    if (row.verdict == seen.verdict) return fail(row.code, explain(seen.response), std::string(row.text));
  }
  return fail(ExitCode::failure, explain(seen.response), "Look into the server's log.");
}

Step time_step(const Evidence& seen) {
  const auto server = seen.response.date ? base::parse_http_date(*seen.response.date) : std::nullopt;
  if (!server) return skip("the server does not say its time");
  const Milliseconds skew = seen.now - *server;
  const Milliseconds size = skew < Milliseconds{0} ? -skew : skew;
  if (size < std::chrono::seconds(2)) return pass({}, "same as the server's");
  const std::string detail = "this clock is " + base::human_duration(size) +
                             (skew < Milliseconds{0} ? " behind" : " ahead of") + " the server's";
  if (size <= k_most_skew) return pass({}, detail);
  return fail(ExitCode::failure, detail,
              "Set the clock (NTP) here or there; until then times will look wrong, nothing else.");
}

struct NamedStep {
  std::string_view name;
  Step (*run)(const Evidence&);
};

constexpr NamedStep k_steps[] = {
    {"name look-up", name_step}, {"connection", connection_step}, {"TLS", tls_step},
    {"key", key_step},           {"ingest", ingest_step},         {"time", time_step},
};

constexpr std::string_view k_result_names[] = {"passed", "failed", "skipped"};
constexpr std::string_view k_result_marks[] = {"✓", "✗", "-"};

template <class Table>
std::string_view word(const Table& table, StepResult result) {
  return table[static_cast<std::size_t>(result)];
}

}  // namespace

std::vector<TestStep> judge(const TestSubject& subject, const delivery::Response& response,
                            base::Timestamp now) {
  const Evidence seen{subject, response, delivery::classify(response), now};
  std::vector<TestStep> steps;
  bool blocked = false;
  for (const NamedStep& row : k_steps) {
    Step step = blocked ? skip("") : row.run(seen);
    step.name = row.name;
    blocked = blocked || step.result == StepResult::failed;
    steps.push_back(std::move(step));
  }
  return steps;
}

ExitCode exit_code(const std::vector<TestStep>& steps) {
  const auto failed = std::find_if(steps.begin(), steps.end(),
                                   [](const TestStep& step) { return step.result == StepResult::failed; });
  return failed == steps.end() ? ExitCode::ok : failed->code;
}

std::string to_text(const TestSubject& subject, const std::vector<TestStep>& steps) {
  std::string text = "Testing " + subject.base_url + "\n";
  for (const TestStep& step : steps) {
    text.append("  ").append(word(k_result_marks, step.result)).append(" ").append(step.name);
    std::string rest = step.took ? std::to_string(step.took->count()) + " ms" : "";
    if (step.result == StepResult::skipped)
      rest = step.detail.empty() ? "skipped" : "skipped: " + step.detail;
    if (step.result != StepResult::skipped && !step.detail.empty())
      rest += (rest.empty() ? "" : ", ") + step.detail;
    if (!rest.empty()) text.append(std::string(14 - step.name.size(), ' ')).append(rest);
    text += '\n';
    if (!step.advice.empty()) text += "    " + step.advice + "\n";
  }
  return text + (exit_code(steps) == ExitCode::ok ? "All is well.\n" : "");
}

std::string to_json(const TestSubject& subject, const std::vector<TestStep>& steps) {
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object().field("url", subject.base_url).field("ok", exit_code(steps) == ExitCode::ok);
  writer.key("steps").begin_array();
  for (const TestStep& step : steps) {
    writer.begin_object().field("name", step.name).field("result", word(k_result_names, step.result));
    if (step.took) writer.field("ms", std::int64_t{step.took->count()});
    if (!step.detail.empty()) writer.field("detail", step.detail);
    if (!step.advice.empty()) writer.field("advice", step.advice);
    writer.end_object();
  }
  writer.end_array().end_object();
  return json + "\n";
}

}  // namespace agentpipe::cli

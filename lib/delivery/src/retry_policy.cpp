#include "agentpipe/delivery/retry_policy.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <random>

#include "agentpipe/base/text.hpp"
#include "answer.hpp"

namespace agentpipe::delivery {

namespace {

/// Who may say it: a refusal for good counts only from the server itself, which always answers in JSON.
enum class Speaker : unsigned char { anybody, server };

struct StatusRow {
  int first;
  int last;
  Verdict one;      // event or record
  Verdict several;  // of which one may be the culprit
  Speaker speaker;
};

/// The first row that holds the status decides.
constexpr StatusRow k_statuses[] = {
    {200, 299, Verdict::delivered, Verdict::delivered, Speaker::server},
    {300, 399, Verdict::misconfigured, Verdict::misconfigured, Speaker::anybody},
    {400, 400, Verdict::reject, Verdict::split, Speaker::server},
    {401, 401, Verdict::pause, Verdict::pause, Speaker::anybody},
    {403, 403, Verdict::pause, Verdict::pause, Speaker::anybody},
    {404, 407, Verdict::misconfigured, Verdict::misconfigured, Speaker::anybody},
    {408, 408, Verdict::retry, Verdict::retry, Speaker::anybody},
    {409, 410, Verdict::reject, Verdict::split, Speaker::server},
    {413, 413, Verdict::split, Verdict::split, Speaker::anybody},
    {422, 422, Verdict::reject, Verdict::split, Speaker::server},
    {425, 425, Verdict::retry, Verdict::retry, Speaker::anybody},
    {429, 429, Verdict::retry, Verdict::retry, Speaker::anybody},
    {400, 499, Verdict::misconfigured, Verdict::misconfigured, Speaker::anybody},
    {501, 501, Verdict::misconfigured, Verdict::misconfigured, Speaker::anybody},
    {505, 505, Verdict::misconfigured, Verdict::misconfigured, Speaker::anybody},
    {500, 599, Verdict::retry, Verdict::retry, Speaker::anybody},
};

struct FaultWords {
  NetworkFault fault;
  std::string_view words;
};

constexpr FaultWords k_fault_words[] = {
    {NetworkFault::name_lookup, "cannot find the server's name"},
    {NetworkFault::connect, "cannot connect"},
    {NetworkFault::tls, "no secure connection"},
    {NetworkFault::timeout, "no answer in time"},
    {NetworkFault::broken, "the connection broke"},
};

constexpr base::Milliseconds k_minute{60'000};
constexpr unsigned k_free_retries = 10;
constexpr unsigned k_successes_a_retry = 5;

constexpr std::string_view k_verdict_names[] = {"delivered", "retry", "pause", "misconfigured",
                                                "reject",    "split", "rewind"};

bool acknowledges(const ParsedAnswer& answer, Carried carried) {
  return carried == Carried::event ? answer.acknowledges : answer.acked_n.has_value();
}

std::string with_reason(std::string sentence, const std::string& reason) {
  return reason.empty() ? sentence : sentence + " (" + reason + ")";
}

std::optional<base::Milliseconds> seconds_from(std::string_view digits) {
  const auto seconds = base::parse_number(digits);
  if (!seconds) return std::nullopt;
  const auto longest = static_cast<std::uint64_t>(k_longest_retry_after / std::chrono::seconds(1));
  return std::chrono::seconds(std::min(*seconds, longest));
}

std::optional<base::Milliseconds> until(std::string_view date, base::Timestamp now) {
  const auto at = base::parse_http_date(date);
  if (!at || *at <= now) return std::nullopt;
  return std::min<base::Milliseconds>(*at - now, k_longest_retry_after);
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  return k_verdict_names[static_cast<std::size_t>(verdict)];
}

Verdict classify(const Response& response, Carried carried) {
  if (response.fault != NetworkFault::none) return Verdict::retry;
  const auto row =
      std::find_if(std::begin(k_statuses), std::end(k_statuses), [&](const StatusRow& candidate) {
        return response.status >= candidate.first && response.status <= candidate.last;
      });
  if (row == std::end(k_statuses)) return Verdict::retry;
  const Verdict verdict = carried == Carried::several ? row->several : row->one;
  if (row->speaker == Speaker::anybody) return verdict;
  const ParsedAnswer answer = parse_answer(response.body);
  if (!answer.is_object) return Verdict::retry;
  if (verdict == Verdict::delivered)
    return acknowledges(answer, carried) ? Verdict::delivered : Verdict::retry;
  return answer.expected_n ? Verdict::rewind : verdict;
}

Refusal refusal(const Response& response) {
  const std::string status = std::to_string(response.status);
  ParsedAnswer answer = parse_answer(response.body);
  return {answer.code.empty() ? "http_" + status : std::move(answer.code),
          answer.reason.empty() ? "HTTP " + status : std::move(answer.reason)};
}

std::string explain(const Response& response) {
  if (response.fault != NetworkFault::none) {
    const auto row =
        std::find_if(std::begin(k_fault_words), std::end(k_fault_words),
                     [&](const FaultWords& candidate) { return candidate.fault == response.fault; });
    return with_reason(std::string(row->words),
                       base::one_line(base::terminal_safe(response.fault_text), 200));
  }
  const std::string answered = "the server answered " + std::to_string(response.status);
  const ParsedAnswer answer = parse_answer(response.body);
  if (!answer.is_object && response.status < 300) return answered + ", but not as an AgentPipe server does";
  return with_reason(answered, answer.reason);
}

Random system_random() {
  return [engine = std::mt19937_64(std::random_device{}())]() mutable {
    return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
  };
}

base::Milliseconds backoff(unsigned failures, double random, base::Milliseconds longest) {
  const double grown =
      std::ldexp(static_cast<double>(k_first_backoff.count()), static_cast<int>(std::min(failures, 30U)));
  const double most = std::min(grown, static_cast<double>(longest.count()));
  return base::Milliseconds(static_cast<base::Milliseconds::rep>(most * random));
}

std::optional<base::Milliseconds> retry_after(const Response& response, base::Timestamp now) {
  if (!response.retry_after) return std::nullopt;
  const std::string_view text = base::trim(*response.retry_after);
  if (const auto digits = seconds_from(text)) return digits;
  const auto server_now = response.date ? base::parse_http_date(*response.date) : std::nullopt;
  return until(text, server_now.value_or(now));
}

base::Milliseconds spread(base::Milliseconds wish, double random) {
  return wish + base::Milliseconds(
                    static_cast<base::Milliseconds::rep>(static_cast<double>(wish.count()) * 0.1 * random));
}

void RetryBudget::begin_minute(base::Ticks now) {
  if (now - minute_ < k_minute) return;
  *this = RetryBudget();
  minute_ = now;
}

void RetryBudget::succeeded(base::Ticks now) {
  begin_minute(now);
  ++successes_;
}

base::Milliseconds RetryBudget::spend(base::Ticks now) {
  begin_minute(now);
  ++retries_;
  if (retries_ <= k_free_retries + successes_ / k_successes_a_retry) return base::Milliseconds{0};
  const base::Ticks next = minute_ + k_minute;
  *this = RetryBudget();
  minute_ = next;
  retries_ = 1;
  return std::chrono::ceil<base::Milliseconds>(next - now);
}

}  // namespace agentpipe::delivery

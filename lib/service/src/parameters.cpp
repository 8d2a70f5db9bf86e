#include "parameters.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "agentpipe/base/text.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/limits.hpp"

namespace agentpipe::service {

namespace {

struct SortName {
  std::string_view name;
  store::SessionSort sort;
};

// The page's names and those of the existing API.
constexpr std::array k_sorts{
    SortName{"started", store::SessionSort::started},
    SortName{"startedAt", store::SessionSort::started},
    SortName{"createdAt", store::SessionSort::started},
    SortName{"updated", store::SessionSort::updated},
    SortName{"updatedAt", store::SessionSort::updated},
    SortName{"cost", store::SessionSort::cost},
    SortName{"totalCost", store::SessionSort::cost},
    SortName{"tokens", store::SessionSort::tokens},
    SortName{"totalTokens", store::SessionSort::tokens},
    SortName{"messages", store::SessionSort::messages},
    SortName{"totalMessages", store::SessionSort::messages},
    SortName{"duration", store::SessionSort::duration},
    SortName{"totalDuration", store::SessionSort::duration},
    SortName{"name", store::SessionSort::name},
};

}  // namespace

base::Error bad_parameter(std::string_view name, const std::string& sentence) {
  return {
      base::ErrorCode::invalid, std::string(name) + " " + sentence, {}, std::string(name), "bad_parameter"};
}

void Parameters::number(std::string_view name, std::int64_t least, std::int64_t most, std::int64_t otherwise,
                        std::int64_t& into) {
  auto given = query_.number(name, least, most, otherwise);
  if (given)
    into = *given;
  else
    fail(given.error());
}

void Parameters::number(std::string_view name, std::optional<std::int64_t>& into) {
  std::int64_t value = 0;
  if (!query_.text(name)) return;
  number(name, 0, model::k_max_integer, 0, value);
  into = value;
}

void Parameters::amount(std::string_view name, std::optional<double>& into) {
  const auto given = query_.text(name);
  if (!given) return;
  double value = 0;
  const auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), value);
  if (error != std::errc{} || end != given->data() + given->size() || !(value >= 0)) {
    fail(bad_parameter(name, "must be a number that is not negative"));
  } else {
    into = value;
  }
}

void Parameters::time(std::string_view name, std::optional<base::Timestamp>& into, Edge edge) {
  const auto given = query_.text(name);
  if (!given) return;
  into = base::parse_rfc3339(*given);
  if (!into)
    into = base::parse_rfc3339(std::string(*given) + (edge == Edge::begin ? "T00:00:00Z" : "T23:59:59.999Z"));
  if (!into) fail(bad_parameter(name, "must be a date (2026-01-05) or an RFC 3339 time"));
}

void Parameters::statuses(std::vector<model::Status>& into) {
  for (const auto& word : query_.list("status")) {
    const auto status = model::parse_status(word);
    if (!status) return fail(bad_parameter("status", "must be of ACTIVE, COMPLETED, INTERRUPTED, ERROR"));
    into.push_back(*status);
  }
}

void Parameters::sort(store::SessionQuery& into) {
  if (const auto given = query_.text("sort")) {
    const auto* row = std::ranges::find(k_sorts, *given, &SortName::name);
    if (row == k_sorts.end())
      return fail(
          bad_parameter("sort", "must be one of started, updated, cost, tokens, messages, duration, name"));
    into.sort = row->sort;
  }
  into.direction = direction(into.direction);
}

store::Direction Parameters::direction(store::Direction otherwise) {
  const auto given = query_.text("order");
  if (!given) return otherwise;
  if (base::equals_ignore_case(*given, "asc")) return store::Direction::ascending;
  if (!base::equals_ignore_case(*given, "desc")) fail(bad_parameter("order", "must be asc or desc"));
  return store::Direction::descending;
}

bool Parameters::is_on(std::string_view name) {
  const auto given = query_.text(name);
  const auto value = given ? base::parse_switch(*given) : std::optional(false);
  if (!value) fail(bad_parameter(name, "must be true or false"));
  return value.value_or(false);
}

void Parameters::session_filter(store::SessionQuery& into) {
  statuses(into.status);
  into.source = query_.list("source");
  into.mode = query_.list("mode");
  into.agent_type = query_.list("agentType");
  into.model = query_.list("model");
  into.machine = query_.list("machine");
  into.text = query_.text("search").value_or("");
  time("startDate", into.from);
  time("endDate", into.until, Edge::end);
  amount("minCost", into.min_cost);
  amount("maxCost", into.max_cost);
  number("minTokens", into.min_tokens);
  number("maxTokens", into.max_tokens);
  if (is_on("hasErrors")) into.min_errors = 1;
  if (const auto parent = query_.text("parent")) into.parent = std::string(*parent);
}

void Parameters::fail(base::Error error) {
  if (!error_) error_ = std::move(error);
}

}  // namespace agentpipe::service

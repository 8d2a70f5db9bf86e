#include "agentpipe/service/search.hpp"

#include <algorithm>
#include <array>

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/records.hpp"
#include "json_body.hpp"
#include "parameters.hpp"

namespace agentpipe::service {

namespace {

constexpr std::size_t k_longest_query = 1000;
constexpr std::size_t k_most_terms = 16;
constexpr std::int64_t k_most_sessions = 100;
constexpr std::int64_t k_default_sessions = 20;
constexpr std::int64_t k_most_values = 1000;
// A search through texts without the index's help ends here; the cursor goes on.
constexpr base::Milliseconds k_time{400};

/// Words apart, but "several words" in quotes together. A quote without its fellow is a character like
/// others.
store::SearchText parse_text(std::string_view query) {
  store::SearchText text;
  while (!(query = base::trim(query)).empty()) {
    const auto closing = query.front() == '"' ? query.find('"', 1) : std::string_view::npos;
    const bool quoted = closing != std::string_view::npos && closing > 1;
    const auto end = quoted ? closing : std::min(query.find_first_of(" \t\r\n"), query.size());
    const auto term = quoted ? query.substr(1, end - 1) : query.substr(0, end);
    text.terms.emplace_back(term);
    query.remove_prefix(std::min(end + (quoted ? 1 : 0), query.size()));
  }
  return text;
}

std::string_view name_of(store::MatchField field) {
  constexpr std::array<std::string_view, 3> k_names{"message", "name", "prompt"};
  return k_names[static_cast<std::size_t>(field)];
}

void write_snippet(model::JsonWriter& writer, const store::SearchMatch& match) {
  const auto piece = [&](std::size_t from, std::size_t to, bool hit) {
    if (from == to) return;
    writer.begin_object().field("text", match.excerpt.substr(from, to - from)).field("hit", hit).end_object();
  };
  std::size_t at = 0;
  writer.key("snippet").begin_array();
  for (const auto& [start, length] : match.places) {
    piece(at, start, false);
    piece(start, start + length, true);
    at = start + length;
  }
  piece(at, match.excerpt.size(), false);
  writer.end_array();
}

template <class T>
std::optional<T> of_message(const store::SearchMatch& match, const T& value) {
  return match.field == store::MatchField::message ? std::optional(value) : std::nullopt;
}

void write_match(model::JsonWriter& writer, const store::SearchMatch& match) {
  writer.begin_object()
      .field("messageId", of_message(match, match.message_id))
      .field("sequenceNumber", of_message(match, match.sequence))
      .field("agentName", of_message(match, match.agent_name))
      .field("timestamp", base::format_rfc3339(match.at))
      .field("field", name_of(match.field));
  write_snippet(writer, match);
  writer.end_object();
}

std::string results_json(const store::SearchPage& page, std::int64_t limit) {
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object().key("results").begin_array();
  for (const auto& result : page.results) {
    writer.begin_object().key("session").raw(to_json(result.session)).field("hits", result.hits);
    writer.key("matches").begin_array();
    for (const auto& match : result.matches) write_match(writer, match);
    writer.end_array().end_object();
  }
  const auto total = page.next ? std::nullopt : std::optional(std::int64_t(page.results.size()));
  writer.end_array().key("pagination").begin_object().field("limit", limit);
  writer.field("nextCursor", page.next ? std::optional(std::to_string(*page.next)) : std::nullopt)
      .field("total", total)
      .end_object()
      .end_object();
  return json;
}

void read_text(Parameters& parameters, std::string_view query, store::SearchText& text) {
  text = parse_text(query);
  if (query.size() <= k_longest_query && !text.terms.empty() && text.terms.size() <= k_most_terms) return;
  parameters.fail(bad_parameter("q", "must be a text of 1 to 1000 bytes, at most 16 words"));
}

void read_order(Parameters& parameters, const Query& query, store::SearchOrder& order) {
  const auto given = query.text("order").value_or("newest");
  if (given == "rank") order = store::SearchOrder::rank;
  if (given != "rank" && given != "newest") parameters.fail(bad_parameter("order", "must be newest or rank"));
}

/// The existing server's filters under the names of our parameters.
Query filters_of(const JsonBody& filters) {
  constexpr std::array k_lists{std::pair{"status", "status"}, std::pair{"agentTypes", "agentType"},
                               std::pair{"models", "model"}};
  constexpr std::array k_values{"startDate", "endDate", "minCost", "maxCost", "minTokens", "maxTokens"};
  Query::Parameters parameters;
  for (const auto& [theirs, ours] : k_lists)
    for (const auto& value : filters.texts(theirs).value_or(std::vector<std::string>{}))
      parameters.emplace_back(ours, value);
  for (const char* name : k_values)
    if (auto value = filters.scalar(name)) parameters.emplace_back(name, *value);
  return Query(std::move(parameters));
}

void write_found(model::JsonWriter& writer, const store::SearchResult& result) {
  constexpr std::size_t k_prompt = 200;
  const auto& session = result.session;
  writer.begin_object()
      .field("id", session.id)
      .field("name", session.name)
      .field("createdAt", base::format_rfc3339(session.created_at))
      .field("startedAt", base::format_rfc3339(session.started_at))
      .field("status", to_string(session.status))
      .field("mode", session.mode)
      .field("source", session.source)
      .field("initialPrompt", base::truncate_utf8(session.initial_prompt, k_prompt))
      .field("totalMessages", session.totals.messages)
      .field("totalTokens", session.totals.tokens)
      .field("totalCost", session.totals.cost)
      .field("totalDuration", session.totals.duration_ms);
  writer.key("participants").begin_array();
  for (const auto& participant : session.participants) {
    writer.begin_object()
        .field("agentType", participant.agent_type)
        .field("agentName", participant.name.value_or(participant.agent_type))
        .end_object();
  }
  writer.end_array().key("messagePreview").begin_array();
  for (const auto& match : result.matches) {
    if (match.field != store::MatchField::message) continue;
    writer.begin_object()
        .field("id", match.message_id)
        .field("content", match.excerpt)
        .field("agentName", match.agent_name)
        .field("timestamp", base::format_rfc3339(match.at))
        .end_object();
  }
  writer.end_array().end_object();
}

}  // namespace

base::Result<std::string> Search::run(const Query& query) {
  if (const auto type = query.text("type")) return list_values(*type);
  Parameters parameters(query);
  store::SearchQuery wanted;
  std::optional<std::int64_t> before;
  read_text(parameters, query.text("q").value_or(""), wanted.text);
  read_order(parameters, query, wanted.order);
  parameters.number("limit", 1, k_most_sessions, k_default_sessions, wanted.limit);
  parameters.number("cursor", before);
  parameters.session_filter(wanted.sessions);
  if (parameters.error()) return tl::unexpected(*parameters.error());
  wanted.before = before.value_or(0);
  wanted.time_is_up = [this, end = base::Deadline::after(clock_, k_time)] { return end.reached(clock_); };
  const auto page = store_.search(wanted);
  if (!page) return base::forward(page);
  return results_json(*page, wanted.limit);
}

base::Result<std::string> Search::run(std::string_view json) {
  const auto body = JsonBody::parse(json);
  if (!body) return base::forward(body);
  const Query query(Query::Parameters{{"page", body->scalar("page").value_or("1")},
                                      {"limit", body->scalar("limit").value_or("20")}});
  const Query filters = filters_of(body->object("filters"));
  Parameters numbers(query);
  Parameters parameters(filters);
  store::SearchQuery wanted;
  std::int64_t page = 1;
  std::int64_t limit = k_default_sessions;
  numbers.number("page", 1, k_most_sessions, 1, page);
  numbers.number("limit", 1, k_most_sessions, k_default_sessions, limit);
  parameters.session_filter(wanted.sessions);
  wanted.text.terms = {body->text("query").value_or("")};
  if (wanted.text.terms.front().size() > k_longest_query)
    parameters.fail(bad_parameter("query", "must be a text of at most 1000 bytes"));
  for (const auto* one : {&numbers, &parameters})
    if (one->error()) return tl::unexpected(*one->error());
  wanted.limit = page * limit;
  wanted.time_is_up = [this, end = base::Deadline::after(clock_, k_time)] { return end.reached(clock_); };
  const auto found = store_.search(wanted);
  if (!found) return base::forward(found);
  const auto total = static_cast<std::int64_t>(found->results.size()) + (found->next ? 1 : 0);
  std::string out;
  model::JsonWriter writer(out);
  writer.begin_object().key("results").begin_array();
  for (auto i = static_cast<std::size_t>((page - 1) * limit); i < found->results.size(); ++i)
    write_found(writer, found->results[i]);
  writer.end_array()
      .key("pagination")
      .begin_object()
      .field("page", page)
      .field("limit", limit)
      .field("total", total)
      .field("pages", pages_of(total, limit))
      .end_object()
      .end_object();
  return out;
}

base::Result<std::string> Search::list_values(std::string_view type) {
  const bool agents = type == "agents";
  if (!agents && type != "models") return tl::unexpected(bad_parameter("type", "must be agents or models"));
  const auto facets = store_.facets(k_most_values);
  if (!facets) return base::forward(facets);
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object().key(type).begin_array();
  for (const auto& [value, sessions] : agents ? facets->agent_types : facets->models)
    writer.begin_object().field(agents ? "type" : "model", value).field("count", sessions).end_object();
  writer.end_array().end_object();
  return json;
}

}  // namespace agentpipe::service

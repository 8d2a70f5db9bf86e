#include "agentpipe/service/sessions.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "agentpipe/base/text.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/limits.hpp"
#include "agentpipe/model/records.hpp"

namespace agentpipe::service {

namespace {

constexpr std::int64_t k_sessions_default = 20;
constexpr std::int64_t k_sessions_most = 100;
constexpr std::int64_t k_messages_default = 100;
constexpr std::int64_t k_messages_most = 1000;
constexpr std::int64_t k_notes_most = 1000;
constexpr std::int64_t k_pages_most = 1'000'000;

base::Error bad_parameter(std::string_view name, const std::string& sentence) {
  return {
      base::ErrorCode::invalid, std::string(name) + " " + sentence, {}, std::string(name), "bad_parameter"};
}

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

/// Reads parameters into a query and keeps the first fault.
class Parameters {
 public:
  explicit Parameters(const Query& query) : query_(query) {}

  void number(std::string_view name, std::int64_t least, std::int64_t most, std::int64_t otherwise,
              std::int64_t& into) {
    auto given = query_.number(name, least, most, otherwise);
    if (given)
      into = *given;
    else
      fail(given.error());
  }
  void number(std::string_view name, std::optional<std::int64_t>& into) {
    std::int64_t value = 0;
    if (!query_.text(name)) return;
    number(name, 0, model::k_max_integer, 0, value);
    into = value;
  }
  void amount(std::string_view name, std::optional<double>& into) {
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
  void time(std::string_view name, std::optional<base::Timestamp>& into) {
    const auto given = query_.text(name);
    if (!given) return;
    into = base::parse_rfc3339(*given);
    if (!into) into = base::parse_rfc3339(std::string(*given) + "T00:00:00Z");
    if (!into) fail(bad_parameter(name, "must be a date (2026-01-05) or an RFC 3339 time"));
  }
  void statuses(std::vector<model::Status>& into) {
    for (const auto& word : query_.list("status")) {
      const auto status = model::parse_status(word);
      if (!status) return fail(bad_parameter("status", "must be of ACTIVE, COMPLETED, INTERRUPTED, ERROR"));
      into.push_back(*status);
    }
  }
  void sort(store::SessionQuery& into) {
    if (const auto given = query_.text("sort")) {
      const auto* row = std::ranges::find(k_sorts, *given, &SortName::name);
      if (row == k_sorts.end())
        return fail(
            bad_parameter("sort", "must be one of started, updated, cost, tokens, messages, duration, name"));
      into.sort = row->sort;
    }
    into.direction = direction(into.direction);
  }
  store::Direction direction(store::Direction otherwise) {
    const auto given = query_.text("order");
    if (!given) return otherwise;
    if (base::equals_ignore_case(*given, "asc")) return store::Direction::ascending;
    if (!base::equals_ignore_case(*given, "desc")) fail(bad_parameter("order", "must be asc or desc"));
    return store::Direction::descending;
  }

  void fail(base::Error error) {
    if (!error_) error_ = std::move(error);
  }
  [[nodiscard]] const std::optional<base::Error>& error() const { return error_; }

 private:
  const Query& query_;
  std::optional<base::Error> error_;
};

std::string to_cursor(const model::Message& message) {
  return std::to_string(message.sequence) + "." + std::to_string(message.log_number);
}

std::optional<store::MessagePlace> parse_cursor(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto sequence = base::parse_number(text.substr(0, dot));
  const auto number = base::parse_number(text.substr(dot + 1));
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!sequence || !number || *sequence > most || *number > most) return std::nullopt;
  return store::MessagePlace{static_cast<std::int64_t>(*sequence), static_cast<store::LogNumber>(*number)};
}

constexpr store::LogNumber k_after_all = std::numeric_limits<store::LogNumber>::max();

base::Result<store::MessageQuery> message_query(const std::string& id, const Query& query) {
  Parameters parameters(query);
  store::MessageQuery wanted;
  wanted.session_id = id;
  parameters.number("limit", 1, k_messages_most, k_messages_default, wanted.limit);
  wanted.direction = parameters.direction(store::Direction::ascending);
  std::optional<std::int64_t> after_sequence;
  std::optional<std::int64_t> before_sequence;
  std::optional<std::int64_t> around;
  parameters.number("after_seq", after_sequence);
  parameters.number("before_seq", before_sequence);
  parameters.number("around", around);
  if (after_sequence) wanted.after = store::MessagePlace{*after_sequence, k_after_all};
  if (before_sequence) {
    wanted.before = store::MessagePlace{*before_sequence, 0};
    if (!after_sequence) wanted.direction = store::Direction::descending;
  }
  // Half a page before the place, the rest behind it.
  if (around)
    wanted.after =
        store::MessagePlace{std::max<std::int64_t>(*around - wanted.limit / 2 - 1, 0), k_after_all};
  if (const auto cursor = query.text("cursor")) {
    const bool backwards = cursor->starts_with("b");
    const auto place = parse_cursor(cursor->substr(1));
    if (!place || !(backwards || cursor->starts_with("a")))
      parameters.fail(bad_parameter("cursor", "must be a cursor that an earlier answer gave"));
    (backwards ? wanted.before : wanted.after) = place;
    wanted.direction = backwards ? store::Direction::descending : store::Direction::ascending;
  }
  if (parameters.error()) return tl::unexpected(*parameters.error());
  return wanted;
}

void write_messages(model::JsonWriter& writer, const std::vector<model::Message>& messages) {
  writer.key("messages").begin_array();
  for (const auto& message : messages) writer.raw(to_json(message));
  writer.end_array();
}

}  // namespace

std::string Sessions::stream_cursor(store::LogNumber as_of) const {
  return store_.epoch() + "-" + std::to_string(as_of);
}

base::Result<std::string> Sessions::list(const Query& query) {
  Parameters parameters(query);
  store::SessionQuery wanted;
  std::int64_t page = 1;
  parameters.number("page", 1, k_pages_most, 1, page);
  parameters.number("limit", 1, k_sessions_most, k_sessions_default, wanted.limit);
  wanted.offset = (page - 1) * wanted.limit;
  parameters.statuses(wanted.status);
  wanted.source = query.list("source");
  wanted.mode = query.list("mode");
  wanted.agent_type = query.list("agentType");
  wanted.model = query.list("model");
  wanted.text = query.text("search").value_or("");
  parameters.time("startDate", wanted.from);
  parameters.time("endDate", wanted.until);
  parameters.amount("minCost", wanted.min_cost);
  parameters.amount("maxCost", wanted.max_cost);
  parameters.number("minTokens", wanted.min_tokens);
  parameters.number("maxTokens", wanted.max_tokens);
  parameters.sort(wanted);
  if (parameters.error()) return tl::unexpected(*parameters.error());

  const auto found = store_.sessions(wanted);
  if (!found) return base::forward(found);
  const auto pages = (found->total + wanted.limit - 1) / wanted.limit;
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object().key("sessions").begin_array();
  for (const auto& session : found->sessions) writer.raw(to_json(session));
  writer.end_array()
      .key("pagination")
      .begin_object()
      .field("page", page)
      .field("limit", wanted.limit)
      .field("total", found->total)
      .field("totalPages", pages)
      .field("hasNextPage", page < pages)
      .field("hasPreviousPage", page > 1)
      .end_object()
      .field("streamCursor", stream_cursor(found->as_of))
      .end_object();
  return json;
}

base::Result<std::string> Sessions::show(const std::string& id, const Query& query) {
  const auto limit = query.number("messageLimit", 1, k_messages_most, k_messages_default);
  if (!limit) return base::forward(limit);
  const auto detail = store_.session(id);
  if (!detail) return base::forward(detail);
  auto json = to_json(detail->session);
  json.pop_back();
  std::string rest;
  model::JsonWriter writer(rest);
  writer.begin_object().field("streamCursor", stream_cursor(detail->as_of));
  if (query.flag("includeMessages")) {
    store::MessageQuery newest;
    newest.session_id = id;
    newest.direction = store::Direction::descending;
    newest.limit = *limit;
    const auto page = store_.messages(newest);
    if (!page) return base::forward(page);
    write_messages(writer, page->messages);
  }
  writer.end_object();
  return json + "," + rest.substr(1);
}

base::Result<std::string> Sessions::messages(const std::string& id, const Query& query) {
  const auto wanted = message_query(id, query);
  if (!wanted) return base::forward(wanted);
  const auto page = store_.messages(*wanted);
  if (!page) return base::forward(page);
  const auto cursor = [](bool more, char direction, const model::Message* message) {
    return more && message != nullptr ? std::optional(direction + to_cursor(*message)) : std::nullopt;
  };
  const auto* first = page->messages.empty() ? nullptr : &page->messages.front();
  const auto* last = page->messages.empty() ? nullptr : &page->messages.back();
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object();
  write_messages(writer, page->messages);
  writer.key("pagination")
      .begin_object()
      .field("limit", wanted->limit)
      .field("total", page->total)
      .field("nextCursor", cursor(page->more_after, 'a', last))
      .field("previousCursor", cursor(page->more_before, 'b', first))
      .end_object()
      .field("streamCursor", stream_cursor(page->as_of))
      .end_object();
  return json;
}

base::Result<std::string> Sessions::notes(const std::string& id) {
  if (const auto known = store_.session(id); !known) return base::forward(known);
  const auto notes = store_.notes(id, k_notes_most);
  if (!notes) return base::forward(notes);
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object().key("notes").begin_array();
  for (const auto& note : *notes) writer.raw(to_json(note));
  writer.end_array().end_object();
  return json;
}

}  // namespace agentpipe::service

#include "agentpipe/service/sessions.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "agentpipe/base/text.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/limits.hpp"
#include "agentpipe/model/records.hpp"
#include "parameters.hpp"
#include "session_cursor.hpp"

namespace agentpipe::service {

namespace {

constexpr std::int64_t k_sessions_default = 20;
constexpr std::int64_t k_sessions_most = 100;
constexpr std::int64_t k_messages_default = 100;
constexpr std::int64_t k_messages_most = 1000;
constexpr std::int64_t k_notes_most = 1000;
constexpr std::int64_t k_facet_values = 50;
constexpr std::int64_t k_pages_most = 1'000'000;

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
  if (after_sequence) wanted.after = store::MessagePlace::end_of(*after_sequence);
  if (before_sequence) {
    wanted.before = store::MessagePlace{*before_sequence, 0};
    if (!after_sequence) wanted.direction = store::Direction::descending;
  }
  // Half a page before the place, the rest behind it.
  if (around && *around > wanted.limit / 2)
    wanted.after = store::MessagePlace::end_of(*around - wanted.limit / 2 - 1);
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

void write_messages(model::JsonWriter& writer, const std::vector<model::Message>& messages,
                    std::optional<store::LogNumber> until = {}) {
  writer.key("messages").begin_array();
  for (const auto& message : messages)
    if (!until || message.log_number <= *until) writer.raw(to_json(message));
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
  parameters.session_filter(wanted);
  parameters.sort(wanted);
  if (const auto cursor = query.text("cursor")) {
    wanted.after = parse_session_cursor(*cursor, wanted.sort);
    wanted.offset = 0;
    if (!wanted.after)
      parameters.fail(
          bad_parameter("cursor", "must be a cursor that an earlier answer with the same `sort` gave"));
  }
  if (parameters.error()) return tl::unexpected(*parameters.error());

  const auto found = store_.sessions(wanted);
  if (!found) return base::forward(found);
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
      .field("totalPages", pages_of(found->total, wanted.limit))
      .field("hasNextPage", found->next.has_value())
      .field("hasPreviousPage", page > 1)
      .field("nextCursor",
             found->next ? std::optional(format_session_cursor(*found->next, wanted.sort)) : std::nullopt)
      .end_object()
      .field("streamCursor", stream_cursor(found->as_of))
      .end_object();
  return json;
}

base::Result<std::string> Sessions::facets() {
  struct Row {
    const char* name;
    std::vector<store::TagCount> store::Facets::*member;
  };
  constexpr std::array k_rows{
      Row{"agentTypes", &store::Facets::agent_types}, Row{"models", &store::Facets::models},
      Row{"sources", &store::Facets::sources},        Row{"modes", &store::Facets::modes},
      Row{"statuses", &store::Facets::statuses},      Row{"machines", &store::Facets::machines},
  };
  const auto facets = store_.facets(k_facet_values);
  if (!facets) return base::forward(facets);
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object();
  for (const Row& row : k_rows) {
    writer.key(row.name).begin_array();
    for (const auto& [value, sessions] : (*facets).*row.member)
      writer.begin_object().field("value", value).field("count", sessions).end_object();
    writer.end_array();
  }
  writer.end_object();
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

base::Result<std::string> Sessions::messages(const std::string& id, const Query& query,
                                             std::optional<store::LogNumber> until) {
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
  write_messages(writer, page->messages, until);
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

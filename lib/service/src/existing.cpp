#include <algorithm>
#include <map>

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/records.hpp"
#include "agentpipe/service/sessions.hpp"
#include "parameters.hpp"

/// The reads of the existing web server, with its field names.
namespace agentpipe::service {

namespace {

constexpr std::int64_t k_page_most = 100;
constexpr std::int64_t k_recent_most = 50;
// Where the newest messages are looked for; older ones are not recent.
constexpr std::int64_t k_recent_events = 500;
constexpr std::int64_t k_all_messages = 10'000;

/// One object's members and then some more.
std::string with(std::string json, const std::string& members) {
  json.pop_back();
  return json + "," + members.substr(1);
}

}  // namespace

base::Result<std::string> Sessions::conversations(const Query& query) {
  Parameters parameters(query);
  store::SessionQuery wanted;
  std::int64_t page = 1;
  parameters.number("page", 1, k_page_most * k_page_most, 1, page);
  parameters.number(query.text("pageSize") ? "pageSize" : "limit", 1, k_page_most, 20, wanted.limit);
  parameters.session_filter(wanted);
  parameters.sort(wanted);
  if (parameters.error()) return tl::unexpected(*parameters.error());
  wanted.offset = (page - 1) * wanted.limit;
  const auto found = store_.sessions(wanted);
  if (!found) return base::forward(found);
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object().key("conversations").begin_array();
  for (const auto& session : found->sessions) {
    std::string more;
    model::JsonWriter(more)
        .begin_object()
        .field("summaryText", session.summary ? std::optional(session.summary->text) : std::nullopt)
        .field("messageCount", session.totals.messages)
        .end_object();
    writer.raw(with(to_json(session), more));
  }
  writer.end_array()
      .key("pagination")
      .begin_object()
      .field("page", page)
      .field("pageSize", wanted.limit)
      .field("totalCount", found->total)
      .field("totalPages", pages_of(found->total, wanted.limit))
      .field("hasNextPage", found->next.has_value())
      .field("hasPreviousPage", page > 1)
      .end_object()
      .end_object();
  return json;
}

base::Result<std::string> Sessions::conversation(const std::string& id) {
  const auto detail = store_.session(id);
  if (!detail) return base::forward(detail);
  store::MessageQuery all;
  all.session_id = id;
  all.limit = k_all_messages;
  const auto page = store_.messages(all);
  if (!page) return base::forward(page);
  std::string more;
  model::JsonWriter writer(more);
  writer.begin_object().key("messages").begin_array();
  for (const auto& message : page->messages) writer.raw(to_json(message));
  writer.end_array().end_object();
  return with(to_json(detail->session), more);
}

base::Result<std::string> Sessions::conversation_messages(const std::string& id, const Query& query) {
  Parameters parameters(query);
  std::int64_t page = 1;
  store::MessageQuery wanted;
  wanted.session_id = id;
  parameters.number("page", 1, k_all_messages, 1, page);
  parameters.number("limit", 1, k_page_most, 50, wanted.limit);
  if (parameters.error()) return tl::unexpected(*parameters.error());
  // Pages by number go on from the place where the one before ended.
  auto found = store_.messages(wanted);
  for (std::int64_t skipped = 1; skipped < page && found && !found->messages.empty(); ++skipped) {
    wanted.after = store::MessagePlace{found->messages.back().sequence, found->messages.back().log_number};
    found = store_.messages(wanted);
  }
  if (!found) return base::forward(found);
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object().key("data").begin_array();
  for (const auto& message : found->messages) writer.raw(to_json(message));
  writer.end_array()
      .key("pagination")
      .begin_object()
      .field("page", page)
      .field("limit", wanted.limit)
      .field("total", found->total)
      .field("pages", pages_of(found->total, wanted.limit))
      .end_object()
      .end_object();
  return json;
}

base::Result<std::string> Sessions::recent_messages(const Query& query) {
  const auto limit = query.number("limit", 1, k_recent_most, 10);
  if (!limit) return base::forward(limit);
  const auto status = model::parse_status(query.text("status").value_or("ACTIVE"));
  if (!status)
    return tl::unexpected(bad_parameter("status", "must be ACTIVE, COMPLETED, INTERRUPTED or ERROR"));
  store::LogQuery newest;
  newest.after = std::max<store::LogNumber>(store_.last_number() - k_recent_events, 0);
  newest.limit = k_recent_events;
  const auto log = store_.log(newest);
  if (!log) return base::forward(log);
  std::map<std::string, base::Result<store::SessionDetail>> sessions;
  std::int64_t count = 0;
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object().key("messages").begin_array();
  for (auto logged = log->rbegin(); logged != log->rend() && count < *limit; ++logged) {
    const auto* body = std::get_if<model::MessageCreated>(&logged->event.body);
    if (body == nullptr) continue;
    auto known = sessions.find(body->conversation_id);
    if (known == sessions.end())
      known = sessions.emplace(body->conversation_id, store_.session(body->conversation_id)).first;
    if (!known->second || known->second->session.status != *status) continue;
    ++count;
    const model::Message message{logged->number, body->sequence_number.value_or(0), logged->event.at, *body};
    std::string more;
    model::JsonWriter(more)
        .begin_object()
        .field("conversationName", known->second->session.name)
        .field("conversationStatus", to_string(*status))
        .end_object();
    writer.raw(with(to_json(message), more));
  }
  writer.end_array().field("count", count).end_object();
  return json;
}

}  // namespace agentpipe::service

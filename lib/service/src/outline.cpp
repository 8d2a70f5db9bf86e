#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/service/sessions.hpp"
#include "parameters.hpp"

namespace agentpipe::service {

namespace {

constexpr std::int64_t k_outline_most = 5000;
constexpr std::int64_t k_findings_most = 1000;
constexpr std::size_t k_text_most = 1000;

void write_item(model::JsonWriter& writer, const store::OutlineItem& item) {
  writer.begin_object()
      .field("sequenceNumber", item.sequence)
      .field("messageId", item.message_id)
      .field("agentId", item.agent_id)
      .field("agentName", item.agent_name)
      .field("agentType", item.agent_type)
      .field("role", item.role)
      .field("timestamp", base::format_rfc3339(item.at))
      .field("totalTokens", item.tokens)
      .field("cost", item.cost)
      .field("duration", item.duration_ms)
      .field("error", item.error)
      .field("head", item.head)
      .end_object();
}

}  // namespace

base::Result<std::string> Sessions::outline(const std::string& id, const Query& query) {
  Parameters parameters(query);
  store::OutlineQuery wanted;
  wanted.session_id = id;
  std::optional<std::int64_t> after;
  parameters.number("after_seq", after);
  parameters.number("limit", 1, k_outline_most, k_outline_most, wanted.limit);
  if (parameters.error()) return tl::unexpected(*parameters.error());
  wanted.after_sequence = after.value_or(-1);
  const auto outline = store_.outline(wanted);
  if (!outline) return base::forward(outline);
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object().key("items").begin_array();
  for (const auto& item : outline->items) write_item(writer, item);
  writer.end_array().field("total", outline->total).end_object();
  return json;
}

base::Result<std::string> Sessions::find(const std::string& id, const Query& query) {
  const auto limit = query.number("limit", 1, k_findings_most, k_findings_most);
  if (!limit) return base::forward(limit);
  const auto text = query.text("q");
  if (!text || text->size() > k_text_most)
    return tl::unexpected(bad_parameter("q", "must be a text of 1 to 1000 bytes"));
  const auto findings = store_.find(id, std::string(*text), *limit);
  if (!findings) return base::forward(findings);
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object().field("total", findings->total).key("hits").begin_array();
  for (const auto& hit : findings->hits) {
    writer.begin_object()
        .field("sequenceNumber", hit.sequence)
        .field("messageId", hit.message_id)
        .field("count", hit.count)
        .end_object();
  }
  writer.end_array().end_object();
  return json;
}

}  // namespace agentpipe::service

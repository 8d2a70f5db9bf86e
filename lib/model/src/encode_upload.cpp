#include <cmath>
#include <utility>

#include "agentpipe/model/codec.hpp"
#include "object_decoder.hpp"
#include "object_encoder.hpp"
#include "upload_fields.hpp"

namespace agentpipe::model {

namespace {

/// Names twice in one object would make it unreadable.
Json without(Reserved reserved, const Json& extra) {
  if (extra.empty()) return {};
  Members members;
  simdjson::dom::object object;
  const auto root = JsonDocument::of_thread().parse(extra.text);
  if (root && root->get(object) == simdjson::SUCCESS) members.assign(object.begin(), object.end());
  return detail::to_json_object(members, reserved);
}

void write_timed(JsonWriter& writer, Event event, std::string_view type) {
  std::visit([](auto& body) { body.extra = without(is_entry_key, body.extra); }, event.body);
  const std::string body = encode_data(event);
  writer.begin_object();
  if (!type.empty()) writer.field("type", type);
  writer.field("timestamp", base::format_rfc3339(event.at));
  writer.raw(std::string_view(body).substr(1, body.size() - 2));
  writer.end_object();
}

UploadHead head_from(const Upload& upload) {
  const auto& started = upload.started();
  UploadHead head;
  head.id = started.conversation_id;
  head.name = started.name;
  head.mode = started.mode;
  head.initial_prompt = started.initial_prompt;
  head.max_turns = started.max_turns;
  head.started_at = upload.events.front().at;
  head.status = Status::active;
  head.system_info = started.system_info;
  head.command = started.command;
  head.source_format = started.source_format;
  head.machine = started.machine;
  head.cwd = started.cwd;
  head.git_branch = started.git_branch;
  head.parent_conversation_id = started.parent_conversation_id;
  head.parent_message_id = started.parent_message_id;
  head.client = started.client;
  head.metadata = started.metadata;
  head.extra = without(is_field<UploadHead>, started.extra);
  const auto& end = upload.events.back();
  if (const auto* completed = std::get_if<ConversationCompleted>(&end.body)) {
    head.completed_at = end.at;
    head.status = completed->status;
    head.total_messages = completed->total_messages;
    head.total_turns = completed->total_turns;
    head.total_tokens = completed->total_tokens;
    head.total_cost = completed->total_cost;
    if (completed->duration_seconds)
      head.total_duration = std::llround(*completed->duration_seconds * k_ms_per_second);
    head.summary = completed->summary;
  }
  return head;
}

}  // namespace

std::string encode_document_entry(const Event& event) {
  std::string json;
  JsonWriter writer(json);
  write_timed(writer, event, std::holds_alternative<MessageCreated>(event.body) ? "" : type_name(event));
  return json;
}

std::string encode_document_head(const Event& started, const Event* completed) {
  Upload frame{{started}};
  if (completed != nullptr) frame.events.push_back(*completed);
  std::string json;
  JsonWriter writer(json);
  writer.key("conversation");
  write_object(writer, head_from(frame));
  writer.key("agents");
  detail::write_value(writer, frame.started().participants);
  return json;
}

std::string encode_upload(const Upload& upload) {
  const auto& last = upload.events.back();
  const bool ended = std::holds_alternative<ConversationCompleted>(last.body);
  std::string json = "{" + encode_document_head(upload.events.front(), ended ? &last : nullptr);
  const auto write_entries = [&](std::string_view name, auto wanted) {
    json.append(",\"").append(name).append("\":[");
    bool first = true;
    for (const auto& event : upload.events) {
      if (!wanted(event)) continue;
      json.append(std::exchange(first, false) ? "" : ",").append(encode_document_entry(event));
    }
    json += ']';
  };
  write_entries("messages",
                [](const Event& event) { return std::holds_alternative<MessageCreated>(event.body); });
  write_entries("notes", [](const Event& event) {
    return std::holds_alternative<LogEntry>(event.body) ||
           std::holds_alternative<ConversationError>(event.body);
  });
  return json + "}";
}

}  // namespace agentpipe::model

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/text.hpp"
#include "agentpipe/model/codec.hpp"
#include "agentpipe/model/document.hpp"
#include "decode_event.hpp"
#include "object_decoder.hpp"
#include "object_encoder.hpp"
#include "upload_fields.hpp"

namespace agentpipe::model {

namespace dom = simdjson::dom;

namespace {

/// The four parts of a document under whichever name they came.
struct Parts {
  dom::object head;
  std::optional<dom::element> participants;
  std::optional<dom::element> messages;
  std::optional<dom::element> notes;
  std::optional<dom::element> summary;
};

/// Null counts as absent.
std::optional<dom::element> member(dom::element root, std::string_view name) {
  dom::element value;
  if (root[name].get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  return value;
}

base::Result<Parts> find_parts(dom::element root) {
  Parts parts;
  if (root["conversation"].get(parts.head) != simdjson::SUCCESS &&
      root["session"].get(parts.head) != simdjson::SUCCESS)
    return base::failure_at("conversation", base::ErrorCode::invalid,
                            "conversation (or session) is required and must be an object", "required");
  parts.participants = member(root, "agents");
  if (!parts.participants) parts.participants = member(root, "participants");
  parts.messages = member(root, "messages");
  parts.notes = member(root, "notes");
  parts.summary = member(root, "summary");
  return parts;
}

/// Reads the events of one array with `read(decoder, object, time)` into `into`.
template <class Read>
base::Result<void> read_entries(std::string_view name, std::optional<dom::element> value,
                                std::vector<Event>& into, base::Timestamp floor, Read read) {
  if (!value) return {};
  dom::array elements;
  if (value->get(elements) != simdjson::SUCCESS)
    return base::failure_at(std::string(name), base::ErrorCode::invalid,
                            std::string(name) + " must be an array", "wrong_type");
  std::size_t index = 0;
  for (const auto element : elements) {
    if (index == k_max_upload_entries)
      return base::failure_at(
          std::string(name), base::ErrorCode::too_large,
          std::string(name) + " has more than " + base::group_digits(k_max_upload_entries) + " elements",
          "too_many");
    ValueDecoder decoder(std::string(name) + "[" + std::to_string(index) + "]");
    dom::object object;
    if (element.get(object) != simdjson::SUCCESS)
      return base::failure_at(decoder.path_of(""), base::ErrorCode::invalid,
                              decoder.path_of("") + " must be an object", "wrong_type");
    std::optional<base::Timestamp> at;
    if (const auto time = member(element, "timestamp")) decoder.read("timestamp", Rule::value, *time, at);
    // Without a time of its own an entry happened no earlier than the one before it.
    const auto earliest = into.empty() ? floor : into.back().at;
    into.push_back(Event{at.value_or(earliest), read(decoder, object, index++)});
    if (decoder.error()) return tl::unexpected(*decoder.error());
  }
  return {};
}

/// Takes "timestamp" out of what no field wanted: it is the event's, not the body's.
template <class T>
void drop_timestamp(dom::object object, T& body) {
  Members members;
  ValueDecoder ignored("");
  T scratch;
  for (const auto& member : decode_members(ignored, object, scratch))
    if (member.key != "timestamp" && member.key != "message" && member.key != "metrics" &&
        member.key != "type")
      members.push_back(member);
  body.extra = detail::to_json_object(members);
}

std::string id_from(std::string_view prefix, const std::string& identity) {
  constexpr std::size_t digits = 24;
  return std::string(prefix) + base::sha256_hex(identity).substr(0, digits);
}

Body read_message(ValueDecoder& decoder, dom::object object, std::size_t index,
                  const std::string& conversation_id) {
  MessageCreated message;
  decode_message(decoder, object, message);
  if (!message.extra.empty()) drop_timestamp(object, message);
  message.conversation_id = conversation_id;
  if (message.message_id.empty())
    message.message_id = id_from("u-", conversation_id + "\n" + std::to_string(index));
  settle_message(message, {});
  return message;
}

/// A note is a log.entry, or with `"type":"conversation.error"` an error.
Body read_note(ValueDecoder& decoder, dom::object object, const std::string& conversation_id) {
  std::string_view type;
  if (object["type"].get(type) == simdjson::SUCCESS && type == "conversation.error") {
    ConversationError error;
    decode_object(decoder, object, error);
    if (!error.extra.empty()) drop_timestamp(object, error);
    error.conversation_id = conversation_id;
    return error;
  }
  LogEntry entry;
  decode_object(decoder, object, entry);
  if (!entry.extra.empty()) drop_timestamp(object, entry);
  entry.conversation_id = conversation_id;
  return entry;
}

ConversationStarted started_from(UploadHead&& head, std::vector<Participant>&& participants) {
  ConversationStarted started;
  started.conversation_id = std::move(head.id);
  started.mode = std::move(head.mode);
  started.initial_prompt = std::move(head.initial_prompt);
  started.max_turns = head.max_turns;
  started.participants = std::move(participants);
  started.system_info = std::move(head.system_info);
  started.command = std::move(head.command);
  started.name = std::move(head.name);
  started.source_format = std::move(head.source_format);
  started.machine = std::move(head.machine);
  started.cwd = std::move(head.cwd);
  started.git_branch = std::move(head.git_branch);
  started.parent_conversation_id = std::move(head.parent_conversation_id);
  started.parent_message_id = std::move(head.parent_message_id);
  started.client = std::move(head.client);
  started.metadata = std::move(head.metadata);
  started.extra = std::move(head.extra);
  return started;
}

ConversationCompleted completed_from(const UploadHead& head, std::string conversation_id) {
  constexpr double ms_per_second = 1000;
  ConversationCompleted completed;
  completed.conversation_id = std::move(conversation_id);
  completed.status = head.status;
  completed.total_messages = head.total_messages;
  completed.total_turns = head.total_turns;
  completed.total_tokens = head.total_tokens;
  completed.total_cost = head.total_cost;
  if (head.total_duration)
    completed.duration_seconds = static_cast<double>(*head.total_duration) / ms_per_second;
  completed.summary = head.summary;
  return completed;
}

}  // namespace

base::Result<Upload> decode_upload(std::string_view json, base::Timestamp received) {
  if (json.size() > k_max_upload)
    return base::failure_at("", base::ErrorCode::too_large,
                            "the document is larger than " + base::human_bytes(k_max_upload), "too_large");
  const auto root = JsonDocument::of_thread().parse(json);
  if (!root) return base::forward(root);
  const auto parts = find_parts(*root);
  if (!parts) return base::forward(parts);

  UploadHead head;
  ValueDecoder decoder("conversation");
  decode_object(decoder, parts->head, head);
  if (parts->summary) decoder.read("summary", Rule::value, *parts->summary, head.summary);
  std::vector<Participant> participants;
  ValueDecoder document("");
  if (parts->participants) document.read("agents", Rule::value, *parts->participants, participants);
  for (const auto* checked : {&decoder, &document})
    if (checked->error()) return tl::unexpected(*checked->error());
  settle_participants(participants);

  const auto started_at = head.started_at.value_or(received);
  if (head.completed_at && *head.completed_at < started_at)
    return base::failure_at("conversation.completed_at", base::ErrorCode::invalid,
                            "conversation.completed_at lies before started_at", "out_of_range");
  if (head.id.empty()) {
    std::string identity = head.name.value_or("") + "\n" + head.initial_prompt + "\n";
    if (head.started_at) identity += base::format_rfc3339(*head.started_at);
    if (dom::array messages;
        parts->messages && parts->messages->get(messages) == simdjson::SUCCESS && messages.size() > 0)
      identity += simdjson::minify(*messages.begin());
    head.id = id_from("up-", identity);
  }

  Upload upload;
  const auto id = head.id;
  std::vector<Event> entries;
  const auto read = [&](auto name, std::optional<dom::element> value, auto reader) {
    return read_entries(name, value, entries, started_at, reader);
  };
  if (auto done =
          read("messages", parts->messages,
               [&](auto& d, dom::object o, std::size_t index) { return read_message(d, o, index, id); });
      !done)
    return base::forward(done);
  const auto message_count = entries.size();
  if (auto done = read("notes", parts->notes,
                       [&](auto& d, dom::object o, std::size_t) { return read_note(d, o, id); });
      !done)
    return base::forward(done);
  // Messages keep their order; a note goes where its time says.
  std::inplace_merge(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(message_count),
                     entries.end(), [](const Event& a, const Event& b) { return a.at < b.at; });

  const bool ended = head.status != Status::active;
  const auto last = entries.empty() ? started_at : std::max(started_at, entries.back().at);
  const Event completed{head.completed_at.value_or(last), completed_from(head, id)};
  upload.events.push_back(Event{started_at, started_from(std::move(head), std::move(participants))});
  std::ranges::move(entries, std::back_inserter(upload.events));
  if (ended) upload.events.push_back(completed);
  return upload;
}

namespace {

void write_timed(JsonWriter& writer, const Event& event, std::string_view type) {
  std::string body = encode_data(event);
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
  head.extra = started.extra;
  const auto& end = upload.events.back();
  if (const auto* completed = std::get_if<ConversationCompleted>(&end.body)) {
    constexpr double ms_per_second = 1000;
    head.completed_at = end.at;
    head.status = completed->status;
    head.total_messages = completed->total_messages;
    head.total_turns = completed->total_turns;
    head.total_tokens = completed->total_tokens;
    head.total_cost = completed->total_cost;
    if (completed->duration_seconds)
      head.total_duration = std::llround(*completed->duration_seconds * ms_per_second);
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

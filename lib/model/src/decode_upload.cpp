#include <algorithm>
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

/// Null counts as absent. `place`: an element or an object.
template <class Place>
std::optional<dom::element> member(Place place, std::string_view name) {
  dom::element value;
  if (place[name].get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  return value;
}

base::Result<Parts> find_parts(dom::element root) {
  Parts parts;
  if (root["conversation"].get(parts.head) != simdjson::SUCCESS &&
      root["session"].get(parts.head) != simdjson::SUCCESS)
    return base::failure_at("conversation", base::ErrorCode::invalid,
                            "conversation (or session) is required and must be an object", "required");
  for (const auto* name : {"agents", "participants"}) {
    if (!parts.participants) parts.participants = member(root, name);
    if (!parts.participants) parts.participants = member(parts.head, name);
  }
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
  if (elements.size() > k_max_upload_entries)
    return base::failure_at(
        std::string(name), base::ErrorCode::too_large,
        std::string(name) + " has more than " + base::group_digits(k_max_upload_entries) + " elements",
        "too_many");
  std::size_t index = 0;
  for (const auto element : elements) {
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

std::string id_from(std::string_view prefix, const std::string& identity) {
  constexpr std::size_t digits = 24;
  return std::string(prefix) + base::sha256_hex(identity).substr(0, digits);
}

Body read_message(ValueDecoder& decoder, dom::object object, std::size_t index,
                  const std::string& conversation_id) {
  MessageCreated message;
  decode_message(decoder, object, message, is_entry_key);
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
    decode_object(decoder, object, error, is_entry_key);
    error.conversation_id = conversation_id;
    return error;
  }
  LogEntry entry;
  decode_object(decoder, object, entry, is_entry_key);
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
  ConversationCompleted completed;
  completed.conversation_id = std::move(conversation_id);
  completed.status = head.status;
  completed.total_messages = head.total_messages;
  completed.total_turns = head.total_turns;
  completed.total_tokens = head.total_tokens;
  completed.total_cost = head.total_cost;
  if (head.total_duration)
    completed.duration_seconds = static_cast<double>(*head.total_duration) / k_ms_per_second;
  completed.summary = head.summary;
  return completed;
}

/// What stands outside of the entries.
struct Frame {
  UploadHead head;
  std::vector<Participant> participants;
};

base::Result<Frame> read_frame(const Parts& parts) {
  Frame frame;
  ValueDecoder decoder("conversation");
  decode_object(decoder, parts.head, frame.head, is_field<ConversationStarted>);
  if (parts.summary) decoder.read("summary", Rule::value, *parts.summary, frame.head.summary);
  ValueDecoder document("");
  if (parts.participants) document.read("agents", Rule::value, *parts.participants, frame.participants);
  for (const auto* checked : {&decoder, &document})
    if (checked->error()) return tl::unexpected(*checked->error());
  settle_participants(frame.participants);
  return frame;
}

/// The same document gets the same id: made of its name, prompt, start and first message.
std::string id_of(const UploadHead& head, const Parts& parts) {
  std::string identity = head.name.value_or("") + "\n" + head.initial_prompt + "\n";
  if (head.started_at) identity += base::format_rfc3339(*head.started_at);
  dom::array messages;
  if (parts.messages && parts.messages->get(messages) == simdjson::SUCCESS && messages.size() > 0)
    identity += simdjson::minify(*messages.begin());
  return id_from("up-", identity);
}

/// Messages keep their order; a note goes where its time says.
base::Result<std::vector<Event>> read_all_entries(const Parts& parts, const std::string& id,
                                                  base::Timestamp started_at) {
  std::vector<Event> entries;
  auto done = read_entries("messages", parts.messages, entries, started_at,
                           [&](auto& decoder, dom::object object, std::size_t index) {
                             return read_message(decoder, object, index, id);
                           });
  if (!done) return base::forward(done);
  const auto messages_end = static_cast<std::ptrdiff_t>(entries.size());
  done = read_entries(
      "notes", parts.notes, entries, started_at,
      [&](auto& decoder, dom::object object, std::size_t) { return read_note(decoder, object, id); });
  if (!done) return base::forward(done);
  std::inplace_merge(entries.begin(), entries.begin() + messages_end, entries.end(),
                     [](const Event& a, const Event& b) { return a.at < b.at; });
  return entries;
}

/// Start, entries and, unless the session is still active, the end.
Upload assemble(Frame&& frame, base::Timestamp started_at, std::vector<Event>&& entries) {
  Upload upload;
  const bool ended = frame.head.status != Status::active;
  const auto last = entries.empty() ? started_at : std::max(started_at, entries.back().at);
  const Event completed{frame.head.completed_at.value_or(last), completed_from(frame.head, frame.head.id)};
  upload.events.push_back(
      Event{started_at, started_from(std::move(frame.head), std::move(frame.participants))});
  std::ranges::move(entries, std::back_inserter(upload.events));
  if (ended) upload.events.push_back(completed);
  return upload;
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
  auto frame = read_frame(*parts);
  if (!frame) return base::forward(frame);
  UploadHead& head = frame->head;
  const auto started_at = head.started_at.value_or(received);
  if (head.id.empty()) head.id = id_of(head, *parts);
  auto entries = read_all_entries(*parts, head.id, started_at);
  if (!entries) return base::forward(entries);
  return assemble(std::move(*frame), started_at, std::move(*entries));
}

}  // namespace agentpipe::model

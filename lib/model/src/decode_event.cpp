#include "decode_event.hpp"

#include <array>
#include <set>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/text.hpp"
#include "agentpipe/model/codec.hpp"
#include "object_decoder.hpp"

namespace agentpipe::model {

namespace dom = simdjson::dom;

namespace {

constexpr std::size_t k_derived_id_digits = 32;

std::string derived_id(std::string_view prefix, std::string_view from) {
  return std::string(prefix) + base::sha256_hex(from).substr(0, k_derived_id_digits);
}

/// The prefix of "claude-0"; the whole id when it has no index.
std::string type_of_agent(std::string_view agent_id) {
  const auto dash = agent_id.rfind('-');
  const bool indexed = dash != std::string_view::npos && base::parse_number(agent_id.substr(dash + 1));
  return std::string(indexed ? agent_id.substr(0, dash) : agent_id);
}

/// A label with an ending that tells it from others.
std::string told_apart(std::string_view label, const std::string& ending) {
  return std::string(base::truncate_utf8(label, k_max_label - ending.size())) + ending;
}

void require(ValueDecoder& decoder, std::string_view key, const std::string& value) {
  if (value.empty()) decoder.fail(key, "required", "is required");
}

template <class T>
Body plain(ValueDecoder& decoder, dom::object data, std::string_view /*time*/) {
  T body;
  decode_object(decoder, data, body);
  if constexpr (requires { body.conversation_id; }) require(decoder, "conversation_id", body.conversation_id);
  return body;
}

Body started(ValueDecoder& decoder, dom::object data, std::string_view time) {
  ConversationStarted body;
  decode_object(decoder, data, body);
  settle_participants(body.participants);
  // Older camelCase clients send no id; the same body must get the same one when it is sent again.
  if (body.conversation_id.empty())
    body.conversation_id = derived_id("c-", std::string(time) + simdjson::minify(data));
  return body;
}

Body message(ValueDecoder& decoder, dom::object data, std::string_view time) {
  MessageCreated body;
  decode_message(decoder, data, body);
  require(decoder, "conversation_id", body.conversation_id);
  if (!decoder.failed()) settle_message(body, time);
  return body;
}

Body interrupted(ValueDecoder& decoder, dom::object data, std::string_view time) {
  auto body = plain<ConversationCompleted>(decoder, data, time);
  std::get<ConversationCompleted>(body).status = Status::interrupted;
  return body;
}

template <TurnMarker::Kind kind>
Body turn(ValueDecoder& decoder, dom::object data, std::string_view time) {
  auto body = plain<TurnMarker>(decoder, data, time);
  std::get<TurnMarker>(body).kind = kind;
  return body;
}

/// Who may write an event of the type.
enum class Author : unsigned char { client, server };

struct TypeRow {
  std::string_view name;
  Body (*decode)(ValueDecoder&, dom::object data, std::string_view time);
  Author author = Author::client;
};

constexpr std::array k_types{
    TypeRow{"message.created", message},
    TypeRow{"log.entry", plain<LogEntry>},
    TypeRow{"conversation.started", started},
    TypeRow{"conversation.completed", plain<ConversationCompleted>},
    TypeRow{"conversation.error", plain<ConversationError>},
    TypeRow{"conversation.updated", plain<ConversationUpdated>},
    TypeRow{"bridge.connected", plain<BridgeConnected>},
    TypeRow{"bridge.test", plain<BridgeTest>},
    TypeRow{"turn.started", turn<TurnMarker::Kind::started>},
    TypeRow{"turn.completed", turn<TurnMarker::Kind::completed>},
    // Names of the documentation that no client sends today.
    TypeRow{"conversation.interrupted", interrupted},
    TypeRow{"error.occurred", plain<ConversationError>},
    TypeRow{"conversation.deleted", plain<ConversationDeleted>, Author::server},
};

base::Result<Event> decode_body(std::string_view type, base::Timestamp at, std::string_view time,
                                dom::element data, Author author) {
  const auto* row = std::ranges::find(k_types, type, &TypeRow::name);
  if (row == k_types.end() || (row->author == Author::server && author == Author::client))
    return base::failure_at("type", base::ErrorCode::invalid,
                            "type \"" + base::one_line(type, 64) + "\" is not known", "unknown_type");
  dom::object object;
  if (data.get(object) != simdjson::SUCCESS)
    return base::failure_at("data", base::ErrorCode::invalid, "data is required and must be an object",
                            "required");
  ValueDecoder decoder("data");
  Event event{at, row->decode(decoder, object, time)};
  if (decoder.error()) return tl::unexpected(*decoder.error());
  return event;
}

/// The members of the envelope; any others are ignored.
struct Envelope {
  std::string_view type;
  std::string_view time;
  dom::element data;
  bool has_data = false;
};

base::Result<Envelope> read_envelope(dom::element root) {
  dom::object object;
  if (root.get(object) != simdjson::SUCCESS)
    return base::failure_at("", base::ErrorCode::invalid, "an event must be a JSON object", "wrong_type");
  Envelope envelope;
  bool text = true;
  for (const auto [key, value] : object) {
    if (key == "type") text = value.get(envelope.type) == simdjson::SUCCESS && text;
    if (key == "timestamp" && !value.is_null()) text = value.get(envelope.time) == simdjson::SUCCESS && text;
    if (key != "data") continue;
    if (envelope.has_data)
      return base::failure_at("data", base::ErrorCode::invalid, "data appears twice", "duplicate_key");
    envelope.data = value;
    envelope.has_data = true;
  }
  if (!text)
    return base::failure_at("", base::ErrorCode::invalid, "type and timestamp must be strings", "wrong_type");
  if (envelope.type.empty())
    return base::failure_at("type", base::ErrorCode::invalid, "type is required", "required");
  if (!envelope.has_data)
    return base::failure_at("data", base::ErrorCode::invalid, "data is required", "required");
  return envelope;
}

}  // namespace

void decode_message(ValueDecoder& decoder, dom::object object, MessageCreated& into, Reserved reserved) {
  auto others = decode_members(decoder, object, into);
  std::erase_if(others, [&](const auto& member) {
    dom::object nested;
    if ((member.key != "message" && member.key != "metrics") || member.value.get(nested) != simdjson::SUCCESS)
      return false;
    decode_message(decoder, nested, into, reserved);
    return true;
  });
  auto extra = detail::to_json_object(others, reserved);
  if (!extra.empty()) into.extra = std::move(extra);
}

void settle_participants(std::vector<Participant>& participants) {
  std::set<std::string> taken;
  for (std::size_t index = 0; index < participants.size(); ++index) {
    auto& participant = participants[index];
    if (participant.agent_type.empty() && !participant.agent_id.empty())
      participant.agent_type = type_of_agent(participant.agent_id);
    if (participant.agent_type.empty()) participant.agent_type = "agent";
    if (participant.agent_id.empty())
      participant.agent_id = told_apart(participant.agent_type, "-" + std::to_string(index));
    const auto wanted = participant.agent_id;
    for (int suffix = 2; !taken.insert(participant.agent_id).second; ++suffix)
      participant.agent_id = told_apart(wanted, "." + std::to_string(suffix));
  }
}

void settle_message(MessageCreated& message, std::string_view time) {
  if (message.role.empty()) message.role = "agent";
  if (message.agent_type.empty())
    message.agent_type = message.agent_id.empty() ? message.role : type_of_agent(message.agent_id);
  if (!message.message_id.empty()) return;
  std::string identity;
  for (const std::string_view part :
       {std::string_view(message.conversation_id), std::string_view(message.agent_id),
        std::string_view(message.agent_type), std::string_view(message.role), time,
        std::string_view(message.content)})
    identity.append(part).push_back('\0');
  message.message_id = derived_id("m-", identity + std::to_string(message.sequence_number.value_or(0)));
}

base::Result<Event> decode_event(std::string_view json, base::Timestamp received) {
  if (json.size() > k_max_event)
    return base::failure_at("", base::ErrorCode::too_large,
                            "the event is larger than " + base::human_bytes(k_max_event), "too_large");
  const auto root = JsonDocument::of_thread().parse(json);
  if (!root) return base::forward(root);
  const auto envelope = read_envelope(*root);
  if (!envelope) return base::forward(envelope);
  auto at = received;
  if (!envelope->time.empty()) {
    std::optional<base::Timestamp> given = base::parse_rfc3339(envelope->time);
    if (!given)
      return base::failure_at(
          "timestamp", base::ErrorCode::invalid,
          "timestamp must be an RFC 3339 time between 1970 and 2200, such as 2026-01-05T08:00:04Z",
          "bad_timestamp");
    at = *given;
  }
  return decode_body(envelope->type, at, envelope->time, envelope->data, Author::client);
}

base::Result<Event> decode_data(std::string_view type, base::Timestamp at, std::string_view data) {
  const auto root = JsonDocument::of_thread().parse(data);
  if (!root) return base::forward(root);
  return decode_body(type, at, base::format_rfc3339(at), *root, Author::server);
}

}  // namespace agentpipe::model

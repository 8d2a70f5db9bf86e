#include "agentpipe/model/event.hpp"

#include <array>
#include <type_traits>

#include "agentpipe/base/text.hpp"

namespace agentpipe::model {

namespace {

constexpr std::array<std::string_view, std::variant_size_v<Body>> k_type_names{
    "bridge.connected",       "bridge.test",          "conversation.started", "message.created",
    "conversation.completed", "conversation.error",   "conversation.updated", "log.entry",
    "turn.started",           "conversation.deleted",
};

struct StatusName {
  Status status;
  std::string_view name;
};

// The first name of a status is the one we write.
constexpr std::array k_status_names{
    StatusName{Status::active, "ACTIVE"},
    StatusName{Status::completed, "COMPLETED"},
    StatusName{Status::interrupted, "INTERRUPTED"},
    StatusName{Status::error, "ERROR"},
    StatusName{Status::interrupted, "CANCELLED"},
    StatusName{Status::interrupted, "CANCELED"},
    StatusName{Status::error, "FAILED"},
};

const std::string k_none;

}  // namespace

std::string_view to_string(Status status) {
  for (const auto& row : k_status_names)
    if (row.status == status) return row.name;
  return "ACTIVE";
}

std::optional<Status> parse_status(std::string_view text) {
  for (const auto& row : k_status_names)
    if (base::equals_ignore_case(row.name, text)) return row.status;
  return std::nullopt;
}

std::string_view type_name(const Event& event) {
  if (const auto* marker = std::get_if<TurnMarker>(&event.body))
    return marker->kind == TurnMarker::Kind::started ? "turn.started" : "turn.completed";
  return k_type_names[event.body.index()];
}

const std::string& conversation_id(const Event& event) {
  return std::visit(
      [](const auto& body) -> const std::string& {
        if constexpr (requires { body.conversation_id; })
          return body.conversation_id;
        else
          return k_none;
      },
      event.body);
}

const std::string& message_id(const Event& event) {
  const auto* message = std::get_if<MessageCreated>(&event.body);
  return message != nullptr ? message->message_id : k_none;
}

}  // namespace agentpipe::model

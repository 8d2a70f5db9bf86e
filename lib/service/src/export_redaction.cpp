#include "export_redaction.hpp"

#include <utility>

#include "export_format.hpp"

namespace agentpipe::service {

namespace {

void redact_start(model::Session& session, const RedactEvent& redact) {
  auto event = started_event(session);
  redact(event);
  auto& started = std::get<model::ConversationStarted>(event.body);
  session.mode = std::move(started.mode);
  session.initial_prompt = std::move(started.initial_prompt);
  session.participants = std::move(started.participants);
  session.system_info = std::move(started.system_info);
  session.command = std::move(started.command);
  session.name = std::move(started.name).value_or("");
  session.machine = std::move(started.machine);
  session.cwd = std::move(started.cwd);
  session.git_branch = std::move(started.git_branch);
  session.metadata = std::move(started.metadata);
}

void redact_summary(model::Session& session, const RedactEvent& redact) {
  auto event = completed_event(session);
  if (!event) return;
  redact(*event);
  session.summary = std::move(std::get<model::ConversationCompleted>(event->body).summary);
}

void redact_error(model::Session& session, const RedactEvent& redact) {
  if (!session.error_message) return;
  model::ConversationError error;
  error.conversation_id = session.id;
  error.error_message = *session.error_message;
  model::Event event{session.last_event_at, std::move(error)};
  redact(event);
  session.error_message = std::move(std::get<model::ConversationError>(event.body).error_message);
}

}  // namespace

void redact_session(model::Session& session, const RedactEvent& redact) {
  redact_start(session, redact);
  redact_summary(session, redact);
  redact_error(session, redact);
}

void redact_message(model::Message& message, const RedactEvent& redact) {
  model::Event event{message.at, std::move(message.body)};
  redact(event);
  message.body = std::move(std::get<model::MessageCreated>(event.body));
}

}  // namespace agentpipe::service

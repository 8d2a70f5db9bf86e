#include "stream_sink.hpp"

#include "agentpipe/base/log.hpp"
#include "agentpipe/model/json_writer.hpp"

namespace agentpipe::cli {

namespace {

model::Json client(const std::string& version) {
  model::Json json;
  model::JsonWriter(json.text)
      .begin_object()
      .field("name", "agentpipe-bridge")
      .field("version", version)
      .end_object();
  return json;
}

}  // namespace

void StreamSink::event(model::Event event) {
  stamp(event);
  redact(event);
  count(event);
  out_(event);
}

void StreamSink::skipped(formats::Skip why, std::uint64_t line) {
  if (why != formats::Skip::unknown) return;
  base::log(base::LogLevel::debug, "a line of unknown type is passed over", {{"line", std::to_string(line)}});
}

void StreamSink::problem(formats::Problem problem) {
  ++tally_.problems;
  if (redactor_ != nullptr) tally_.secrets.add(redactor_->redact(problem.excerpt));
  complain_(problem);
}

void StreamSink::stamp(model::Event& event) {
  const auto fill = [this](auto& body) {
    if constexpr (requires { body.machine; }) {
      if (!body.machine && !stamp_.machine.empty()) body.machine = stamp_.machine;
    }
    if constexpr (requires { body.client; }) {
      if (body.client.empty()) body.client = client(stamp_.version);
    }
  };
  std::visit(fill, event.body);
  auto* started = std::get_if<model::ConversationStarted>(&event.body);
  if (started != nullptr && !stamp_.name.empty()) started->name = std::exchange(stamp_.name, {});
}

void StreamSink::redact(model::Event& event) {
  if (redactor_ == nullptr) return;
  replaced_ = redactor_->redact(event);
  tally_.secrets.add(replaced_);
}

void StreamSink::count(const model::Event& event) {
  ++tally_.events;
  const std::string& id = model::conversation_id(event);
  if (id.empty()) return;
  if (tally_.first_conversation.empty()) tally_.first_conversation = id;
  if (tally_.conversations.size() < k_max_conversations) tally_.conversations.insert(id);
  if (std::holds_alternative<model::ConversationCompleted>(event.body)) {
    tally_.open.erase(id);
  } else if (std::holds_alternative<model::ConversationStarted>(event.body) &&
             tally_.open.size() < k_max_conversations) {
    tally_.open.insert(id);
  }
}

}  // namespace agentpipe::cli

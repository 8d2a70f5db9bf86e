#include "agentpipe/hub/frame.hpp"

#include "agentpipe/base/log.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/hub/cursor.hpp"
#include "agentpipe/hub/sse.hpp"
#include "agentpipe/model/codec.hpp"
#include "agentpipe/model/json_writer.hpp"

namespace agentpipe::hub {

namespace {

// Ids, times and the small fields of an event.
constexpr std::size_t k_small_fields = 512;

std::size_t text_size(const auto& body) {
  return body.extra.text.size();
}
std::size_t text_size(const model::ConversationStarted& body) {
  return body.initial_prompt.size() + body.metadata.text.size() + body.system_info.text.size() +
         body.command.text.size() + body.extra.text.size() + body.participants.size() * k_small_fields;
}
std::size_t text_size(const model::MessageCreated& body) {
  return body.content.size() + body.parts.text.size() + body.metadata.text.size() + body.extra.text.size();
}
std::size_t text_size(const model::ConversationCompleted& body) {
  return (body.summary ? body.summary->text.size() : 0) + body.extra.text.size();
}
std::size_t text_size(const model::ConversationError& body) {
  return body.error_message.size() + body.extra.text.size();
}
std::size_t text_size(const model::LogEntry& body) {
  return body.content.size() + body.metrics.text.size() + body.metadata.text.size() + body.extra.text.size();
}

std::size_t weigh(const model::Event& event) {
  return k_small_fields + std::visit([](const auto& body) { return text_size(body); }, event.body);
}

std::string to_json(const model::Event& event) {
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object()
      .field("type", model::type_name(event))
      .field("timestamp", base::format_rfc3339(event.at));
  writer.key("data").raw(model::encode_data(event)).end_object();
  return json;
}

}  // namespace

Frame::Frame(std::shared_ptr<const std::string> epoch, std::shared_ptr<const model::Logged> event, Kind kind)
    : number_(event->number),
      kind_(kind),
      session_id_(model::conversation_id(event->event)),
      topic_(topic_of(session_id_)),
      type_(model::type_name(event->event)),
      weight_(weigh(event->event)),
      epoch_(std::move(epoch)),
      event_(std::move(event)) {}

Frame::Frame(model::LogNumber number, std::string_view type, std::string json)
    : number_(number),
      kind_(Kind::transient),
      type_(type),
      weight_(json.size()),
      for_everyone_(true),
      json_(std::move(json)) {}

Slice Frame::slice(Naming naming) const {
  std::call_once(once_, [this] { encode(); });
  return {bytes_, naming == Naming::named ? 0 : name_line_};
}

void Frame::encode() const {
  const auto json = for_everyone_ ? std::move(json_) : to_json(event_->event);
  const auto id = kind_ == Kind::stored ? format_cursor(*epoch_, number_) : std::string();
  auto bytes = std::make_shared<std::string>();
  bytes->reserve(json.size() + id.size() + type_.size() + 32);
  if (auto appended = append_sse(*bytes, {type_, id, json}); !appended) {
    // The codec writes one line of UTF-8; should that ever fail, the subscriber learns of the gap by the next
    // id.
    base::log(base::LogLevel::error, "an event could not be sent to subscribers",
              {{"cursor", id}, {"reason", appended.error().reason}});
  } else {
    name_line_ = bytes->find('\n') + 1;
  }
  bytes_ = std::move(bytes);
  event_.reset();
  epoch_.reset();
}

}  // namespace agentpipe::hub

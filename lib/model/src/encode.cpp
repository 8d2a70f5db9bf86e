#include <type_traits>

#include "agentpipe/base/text.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/codec.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "object_encoder.hpp"

namespace agentpipe::model {

namespace {

std::size_t roughly(const Event& event) {
  constexpr std::size_t envelope = 512;
  const auto* message = std::get_if<MessageCreated>(&event.body);
  return envelope + (message != nullptr ? message->content.size() + message->parts.text.size() : 0);
}

}  // namespace

std::string encode_data(const Event& event) {
  std::string json;
  json.reserve(roughly(event));
  JsonWriter writer(json);
  std::visit([&](const auto& body) { write_object(writer, body); }, event.body);
  return json;
}

std::string encode_event(const Event& event) {
  std::string json;
  json.reserve(roughly(event));
  JsonWriter writer(json);
  writer.begin_object()
      .field("type", type_name(event))
      .field("timestamp", base::format_rfc3339(event.at))
      .key("data");
  std::visit([&](const auto& body) { write_object(writer, body); }, event.body);
  writer.end_object();
  return json;
}

}  // namespace agentpipe::model

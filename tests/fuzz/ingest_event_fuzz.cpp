#include "agentpipe/model/codec.hpp"
#include "fuzzing.hpp"

using namespace agentpipe;

namespace {

/// The session that an event belongs to, exported.
std::string document_with(const model::Event& event) {
  model::Upload upload;
  if (!std::holds_alternative<model::ConversationStarted>(event.body)) {
    model::ConversationStarted started;
    started.conversation_id = model::conversation_id(event);
    upload.events.push_back({event.at, started});
  }
  upload.events.push_back(event);
  return model::encode_upload(upload);
}

}  // namespace

/// The body of POST /api/ingest: whatever is taken is written as it was understood.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto event = model::decode_event(fuzz::text_of(data, size), fuzz::k_received);
  if (!event) {
    fuzz::hold(!event.error().message.empty(), "a refusal has a sentence");
    return 0;
  }
  const auto json = model::encode_event(*event);
  fuzz::hold(json.find('\n') == std::string::npos, "an event is one line", json);
  const auto again = model::decode_event(json, fuzz::k_received);
  fuzz::hold(again.has_value(), "what is written can be read", json);
  fuzz::hold(*again == *event, "what is read again is the same", json);
  if (model::conversation_id(*event).empty()) return 0;
  const auto document = document_with(*event);
  fuzz::hold(model::decode_upload(document, fuzz::k_received).has_value(), "an export can be imported",
             document);
  return 0;
}

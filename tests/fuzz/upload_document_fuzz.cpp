#include "agentpipe/model/codec.hpp"
#include "fuzzing.hpp"

using namespace agentpipe;

/// The body of POST /api/sessions/upload: whatever is taken is one session, and the same when it comes again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto upload = model::decode_upload(fuzz::text_of(data, size), fuzz::k_received);
  if (!upload) return 0;
  fuzz::hold(!upload->events.empty(), "an upload has a start");
  const auto& id = upload->started().conversation_id;
  for (const auto& event : upload->events) {
    fuzz::hold(model::conversation_id(event) == id, "all belongs to one conversation", id);
    const auto json = model::encode_event(event);
    fuzz::hold(model::decode_event(json, fuzz::k_received).has_value(), "each is an event", json);
  }
  const auto twice = model::decode_upload(fuzz::text_of(data, size), fuzz::k_received);
  fuzz::hold(twice.has_value() && *twice == *upload, "the same document gives the same events", id);
  const auto json = model::encode_upload(*upload);
  fuzz::hold(model::decode_upload(json, fuzz::k_received).has_value(), "what is written can be read", json);
  return 0;
}

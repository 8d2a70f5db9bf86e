#include "agentpipe/service/health.hpp"

#include <array>

#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/limits.hpp"

namespace agentpipe::service {

namespace {

// What a client may rely on beyond the plain one-event dialect.
constexpr std::array<std::string_view, 9> k_capabilities{
    "idempotent-ingest",
    "idempotency-key",
    "log.entry",
    "conversation.updated",
    "sessions-upload",
    "extended-fields",
    "batch",
    "gzip",
    "zstd",
};

}  // namespace

std::string health_json(std::string_view version, std::string_view database,
                        const base::Result<void>& store_health) {
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object()
      .field("status", store_health ? "healthy" : "degraded")
      .field("service", "agentpipe-web")
      .field("version", version)
      .field("database", database)
      .key("checks")
      .begin_object()
      .field("database", store_health ? std::string("ok") : store_health.error().message)
      .end_object()
      .key("capabilities")
      .begin_array();
  for (const auto capability : k_capabilities) writer.value(capability);
  writer.end_array()
      .key("limits")
      .begin_object()
      .field("event_bytes", std::uint64_t{model::k_max_event})
      .field("content_bytes", std::uint64_t{model::k_max_content})
      .field("upload_bytes", std::uint64_t{model::k_max_upload})
      .field("batch_bytes", std::uint64_t{model::k_max_batch})
      .field("batch_events", std::uint64_t{model::k_max_batch_events})
      .end_object()
      .end_object();
  return json;
}

}  // namespace agentpipe::service

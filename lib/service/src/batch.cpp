#include "agentpipe/service/batch.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/codec.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/limits.hpp"

namespace agentpipe::service {

namespace {

/// Record numbers stay exact in JSON, like all others.
std::optional<std::uint64_t> record_number(std::string_view text) {
  const auto number = base::parse_number(text);
  if (!number || *number > std::uint64_t{model::k_max_integer}) return std::nullopt;
  return number;
}

auto bad_header(std::string_view name, std::string_view rule) {
  return base::failure_at(std::string(name), base::ErrorCode::invalid,
                          std::string(name) + " must be " + std::string(rule) + ".", "bad_header");
}

base::Result<store::Batch> read_head(const BatchHead& head) {
  if (!model::is_id(head.source_id))
    return bad_header("X-AgentPipe-Source", "1 to 128 characters of A-Z a-z 0-9 . _ : -");
  const auto first = record_number(head.first);
  if (!first || *first == 0) return bad_header("X-AgentPipe-First", "the number of the first line, from 1");
  const auto missing = head.missing.empty() ? 0 : record_number(head.missing);
  if (!missing) return bad_header("X-AgentPipe-Missing", "the number of records that will never come");
  store::Batch batch;
  batch.source_id = head.source_id;
  batch.first = *first;
  batch.missing = *missing;
  return batch;
}

std::string_view take_line(std::string_view& body) {
  const std::size_t end = std::min(body.find('\n'), body.size());
  const std::string_view line = body.substr(0, end);
  body.remove_prefix(std::min(end + 1, body.size()));
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

}  // namespace

base::Result<store::Batch> read_batch(const BatchHead& head, std::string_view body,
                                      base::Timestamp received) {
  auto batch = read_head(head);
  if (!batch) return batch;
  batch->received = received;
  while (!body.empty()) {
    if (batch->events.size() == model::k_max_batch_events) {
      return base::failure(base::ErrorCode::too_large, "A batch may hold at most " +
                                                           std::to_string(model::k_max_batch_events) +
                                                           " events; send smaller ones.");
    }
    batch->events.push_back(model::decode_event(take_line(body), received));
  }
  return batch;
}

std::string batch_json(const store::Taken& taken) {
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object()
      .field("acked_n", taken.acked_n)
      .field("duplicates", taken.duplicates)
      .key("rejected")
      .begin_array();
  for (const store::Rejected& rejected : taken.rejected) {
    writer.begin_object()
        .field("n", rejected.n)
        .field("code", rejected.code)
        .field("reason", rejected.reason)
        .end_object();
  }
  writer.end_array().end_object();
  return json;
}

}  // namespace agentpipe::service

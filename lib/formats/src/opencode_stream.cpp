#include <algorithm>
#include <array>

#include "json_scan.hpp"
#include "opencode_session.hpp"
#include "record_reader.hpp"
#include "rows.hpp"

/// Standard output of `opencode run --format json`: the parts of answers as they are complete. It tells
/// neither prompts nor titles nor models.
namespace agentpipe::formats {
namespace {

constexpr std::array<std::string_view, 6> k_opencode_stream_types = {"step_start", "text",  "reasoning",
                                                                     "tool_use",   "error", "step_finish"};

class OpenCodeStream final : public RecordReader {
 public:
  explicit OpenCodeStream(Origin origin) : RecordReader(std::move(origin), Strangers::expected) {}

  void end(Sink& sink) override {
    if (!session_) return;
    session_->drop_unfinished(sink);
    session_->finish({}, sink);
  }

 private:
  void record(const Node& record, std::uint64_t number, Sink& sink) override {
    const auto id = record["sessionID"].text();
    if (id.empty()) return sink.skipped(Skip::unknown, number);
    const auto at = record["timestamp"].epoch_ms();
    if (!session_) session_.emplace(opencode::Head{id, {}, {}, {}, at}, origin(), Writer::gone);
    if (const auto error = record["error"]; error.is_object()) return session_->failed(at, error, sink);
    session_->printed(at, record["part"], sink);
  }

  std::optional<opencode::Session> session_;
};

bool is_opencode_stream_record(const TopLevel& top) {
  return top.has("sessionID") && top.has("timestamp") && (top.has("part") || top.has("error")) &&
         std::ranges::find(k_opencode_stream_types, top.type) != k_opencode_stream_types.end();
}

}  // namespace

bool is_opencode_stream(std::string_view head, const Origin&) {
  return any_line(head, is_opencode_stream_record);
}

std::unique_ptr<Reader> open_opencode_stream(const Origin& origin) {
  return std::make_unique<OpenCodeStream>(origin);
}

}  // namespace agentpipe::formats

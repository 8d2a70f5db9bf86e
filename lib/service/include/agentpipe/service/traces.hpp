#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/model/trace.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// Reads the body of an OTLP/HTTP JSON request. Errors as formats::read_otlp has them.
using ReadTrace = std::function<base::Result<model::Trace>(std::string_view json)>;

/// What exporters send of a call of a model: spans, or log records.
enum class Signal : unsigned char { traces, logs };
struct TraceReaders {
  ReadTrace traces;
  ReadTrace logs;
};

struct TraceReply {
  std::uint64_t spans = 0;        ///< spans or log records that told of conversations, the rejected ones too
  std::string json;               ///< an ExportTraceServiceResponse or ExportLogsServiceResponse
  std::uint64_t passed_over = 0;  ///< those of anything else
};
/// Called once, on any thread, after the commits. Error `unavailable`: the exporter sends all of it again,
/// which adds only what is missing.
using TraceDone = std::function<void(base::Result<TraceReply>)>;

/// Takes calls of models in as conversations. Thread-safe.
class Traces {
 public:
  Traces(store::Store& store, const base::Clock& clock, TraceReaders read)
      : store_(store), clock_(clock), read_(std::move(read)) {}

  /// Each call is stored completely or not at all; the reply counts the spans or records of those that were
  /// not. Reads and asks the store on the caller's thread: not a network loop.
  void take(Signal signal, std::string_view body, TraceDone done);

 private:
  store::Store& store_;
  const base::Clock& clock_;
  TraceReaders read_;
};

}  // namespace agentpipe::service

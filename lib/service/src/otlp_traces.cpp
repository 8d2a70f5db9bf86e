#include <atomic>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/service/traces.hpp"

namespace agentpipe::service {

namespace {

/// Leaves out what a conversation has already, so that a history that comes with every span is stored once.
class News {
 public:
  explicit News(store::Store& store) : store_(store) {}

  std::vector<model::Event> of(model::SpanEvents span) {
    const std::string id = model::conversation_id(span.front().event);
    const bool known = is_known(id);
    std::vector<model::Event> events;
    for (auto& [needed, event] : span) {
      const bool late = known && needed == model::SpanEvent::Needed::by_new_conversation;
      if ((late && !brings_prompt(event)) || !is_new(event)) continue;
      if (!model::message_id(event).empty()) known_.insert(id);
      events.push_back(std::move(event));
    }
    return events;
  }

 private:
  bool is_known(const std::string& id) {
    if (known_.contains(id)) return true;
    const auto found = store_.session(id);
    return found && found->session.totals.messages > 0;
  }
  /// What a call used may come before what it was asked.
  bool brings_prompt(const model::Event& event) {
    const auto* started = std::get_if<model::ConversationStarted>(&event.body);
    if (started == nullptr || started->initial_prompt.empty()) return false;
    if (!prompted_.insert(started->conversation_id).second) return false;
    const auto found = store_.session(started->conversation_id);
    return found && found->session.initial_prompt.empty();
  }
  /// The store tells what came with earlier requests.
  bool is_new(const model::Event& event) {
    const auto& id = model::message_id(event);
    return id.empty() || given_.insert(model::conversation_id(event) + '\n' + id).second;
  }

  store::Store& store_;
  std::unordered_set<std::string> known_;  // conversations with messages
  std::unordered_set<std::string> prompted_;
  std::unordered_set<std::string> given_;
};

std::uint64_t items_in(const model::Trace& trace) {
  auto items = trace.rejected;
  for (const auto& told : trace.spans) items += told.items;
  return items;
}

/// Counts as the store answers; whoever comes last tells the client.
struct TraceTally {
  TraceTally(Signal what, model::Trace& trace, TraceDone told)
      : signal(what),
        spans(items_in(trace)),
        passed_over(trace.passed_over),
        open(trace.spans.size() + 1),
        done(std::move(told)),
        rejected(trace.rejected),
        reason(std::move(trace.reason)) {}

  const Signal signal;
  const std::uint64_t spans;
  const std::uint64_t passed_over;
  std::atomic<std::size_t> open;
  const TraceDone done;
  base::Mutex mutex;
  std::uint64_t rejected GUARDED_BY(mutex);
  std::string reason GUARDED_BY(mutex);
  std::optional<base::Error> broken GUARDED_BY(mutex);  // the store refused: try again
};

/// What will be refused again is rejected; anything else passes, so the exporter shall come back.
void settle(TraceTally& tally, std::uint64_t items, const base::Result<store::Appended>& appended) {
  if (appended) return;
  const auto& error = appended.error();
  const base::MutexLock lock(tally.mutex);
  if (error.code != base::ErrorCode::conflict && error.code != base::ErrorCode::gone) {
    tally.broken = error;
    return;
  }
  if (tally.rejected == 0) tally.reason = error.message;
  tally.rejected += items;
}

/// As protocol buffers have it in JSON: 64-bit numbers stand in quotes.
std::string reply_json(Signal signal, std::uint64_t rejected, const std::string& reason) {
  const auto* const name = signal == Signal::logs ? "rejectedLogRecords" : "rejectedSpans";
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object();
  if (rejected > 0) {
    writer.key("partialSuccess").begin_object();
    writer.field(name, std::to_string(rejected)).field("errorMessage", reason).end_object();
  }
  writer.end_object();
  return json;
}

void finish(TraceTally& tally) {
  if (tally.open.fetch_sub(1) > 1) return;
  const base::MutexLock lock(tally.mutex);
  if (tally.broken) return tally.done(tl::unexpected(*tally.broken));
  tally.done(
      TraceReply{tally.spans, reply_json(tally.signal, tally.rejected, tally.reason), tally.passed_over});
}

}  // namespace

void Traces::take(Signal signal, std::string_view body, TraceDone done) {
  auto trace = (signal == Signal::logs ? read_.logs : read_.traces)(body);
  if (!trace) return done(base::forward(trace));
  const auto tally = std::make_shared<TraceTally>(signal, *trace, std::move(done));
  const auto received = clock_.now();
  News news(store_);
  for (auto& [told, items] : trace->spans) {
    auto events = news.of(std::move(told));
    if (events.empty()) {  // the same call twice
      finish(*tally);
      continue;
    }
    store_.append({std::move(events), received, store::Source::cli_stream},
                  [tally, items = items](const base::Result<store::Appended>& appended) {
                    settle(*tally, items, appended);
                    finish(*tally);
                  });
  }
  finish(*tally);
}

}  // namespace agentpipe::service

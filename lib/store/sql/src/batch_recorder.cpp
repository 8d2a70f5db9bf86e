#include "batch_recorder.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace agentpipe::store::sql {

namespace {

/// Those of a batch that an earlier one brought already.
std::uint64_t repeated(const Batch& batch, const SourceState& source) {
  if (batch.first > source.last_n) return 0;
  return std::min<std::uint64_t>(source.last_n - batch.first + 1, batch.events.size());
}

/// Where the note of a hole belongs: the conversation that goes on behind it.
std::string conversation_of(const Batch& batch) {
  for (const auto& event : batch.events) {
    if (event && !model::conversation_id(*event).empty()) return model::conversation_id(*event);
  }
  return {};
}

std::string missing_sentence(std::uint64_t count) {
  return (count == 1 ? "1 event is missing here: it was"
                     : std::to_string(count) + " events are missing here: they were") +
         " lost or refused before this server could store " + (count == 1 ? "it." : "them.");
}

}  // namespace

base::Result<Received> BatchRecorder::record(Batch& batch) {
  auto source = read_source(database_, batch.source_id);
  if (!source) return base::forward(source);
  const std::uint64_t expected = source->last_n + 1;
  const std::uint64_t hole = batch.first > expected ? batch.first - expected : 0;
  if (hole > batch.missing) return Received(Gap{expected});

  Taken taken;
  taken.repeated = taken.duplicates = repeated(batch, *source);
  taken.acked_n = std::max(source->last_n, batch.first + batch.events.size() - 1);
  auto done = forget_rejections(database_, batch.source_id, batch.first);
  if (done && taken.repeated != 0) {
    auto known = read_rejections(database_, batch.source_id, batch.first);
    if (!known) return base::forward(known);
    taken.rejected = std::move(*known);
  }
  recorder_.begin_request();
  if (done && hole != 0) done = note_missing(batch, hole);
  if (done) done = record_new(batch, taken);
  if (done) {
    done = write_source(database_, {batch.source_id, taken.acked_n, source->missing + hole}, batch.received);
  }
  if (!done) return base::forward(done);
  return Received(std::move(taken));
}

// No savepoint for each event, which would copy every page once more: the recorder refuses before it writes.
base::Result<void> BatchRecorder::record_new(Batch& batch, Taken& taken) {
  for (std::size_t i = taken.repeated; i < batch.events.size(); ++i) {
    auto& event = batch.events[i];
    auto stored = event ? recorder_.record_event(*event, batch.received, Source::cli_stream)
                        : base::Result<Stored>(base::forward(event));
    if (stored) {
      taken.duplicates += stored->outcome == Outcome::duplicate ? 1U : 0U;
      continue;
    }
    if (event && !is_callers_fault(stored.error())) return base::forward(stored);
    const Rejected rejected{batch.first + i,
                            stored.error().reason.empty() ? std::string(base::to_string(stored.error().code))
                                                          : stored.error().reason,
                            stored.error().message};
    if (auto kept = add_rejection(database_, batch.source_id, rejected); !kept) return kept;
    taken.rejected.push_back(rejected);
  }
  return {};
}

base::Result<void> BatchRecorder::note_missing(const Batch& batch, std::uint64_t count) {
  model::LogEntry note;
  note.conversation_id = conversation_of(batch);
  if (note.conversation_id.empty()) return {};
  note.level = "warning";
  note.content = missing_sentence(count);
  model::Event event{batch.received, std::move(note)};
  auto stored = recorder_.record_event(event, batch.received, Source::cli_stream);
  // A conversation that takes nothing more takes no note either; its events are refused one by one.
  if (!stored && !is_callers_fault(stored.error())) return base::forward(stored);
  return {};
}

}  // namespace agentpipe::store::sql

#pragma once

#include <memory>
#include <span>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/store/store.hpp"
#include "database.hpp"
#include "event_writer.hpp"
#include "rollups.hpp"
#include "session_cache.hpp"
#include "session_writer.hpp"

namespace agentpipe::store::sql {

/// Who has said nothing since `heard_since` is presumed to be over.
struct Silence {
  base::Timestamp heard_since;
  base::Timestamp now;
  std::int64_t limit = 0;
};

/// Turns requests into rows inside the writer's transaction and keeps what the transaction adds to the log.
/// The writer's thread only.
class Recorder {
 public:
  Recorder(Database& database, LogNumber last);

  /// All of a request or nothing. An error that is the caller's fault leaves the transaction usable; after
  /// any other one it must be rolled back.
  base::Result<Appended> record(Append request);
  /// One event after another, each on its own; begin_request() before the first. A refusal that is the
  /// caller's fault has written nothing.
  void begin_request() { cache_.begin_request(); }
  base::Result<Stored> record_event(model::Event& event, base::Timestamp received, Source source) {
    return record_one(event, {received, source, Contradiction::refuse});
  }
  /// See Store::interrupt_silent().
  base::Result<std::size_t> record_silence(const Silence& silence);
  /// Before COMMIT.
  base::Result<void> finish();
  void committed();
  void rolled_back();
  /// The same, when the log on disk has come up to another number than what was committed here.
  void rolled_back_to(LogNumber last);

  /// What this transaction added, in order; until committed() or rolled_back().
  [[nodiscard]] std::span<const std::shared_ptr<const model::Logged>> log() const { return log_; }
  [[nodiscard]] LogNumber last() const { return last_; }

 private:
  struct Context {
    base::Timestamp received;
    Source source;
    Contradiction contradiction;
  };
  /// A message as it is stored, without what a comparison does not need.
  struct Kept {
    LogNumber number = 0;
    base::Timestamp at;
    model::MessageCreated message;
  };

  base::Result<void> record_all(Append& request, Appended& stored);
  base::Result<void> record_each(Append& request, Appended& stored);
  base::Result<Outcome> make_room(const std::string& id, const Context& context);
  base::Result<Stored> record_one(model::Event& event, const Context& context);
  base::Result<Stored> record_message(model::Event& event, const Context& context);
  base::Result<Stored> record_fact(model::Event& event, const Context& context);
  base::Result<Stored> record_deletion(model::Event& event, const Context& context);
  base::Result<Stored> record_hello(model::Event& event, const Context& context);
  base::Result<void> apply(SessionState& session, const model::Event& event);
  base::Result<void> presume(SessionState& session, const std::string& id, model::Status status,
                             base::Timestamp now);
  base::Result<Stored> logged_as_life(SessionState& session, Outcome outcome, model::Event& event,
                                      const Context& context);
  /// A message whose id is taken: the same one, or a contradiction.
  base::Result<Stored> record_again(SessionState& session, const AgentMatch& match,
                                    const model::MessageCreated& told, Contradiction contradiction);
  base::Result<void> account_again(SessionState& session, const AgentMatch& match, const Kept& kept,
                                   const model::MessageCreated& told);
  [[nodiscard]] Place next(const Context& context) const { return {last_ + 1, {}, context.received}; }
  Stored logged(Outcome outcome, model::Event& event);

  Database& database_;
  SessionCache cache_;
  SessionWriter sessions_;
  EventWriter events_;
  Rollups rollups_;
  Statement savepoint_, undo_, release_;
  std::vector<std::shared_ptr<const model::Logged>> log_;
  LogNumber last_;            // of the log with this transaction
  LogNumber committed_last_;  // of the log on disk
};

}  // namespace agentpipe::store::sql

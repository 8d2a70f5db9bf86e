#include "recorder.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include "idempotency.hpp"
#include "session_removal.hpp"

namespace agentpipe::store::sql {

namespace {

void see(SessionState& session, base::Timestamp at, base::Timestamp received) {
  session.updated_at = std::max(session.updated_at, received);
  session.last_event_at = std::max(session.last_event_at, at);
}

/// What a message of this session lacks: its place and its agent's name.
void complete(model::MessageCreated& message, const AgentMatch& match, std::int64_t last_sequence) {
  message.agent_id = match.agent_id;
  if (!message.sequence_number) message.sequence_number = last_sequence + 1;
  if (message.agent_name) return;
  const bool named = match.known != nullptr && !match.known->name.empty();
  message.agent_name = named ? match.known->name : message.agent_type;
}

bool is_note(const model::Event& event) {
  return std::holds_alternative<model::LogEntry>(event.body) ||
         std::holds_alternative<model::ConversationError>(event.body);
}

}  // namespace

Recorder::Recorder(Database& database, LogNumber last)
    : database_(database),
      cache_(database),
      sessions_(database, cache_),
      events_(database),
      savepoint_(database.connection(), "SAVEPOINT request"),
      undo_(database.connection(), "ROLLBACK TO request"),
      release_(database.connection(), "RELEASE request"),
      last_(last),
      committed_last_(last) {}

base::Result<Appended> Recorder::record(Append request) {
  if (request.idempotency) {
    if (auto claimed = claim(database_, *request.idempotency, request.received); !claimed)
      return base::forward(claimed);
  }
  // What is taken away may come back by the savepoint: its row must be as true as the cache.
  if (request.if_present == IfPresent::replace) {
    if (auto written = cache_.flush(); !written) return base::forward(written);
  }
  Appended stored;
  cache_.begin_request();
  const std::size_t logged_before = log_.size();
  const std::size_t counted_before = rollups_.size();
  const LogNumber last_before = last_;
  auto done = record_all(request, stored);
  if (done) return stored;
  cache_.undo_request();
  log_.resize(logged_before);
  rollups_.undo_to(counted_before);
  last_ = last_before;
  return base::forward(done);
}

// A savepoint copies each page that the request changes once more. A single event can do without: nothing is
// written before the one check that may refuse it.
base::Result<void> Recorder::record_all(Append& request, Appended& stored) {
  const bool several = request.events.size() > 1 || request.if_present == IfPresent::replace;
  if (!several) return record_each(request, stored);
  if (auto set = savepoint_.run(); !set) return set;
  auto done = record_each(request, stored);
  if (done) return release_.run();
  if (!is_callers_fault(done.error())) return done;
  auto undone = undo_.run();
  if (undone) undone = release_.run();
  return undone ? done : undone;
}

base::Result<void> Recorder::record_each(Append& request, Appended& stored) {
  const Context context{request.received, request.source, request.contradiction};
  stored.reserve(request.events.size());
  auto first = Outcome::created;
  if (request.if_present == IfPresent::replace && !request.events.empty()) {
    auto room = make_room(model::conversation_id(request.events.front()), context);
    if (!room) return base::forward(room);
    first = *room;
  }
  for (model::Event& event : request.events) {
    auto one = record_one(event, context);
    if (!one) return base::forward(one);
    stored.push_back(std::move(*one));
  }
  if (first == Outcome::replaced) stored.front().outcome = first;
  return {};
}

// The old session ends with a deletion of its own, so that whoever watches forgets it before the new one
// begins.
base::Result<Outcome> Recorder::make_room(const std::string& id, const Context& context) {
  model::Event deletion{context.received, model::ConversationDeleted{id, {R"({"reason":"replaced"})"}}};
  auto removed = record_deletion(deletion, context);
  if (!removed) return base::forward(removed);
  if (auto freed = free_id(database_, id); !freed) return base::forward(freed);
  return removed->outcome == Outcome::absent ? Outcome::created : Outcome::replaced;
}

base::Result<void> Recorder::finish() {
  auto counted = rollups_.flush(database_);
  return counted ? cache_.flush() : counted;
}

void Recorder::committed() {
  committed_last_ = last_;
  log_.clear();
  cache_.committed();
}

void Recorder::rolled_back() {
  rolled_back_to(committed_last_);
}

void Recorder::rolled_back_to(LogNumber last) {
  last_ = committed_last_ = last;
  log_.clear();
  rollups_.undo_to(0);
  cache_.forget();
}

base::Result<Stored> Recorder::record_one(model::Event& event, const Context& context) {
  const auto is = [&]<class Body>(std::type_identity<Body>) {
    return std::holds_alternative<Body>(event.body);
  };
  if (is(std::type_identity<model::MessageCreated>{})) return record_message(event, context);
  if (is(std::type_identity<model::BridgeConnected>{})) return record_hello(event, context);
  if (is(std::type_identity<model::ConversationDeleted>{})) return record_deletion(event, context);
  const bool passing =
      is(std::type_identity<model::BridgeTest>{}) || is(std::type_identity<model::TurnMarker>{});
  if (passing) return Stored{Outcome::recorded, 0, model::conversation_id(event), {}};
  return record_fact(event, context);
}

base::Result<Stored> Recorder::record_message(model::Event& event, const Context& context) {
  auto& message = std::get<model::MessageCreated>(event.body);
  auto opened = sessions_.open(message.conversation_id, event.at, context.received, context.source);
  if (!opened) return base::forward(opened);
  SessionState& session = **opened;
  const auto agents = session.agents;  // keeps alive what `match` points at
  const AgentMatch match = find_agent(*agents, message);
  const std::string told_id = message.agent_id;
  const model::OptionalText told_name = message.agent_name;
  complete(message, match, session.last_sequence);

  Place place = next(context);
  place.session_pk = session.pk;
  auto added = events_.add_message(place, event.at, message);
  if (!added) return base::forward(added);
  if (!*added) {
    message.agent_id = told_id;
    message.agent_name = told_name;
    return record_again(session, match, message, context.contradiction);
  }

  cache_.touch(session);
  see(session, event.at, context.received);
  session.latest_sequence = *message.sequence_number;
  session.last_sequence = std::max(session.last_sequence, session.latest_sequence);
  count(session.totals, message, Sign::add);
  rollups_.count(event.at, session.source, message, Sign::add);
  if (auto noted = sessions_.note_agent(session, match, message, told_name); !noted)
    return base::forward(noted);
  return logged_as_life(session, Outcome::created, event, context);
}

base::Result<Stored> Recorder::record_hello(model::Event& event, const Context& context) {
  auto added = events_.add(next(context), event, {});
  if (!added) return base::forward(added);
  return logged(Outcome::recorded, event);
}

base::Result<Stored> Recorder::record_deletion(model::Event& event, const Context& context) {
  const std::string& id = model::conversation_id(event);
  auto session = cache_.find(id);
  if (!session) return base::forward(session);
  if (*session == nullptr) return Stored{Outcome::absent, 0, id, {}};
  if (auto taken = rollups_.take_away(database_, (*session)->pk, (*session)->source); !taken)
    return base::forward(taken);
  if (auto removed = remove_session(database_, (*session)->pk, id, last_ + 1); !removed)
    return base::forward(removed);
  cache_.erase(id);
  auto added = events_.add(next(context), event, {});
  if (!added) return base::forward(added);
  return logged(Outcome::recorded, event);
}

base::Result<Stored> Recorder::record_fact(model::Event& event, const Context& context) {
  const std::string& id = model::conversation_id(event);
  auto opened = sessions_.open(id, event.at, context.received, context.source);
  if (!opened) return base::forward(opened);
  SessionState& session = **opened;
  Place place = next(context);
  place.session_pk = session.pk;
  const auto after = is_note(event) ? std::optional(session.latest_sequence) : std::nullopt;
  auto added = events_.add(place, event, after);
  if (!added) return base::forward(added);
  if (!*added) return Stored{Outcome::duplicate, 0, id, {}};

  cache_.touch(session);
  see(session, event.at, context.received);
  const bool begins = session.placeholder && std::holds_alternative<model::ConversationStarted>(event.body);
  if (auto applied = apply(session, event); !applied) return base::forward(applied);
  const auto outcome = begins ? Outcome::created : Outcome::recorded;
  // A late fact, such as a new name, comes from whoever looks on.
  if (std::holds_alternative<model::ConversationUpdated>(event.body)) return logged(outcome, event);
  return logged_as_life(session, outcome, event, context);
}

base::Result<void> Recorder::apply(SessionState& session, const model::Event& event) {
  if (const auto* started = std::get_if<model::ConversationStarted>(&event.body)) {
    return sessions_.apply(session, *started, event.at);
  }
  if (const auto* completed = std::get_if<model::ConversationCompleted>(&event.body)) {
    return sessions_.apply(session, *completed, event.at, last_ + 1);
  }
  if (const auto* error = std::get_if<model::ConversationError>(&event.body)) {
    rollups_.count(event.at, session.source, *error, Sign::add);
    return sessions_.apply(session, *error);
  }
  if (const auto* updated = std::get_if<model::ConversationUpdated>(&event.body)) {
    return sessions_.apply(session, *updated);
  }
  return {};  // log.entry: the log is all
}

Stored Recorder::logged(Outcome outcome, model::Event& event) {
  Stored stored{outcome, ++last_, model::conversation_id(event), model::message_id(event)};
  log_.push_back(std::make_shared<const model::Logged>(model::Logged{last_, std::move(event)}));
  return stored;
}

}  // namespace agentpipe::store::sql

#include "session_cache.hpp"

#include <algorithm>

#include "columns.hpp"
#include "participant_rows.hpp"

namespace agentpipe::store::sql {

void SessionCache::begin_request() {
  ++request_;
  before_.clear();
  added_.clear();
  changed_before_ = changed_.size();
}

void SessionCache::undo_request() {
  for (Before& before : before_) *before.session = std::move(before.state);
  changed_.resize(changed_before_);
  for (const std::string& id : added_) sessions_.erase(id);
  before_.clear();
  added_.clear();
}

base::Result<void> SessionCache::flush() {
  Statement& update = database_.statement(
      "UPDATE sessions SET (updated_at,last_event_at,last_sequence,latest_sequence," AGENTPIPE_TOTAL_COLUMNS
      ")=(?,?,?,?,?,?,?,?,?,?,?,?,?,?) WHERE pk=?");
  for (SessionState* state : changed_) {
    auto done = update.bind_and_run(
        [&](Binder& bind) {
          bind(state->updated_at);
          bind(state->last_event_at);
          bind(state->last_sequence);
          bind(state->latest_sequence);
          each_total(state->totals, bind);
          bind(state->pk);
        },
        [](Columns&) {});
    if (!done) return done;
    state->dirty = false;
  }
  changed_.clear();
  return {};
}

void SessionCache::committed() {
  constexpr std::size_t k_most =
      10'000;  // about 10 MB; whoever is still active is read again in microseconds
  if (sessions_.size() > k_most) forget();
}

base::Result<SessionState*> SessionCache::find(const std::string& id) {
  if (const auto found = sessions_.find(id); found != sessions_.end()) return &found->second;
  SessionState state;
  auto done = database_
                  .statement(
                      "SELECT pk,source,placeholder,inferred,updated_at,last_event_at,last_sequence,"
                      "latest_sequence," AGENTPIPE_TOTAL_COLUMNS " FROM sessions WHERE id=?")
                  .query(
                      [&](Columns& columns) {
                        columns(state.pk);
                        columns(state.source);
                        columns(state.placeholder);
                        columns(state.presumed_over);
                        columns(state.updated_at);
                        columns(state.last_event_at);
                        columns(state.last_sequence);
                        columns(state.latest_sequence);
                        each_total(state.totals, columns);
                      },
                      id);
  if (!done) return base::forward(done);
  if (state.pk == 0) return nullptr;
  if (auto loaded = load_agents(state); !loaded) return base::forward(loaded);
  return &sessions_.emplace(id, std::move(state)).first->second;
}

base::Result<void> SessionCache::load_agents(SessionState& state) {
  auto participants = read_participants(database_, state.pk);
  if (!participants) return base::forward(participants);
  auto agents = std::make_shared<std::vector<KnownAgent>>();
  for (const model::Participant& participant : *participants) agents->push_back(known_agent(participant));
  state.agents = std::move(agents);
  return {};
}

SessionState& SessionCache::add(const std::string& id, SessionState state) {
  state.agents = std::make_shared<const std::vector<KnownAgent>>();
  added_.push_back(id);
  return sessions_.insert_or_assign(id, std::move(state)).first->second;
}

void SessionCache::erase(const std::string& id) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  SessionState* state = &found->second;
  std::erase(changed_, state);
  changed_before_ = std::min(changed_before_, changed_.size());
  std::erase_if(before_, [&](const Before& before) { return before.session == state; });
  sessions_.erase(found);
}

void SessionCache::touch(SessionState& state) {
  if (state.request != request_) {
    before_.push_back({&state, state});
    state.request = request_;
  }
  if (!state.dirty) {
    state.dirty = true;
    changed_.push_back(&state);
  }
}

}  // namespace agentpipe::store::sql

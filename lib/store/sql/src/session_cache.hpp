#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/records.hpp"
#include "agents.hpp"
#include "database.hpp"

namespace agentpipe::store::sql {

/// What the writer must know of a session to add to it without reading.
struct SessionState {
  std::int64_t pk = 0;
  std::string source;
  bool placeholder = true;
  bool presumed_over = false;  // INTERRUPTED by silence, not by word
  base::Timestamp updated_at, last_event_at;
  std::int64_t last_sequence = 0;    // the highest one
  std::int64_t latest_sequence = 0;  // that of the message logged last
  model::Totals totals;
  std::shared_ptr<const std::vector<KnownAgent>> agents;  // shared with the copies kept for undoing

  std::uint64_t request = 0;  // the last one that changed it
  bool dirty = false;         // differs from its row
};

/// The sessions in work, ahead of their rows within a transaction: flush() before COMMIT writes each changed
/// one once, however many messages it got. The writer's thread only.
class SessionCache {
 public:
  explicit SessionCache(Database& database) : database_(database) {}

  void begin_request();
  /// What the request did to the cache never happened.
  void undo_request();
  base::Result<void> flush();
  /// The transaction is committed: its states are true now.
  void committed();
  /// The transaction is gone: so is everything learnt in it.
  void forget() { sessions_.clear(), changed_.clear(), before_.clear(), added_.clear(); }

  /// Null when there is no such session.
  base::Result<SessionState*> find(const std::string& id);
  /// Keeps a session whose row was just inserted.
  SessionState& add(const std::string& id, SessionState state);
  /// The session was removed in this request. Whoever may undo the request alone has called flush() before
  /// it.
  void erase(const std::string& id);
  /// To be called before changing a state.
  void touch(SessionState& state);

 private:
  struct Before {
    SessionState* session;
    SessionState state;
  };

  base::Result<void> load_agents(SessionState& state);

  Database& database_;
  std::unordered_map<std::string, SessionState> sessions_;
  std::vector<SessionState*> changed_;  // in this transaction
  std::vector<Before> before_;          // in this request
  std::vector<std::string> added_;      // in this request
  std::size_t changed_before_ = 0;      // size of changed_ when the request began
  std::uint64_t request_ = 0;
};

}  // namespace agentpipe::store::sql

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/logged.hpp"
#include "agentpipe/model/records.hpp"
#include "agentpipe/store/append.hpp"
#include "agentpipe/store/batch.hpp"
#include "agentpipe/store/grants.hpp"
#include "agentpipe/store/messages.hpp"
#include "agentpipe/store/metrics.hpp"
#include "agentpipe/store/search.hpp"
#include "agentpipe/store/sessions.hpp"

namespace agentpipe::store {

/// Called on the writer's thread with what one commit added to the log, in order, before the AppendDone
/// calls.
using CommitListener = std::function<void(std::span<const std::shared_ptr<const model::Logged>>)>;

struct LogQuery {
  LogNumber after = 0;          // exclusive
  LogNumber until = 0;          // inclusive; 0: no bound
  std::string session_id = {};  // empty: all
  std::int64_t limit = 500;
};

/// Where conversations are kept: one append-only log and its projections, changed in one transaction.
/// Thread-safe. append() never blocks on the disk; the reading functions do: call them off the network loop.
class Store {
 public:
  virtual ~Store() = default;

  /// Before the first append; at most once.
  virtual void on_commit(CommitListener listener) = 0;
  virtual void append(Append request, AppendDone done) = 0;
  /// The batch and how far its source has come are committed together, or nothing is. A record that is
  /// refused changes nothing and stops nothing.
  virtual void append_batch(Batch batch, BatchDone done) = 0;

  /// ACTIVE sessions of which nothing came since `heard_since` become INTERRUPTED, each by an event of the
  /// log (conversation.updated, `inferred`). The next event of such a session makes it ACTIVE again, the same
  /// way. How many they were: at most `limit`. Waits for the commit.
  virtual base::Result<std::size_t> interrupt_silent(base::Timestamp heard_since, base::Timestamp now,
                                                     std::int64_t limit) = 0;

  virtual base::Result<SessionPage> sessions(const SessionQuery& query) = 0;
  /// In the order of buckets.
  virtual base::Result<std::vector<MetricPoint>> metrics(const MetricsQuery& query) = 0;
  /// The newest conversation.error of that time, `until` exclusive.
  virtual base::Result<std::vector<ErrorEntry>> errors(base::Timestamp from, base::Timestamp until,
                                                       std::int64_t limit) = 0;
  /// Of the sessions that started in that time, both ends inclusive.
  virtual base::Result<Summary> summary(std::optional<base::Timestamp> from,
                                        std::optional<base::Timestamp> until) = 0;
  /// At most `limit` values of each kind.
  virtual base::Result<Facets> facets(std::int64_t limit) = 0;
  /// Sessions in whose messages, names or prompts the text stands.
  virtual base::Result<SearchPage> search(const SearchQuery& query) = 0;
  /// `not_found` when there is none.
  virtual base::Result<SessionDetail> session(const std::string& id) = 0;
  /// `not_found` when there is no such session. A page may end before its limit (about 16 MiB of content):
  /// more_before and more_after tell.
  virtual base::Result<MessagePage> messages(const MessageQuery& query) = 0;
  /// `not_found` when there is no such session.
  virtual base::Result<Outline> outline(const OutlineQuery& query) = 0;
  /// The messages of a session that hold the text literally, in any case; at most `limit` of them.
  /// `not_found` when there is no such session.
  virtual base::Result<Findings> find(const std::string& session_id, const std::string& text,
                                      std::int64_t limit) = 0;
  /// Notes (log.entry, conversation.error) of a session, oldest first, at most `limit` of the newest.
  /// `not_found` when there is no such session.
  virtual base::Result<std::vector<model::Note>> notes(const std::string& session_id, std::int64_t limit) = 0;

  /// The log from a number on, for streams that are behind. Events come back as they were published.
  /// At most `limit` and about 16 MiB of content: fewer than asked for is not the end, only an empty answer
  /// is. Of an unknown session: empty.
  virtual base::Result<std::vector<model::Logged>> log(const LogQuery& query) = 0;
  virtual LogNumber last_number() = 0;  ///< of the last commit
  /// Random per database: numbers of another epoch mean nothing here.
  [[nodiscard]] virtual const std::string& epoch() const = 0;

  virtual base::Result<void> add_key(const Key& key) = 0;
  virtual base::Result<std::vector<Key>> keys() = 0;
  /// `not_found` when no live key has that id or name.
  virtual base::Result<void> revoke_key(const std::string& id_or_name, base::Timestamp at) = 0;

  /// Uses of unknown keys are passed over.
  virtual base::Result<void> note_key_uses(const std::vector<KeyUse>& uses) = 0;

  virtual base::Result<void> add_share(const Share& share) = 0;
  /// Of one session, newest first; `session_id` empty: all.
  virtual base::Result<std::vector<Share>> shares(const std::string& session_id) = 0;
  /// `not_found` when no live share has that id.
  virtual base::Result<void> revoke_share(const std::string& id, base::Timestamp at) = 0;
  virtual base::Result<void> note_share_use(const std::string& id, base::Timestamp at) = 0;

  /// What the database takes on its disk, without its write-ahead log.
  virtual base::Result<std::uint64_t> bytes() = 0;
  /// Is the store able to write? The error says why not.
  virtual base::Result<void> health() = 0;
};

}  // namespace agentpipe::store

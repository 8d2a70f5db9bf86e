#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/logged.hpp"
#include "agentpipe/model/records.hpp"
#include "agentpipe/store/batch.hpp"
#include "agentpipe/store/metrics.hpp"
#include "agentpipe/store/search.hpp"

namespace agentpipe::store {

using model::LogNumber;

/// How a session reached us.
enum class Source : unsigned char { cli_stream, cli_upload };

/// What became of one event.
enum class Outcome : unsigned char {
  created,    ///< logged; a new message or session
  recorded,   ///< logged; changed an existing session
  duplicate,  ///< was here already, nothing changed
  absent,     ///< conversation.deleted of a conversation that is not there
  replaced,   ///< logged; a new session in place of one that was here
  differing,  ///< another message has its id, and stays: see Contradiction::keep_stored
};

struct Stored {
  Outcome outcome = Outcome::created;
  LogNumber number =
      0;  ///< for a duplicate or differing message the first one's, else 0 when nothing was logged
  std::string conversation_id;
  std::string message_id;
};

/// A name that a sender gave its request, so that it may send it again.
struct Idempotency {
  base::Digest key{};   ///< of the name and who gave it
  base::Digest body{};  ///< of the request
};
/// For so long a name stands for one request.
inline constexpr base::Milliseconds k_idempotency_life{24 * 3'600'000};

/// What becomes of a conversation that is here already, or was deleted, when a request brings it.
enum class IfPresent : unsigned char {
  extend,   ///< it gets what is new; a deleted one takes nothing
  replace,  ///< that of the first event goes, as if deleted, and the events make it anew
};

/// What becomes of a message whose id is taken by one with other content, role or agent.
enum class Contradiction : unsigned char {
  refuse,       ///< the request is refused with "message_conflict"
  keep_stored,  ///< it is left out; the rest of the request is stored
};

/// One request: its events are stored together or not at all.
struct Append {
  std::vector<model::Event> events;
  base::Timestamp received;
  Source source = Source::cli_stream;
  std::optional<Idempotency> idempotency = {};
  IfPresent if_present = IfPresent::extend;
  Contradiction contradiction = Contradiction::refuse;
};

using Appended = std::vector<Stored>;  // one per event, in order
/// Called once, on the writer's thread, after the commit (or when it is certain that nothing was stored).
/// `conflict`: same message id with other content, role or agent ("message_conflict"); same name of the
/// request with another body ("idempotency_conflict"). `gone`: the conversation was deleted. `unavailable`,
/// each with its reason: "queue_full", "disk_full", "database_busy", "shutting_down" pass by themselves,
/// "store_broken" does not. A request that is refused at once (queue full, shutting down) is answered on the
/// caller's thread, inside append().
using AppendDone = std::function<void(base::Result<Appended>)>;

/// Called on the writer's thread with what one commit added to the log, in order, before the AppendDone
/// calls.
using CommitListener = std::function<void(std::span<const std::shared_ptr<const model::Logged>>)>;

enum class SessionSort : unsigned char { started, updated, cost, tokens, messages, duration, name };
enum class Direction : unsigned char { ascending, descending };

/// A place in a list of sessions: what it is sorted by, then the store's own number of the session. Times are
/// milliseconds.
struct SessionPlace {
  std::variant<std::int64_t, double, std::string> value;
  std::int64_t number = 0;
};

struct SessionQuery {
  std::vector<model::Status> status;  // any of; empty: all
  std::vector<std::string> source;
  std::vector<std::string> mode;
  std::vector<std::string> agent_type;
  std::vector<std::string> model;
  std::vector<std::string> machine;
  std::string text;                            // in name or prompt, literally, any case (of ASCII letters)
  std::optional<base::Timestamp> from, until;  // started_at, both inclusive
  std::optional<double> min_cost, max_cost;
  std::optional<std::int64_t> min_tokens, max_tokens;
  std::optional<std::int64_t> min_errors;
  std::optional<std::string> parent;  // those that this session started
  SessionSort sort = SessionSort::started;
  Direction direction = Direction::descending;
  std::optional<SessionPlace> after;  // exclusive, in the order of the list
  std::int64_t offset = 0;            // behind `after`
  std::int64_t limit = 20;
};

struct SearchQuery {
  SearchText text;
  SessionQuery sessions;  // only its filters count
  SearchOrder order = SearchOrder::newest;
  LogNumber before = 0;  // 0: from the newest on
  std::int64_t limit = 20;
  std::function<bool()> time_is_up = {};  // asked at each text; the page ends there
};

struct SessionPage {
  std::vector<model::Session> sessions;
  std::int64_t total = 0;            ///< of all pages
  std::optional<SessionPlace> next;  ///< nothing at the end of the list
  LogNumber as_of = 0;               ///< the page shows the log up to here: stream on from this number
};

/// How many sessions carry a value.
struct TagCount {
  std::string value;
  std::int64_t sessions = 0;
};

/// The most frequent values, most frequent first.
struct Facets {
  std::vector<TagCount> statuses, sources, modes, agent_types, models, machines;
};

struct SessionDetail {
  model::Session session;
  LogNumber as_of = 0;
};

/// A place between messages: messages are ordered by (sequence, log number).
struct MessagePlace {
  std::int64_t sequence = 0;
  LogNumber number = 0;

  /// Behind every message with that sequence number.
  static MessagePlace end_of(std::int64_t sequence) {
    return {sequence, std::numeric_limits<LogNumber>::max()};
  }
};

struct MessageQuery {
  std::string session_id = {};
  std::optional<MessagePlace> after = {};   // exclusive
  std::optional<MessagePlace> before = {};  // exclusive
  Direction direction =
      Direction::ascending;  // from which end the limit counts; the answer is always oldest first
  std::int64_t limit = 100;
};

struct MessagePage {
  std::vector<model::Message> messages;  // oldest first
  std::int64_t total = 0;                // of the session
  bool more_before = false;
  bool more_after = false;
  LogNumber as_of = 0;
};

/// What a rail beside the transcript needs of a message.
struct OutlineItem {
  std::int64_t sequence = 0;
  std::string message_id, agent_id, agent_name, agent_type, role;
  base::Timestamp at;
  model::OptionalInt tokens;
  model::OptionalDouble cost;
  model::OptionalInt duration_ms;
  std::string head;    ///< the first characters of its content
  bool error = false;  ///< a conversation.error was logged right behind it
};

struct Outline {
  std::vector<OutlineItem> items;  // oldest first
  std::int64_t total = 0;          // of the session
};

struct OutlineQuery {
  std::string session_id;
  std::int64_t after_sequence = -1;  // exclusive
  std::int64_t limit = 5000;
};

/// A message that holds a text.
struct Finding {
  std::int64_t sequence = 0;
  std::string message_id;
  std::int64_t count = 0;
};

struct Findings {
  std::vector<Finding> hits;  // oldest first
  std::int64_t total = 0;     // messages that hold it, beyond the limit too
};

struct LogQuery {
  LogNumber after = 0;          // exclusive
  LogNumber until = 0;          // inclusive; 0: no bound
  std::string session_id = {};  // empty: all
  std::int64_t limit = 500;
};

/// A key at rest: only its digest is stored.
struct Key {
  std::string id;  // public handle, "k_…"
  std::string name;
  std::string masked;  // "ap_live_…abcd"
  base::Digest digest{};
  bool can_ingest = false;
  bool can_read = false;
  bool can_admin = false;
  base::Timestamp created_at;
  std::optional<base::Timestamp> expires_at;
  std::optional<base::Timestamp> revoked_at;
  std::optional<base::Timestamp> last_used_at;
};
struct KeyUse {
  std::string id;
  base::Timestamp at;
};

/// A link that shows one session to whoever has it; at rest only the digest of its token.
struct Share {
  enum class Mode : unsigned char { live, frozen };
  std::string id;  // public handle, "s_…"
  std::string session_id;
  base::Digest digest{};
  Mode mode = Mode::live;
  LogNumber until = 0;   ///< frozen: shows the log up to here
  std::string snapshot;  ///< frozen: the session object as it was; else empty
  base::Timestamp created_at;
  std::optional<base::Timestamp> expires_at;
  std::optional<base::Timestamp> revoked_at;
  std::optional<base::Timestamp> last_used_at;
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

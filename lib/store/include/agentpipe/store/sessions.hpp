#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agentpipe/base/time.hpp"
#include "agentpipe/model/logged.hpp"
#include "agentpipe/model/records.hpp"
#include "agentpipe/store/direction.hpp"

namespace agentpipe::store {

using model::LogNumber;

enum class SessionSort : unsigned char { started, updated, cost, tokens, messages, duration, name };

/// A place in a list of sessions: what it is sorted by, then the store's own number of the session. Times are
/// milliseconds.
struct SessionPlace {
  using Value = std::variant<std::int64_t, double, std::string>;
  Value value;
  std::int64_t number = 0;
};

/// Of the type that places of such a list have.
[[nodiscard]] inline SessionPlace::Value blank_value(SessionSort sort) {
  if (sort == SessionSort::cost) return 0.0;
  if (sort == SessionSort::name) return std::string();
  return std::int64_t{0};
}

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

}  // namespace agentpipe::store
